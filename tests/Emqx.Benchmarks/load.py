#!/usr/bin/env python3
"""Message rates and CPU time beside another broker, alternating in one run, medians of the runs.

    ./load.py [--broker mosquitto] [--runs 1] [--seconds 4] [--only fan-in] [--bursts] [--relay] [--default-window] [--idle 10000] [--no-idle]

Beside mosquitto it prints the ratios and what is asked of them, and fails where one is missed. --broker mqttnet compares with MQTTnet's own MqttServer
(docs/decisions/0012), --broker "PROGRAM … {port}" with any other; where its port stands in a file, --config FILE is that file with {port} in it, and
{config} its place in the command. --relay adds what a program that knows nothing but topics passes on (relay.c): the ceiling of the generator.
--bursts takes the scenarios in which traffic comes in bursts instead. --default-window leaves the inflight window and the queue as the server has them by default.
"""
import argparse
import contextlib
import pathlib
import re
import shlex
import statistics
import subprocess
import sys
import time

import server

# name, arguments, least ratio of rates, largest ratio of CPU time a message
SCENARIOS = [
    ("QoS 0 fan-in 4", "mode=fanin qos=0 pubs=4 batch=16", 12, 1 / 6),
    ("QoS 1 fan-in 8", "mode=fanin qos=1 pubs=8 batch=16 window=20000", 10, 1 / 6),
    ("QoS 0 fan-out 100", "mode=fanout qos=0 pubs=1 subs=100 batch=1 window=200", 18, 1 / 6),
    ("QoS 1 fan-out 100", "mode=fanout qos=1 pubs=1 subs=100 batch=1 window=200", 7, 1 / 6),
    ("QoS 0 pairs 50", "mode=pairs qos=0 pubs=50 batch=1", 4.5, 1 / 3),
    ("QoS 1 pairs 50", "mode=pairs qos=1 pubs=50 batch=1 ackwin=8 window=20000", 2.2, 1 / 3),
]
BURSTS = [
    ("burst: QoS 0 fan-in 4, batch 16", "mode=fanin qos=0 pubs=4 batch=16 window=10000"),
    ("burst: QoS 0 fan-in 4, batch 64", "mode=fanin qos=0 pubs=4 batch=64 window=10000"),
    ("burst: QoS 0 fan-out 100, batch 16", "mode=fanout qos=0 pubs=1 subs=100 batch=16 window=1000"),
]
IDLE_AT_LEAST = 0.75

# As mosquitto is set here: no bound on what is in flight, a long queue.
OPEN_WINDOW = {"EMQX_MQTT__MAX_INFLIGHT": "65535", "EMQX_MQTT__MAX_MQUEUE_LEN": "100000"}


def main():
    parser = comparison(__doc__)
    parser.add_argument("--bursts", action="store_true")
    parser.add_argument("--relay", action="store_true")
    parser.add_argument("--idle", type=int, default=10_000, help="how many idle subscribers")
    parser.add_argument("--no-idle", action="store_true", help="leave out the runs with idle subscribers")
    options = parsed(parser)
    scenarios = [one for one in (BURSTS if options.bursts else SCENARIOS) if options.only in one[0]]
    return compare(options, scenarios, Generator(options), brokers(options))


def comparison(text):
    """The options of a script that compares the server with another broker."""
    parser = argparse.ArgumentParser(description=text, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--broker", default="mosquitto", help="what to compare with: mosquitto, mqttnet, or a command")
    parser.add_argument("--config", help="a file with {port} in it, for {config} in the command")
    parser.add_argument("--runs", type=int, default=1, help="of each broker, alternating")
    parser.add_argument("--seconds", type=int, default=4)
    parser.add_argument("--only", default="")
    parser.add_argument("--default-window", action="store_true", help="EMQX's own bounds: 32 messages in flight, 1,000 in the queue")
    parser.add_argument("--no-publish", action="store_true", help="measure what is in artifacts/server")
    return parser


def parsed(parser):
    options = parser.parse_args()
    if not options.no_publish:
        server.publish()
    return options


class Generator:
    """load.c, which prints what it has measured of a broker."""

    def __init__(self, options):
        self.command, self.seconds = str(server.compiled("load")), options.seconds

    def measure(self, broker, arguments, idle):
        """Messages out a second, and the broker's CPU time of one in microseconds."""
        done = subprocess.run([self.command, f"port={broker.mqtt}", f"pid={broker.process.pid}", f"secs={self.seconds}", "warm=2", f"idle={idle}",
                               *arguments.split()], capture_output=True, text=True)
        found = re.search(r"out/s=\s*(\d+).*cpu_us/msg=\s*(\S+)", done.stdout)
        if not found:
            sys.exit(f"no result: {done.stdout}{done.stderr}")
        return int(found.group(1)), float(found.group(2))


def brokers(options):
    """How each is started, by name: the other one, the server, the relay."""
    window = {} if options.default_window else OPEN_WINDOW
    name, other = {"mosquitto": ("mosquitto", server.Mosquitto), "mqttnet": ("MqttServer", server.MqttNet)}.get(
        options.broker, (pathlib.PurePath(shlex.split(options.broker)[0]).name, lambda: server.Program(options.broker, options.config)))
    found = {name: other, "server": lambda: server.Server(**window)}
    if getattr(options, "relay", False):
        found["relay"] = server.Relay
    return found


def until_quiet():
    """Until the machine has been idle for half a second, or half a minute is over."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        busy, whole = cpu_ticks()
        time.sleep(0.5)
        now_busy, now_whole = cpu_ticks()
        if now_busy - busy <= 0.1 * (now_whole - whole):
            return


def cpu_ticks():
    with open("/proc/stat") as stat:
        ticks = [int(one) for one in stat.readline().split()[1:]]
    return sum(ticks) - ticks[3] - ticks[4], sum(ticks)


def compare(options, scenarios, generator, starters):
    idlers = 0 if options.no_idle else options.idle
    other, asked = next(iter(starters)), options.broker == "mosquitto" and not options.bursts
    print(f"| scenario | {' | '.join(starters)} | ratio |{' asked |' if asked else ''} CPU ratio |{' asked |' if asked else ''} with {idlers:,} idle |")
    print("|---" * (len(starters) + (6 if asked else 4)) + "|")
    missed = 0
    for name, arguments, *bounds in scenarios:
        rates, idle = runs_of(options.runs, arguments, idlers, generator, starters)
        rate, cpu = {key: rates[key][0] for key in rates}, {key: rates[key][1] for key in rates}
        ratio, cpu_ratio = rate["server"] / max(rate[other], 1), cpu["server"] / cpu[other]
        least, most = bounds or (0, 9)
        told = [f"{rate[key]:,.0f} ({cpu[key]:.2f} µs)" for key in starters]
        told += [f"{ratio:.1f}", *([f"{least}"] if asked else []), f"{cpu_ratio:.3f}", *([f"{most:.3f}"] if asked else []), "-" if idle is None else f"{idle:.0%}"]
        missed += asked and (ratio < least) + (cpu_ratio > most) + (idle is not None and idle < IDLE_AT_LEAST)
        print(f"| {name} | {' | '.join(told)} |", flush=True)
    if asked:
        print("all as asked" if not missed else f"{missed} not as asked")
    return 1 if missed else 0


def runs_of(runs, arguments, idlers, generator, starters):
    """Medians of rate and CPU time for each broker, a fresh one each time; and the server's share of its rate beside idle subscribers."""
    found, beside = {key: [] for key in starters}, []
    for run in range(runs):
        for key in starters if run % 2 == 0 else reversed(starters):
            until_quiet()
            with contextlib.ExitStack() as stack:
                broker = stack.enter_context(starters[key]())
                found[key].append(generator.measure(broker, arguments, 0))
                if key == "server" and idlers:
                    beside.append(generator.measure(broker, arguments, idlers)[0] / found[key][-1][0])
    medians = {key: tuple(statistics.median(one[i] for one in found[key]) for i in (0, 1)) for key in starters}
    return medians, statistics.median(beside) if beside else None


if __name__ == "__main__":
    sys.exit(main())
