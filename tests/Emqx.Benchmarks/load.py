#!/usr/bin/env python3
"""Message rates and CPU time beside another broker, in the same run: alone, and with 10,000 idle subscribers.

    ./load.py [--broker mosquitto] [--seconds 4] [--only fan-in] [--tool "dotnet …/Load.dll"] [--idle 10000] [--no-idle]

Beside mosquitto it prints the ratios and what is asked of them, and fails where one is missed. --broker mqttnet compares with MQTTnet's own
MqttServer instead (docs/decisions/0012); nothing is asked there. --tool runs another load generator that takes the same arguments (without the word load).
"""
import argparse
import re
import subprocess
import sys

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
IDLE_AT_LEAST = 0.75


BROKERS = {"mosquitto": server.Mosquitto, "mqttnet": server.MqttNet}
# As mosquitto is set here: no bound on what is in flight, a long queue.
OURS = {"EMQX_MQTT__MAX_INFLIGHT": "65535", "EMQX_MQTT__MAX_MQUEUE_LEN": "100000"}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--broker", choices=BROKERS, default="mosquitto", help="what to compare with")
    parser.add_argument("--seconds", type=int, default=4)
    parser.add_argument("--only", default="")
    parser.add_argument("--tool")
    parser.add_argument("--idle", type=int, default=10_000, help="how many idle subscribers")
    parser.add_argument("--no-idle", action="store_true", help="leave out the runs with idle subscribers")
    parser.add_argument("--no-publish", action="store_true", help="measure what is in artifacts/server")
    options = parser.parse_args()
    if not options.no_publish:
        server.publish()
    tool = options.tool.split() if options.tool else server.load_tool() + ["load"]
    more = ["evt=1"] if options.tool else []

    def measure(broker, arguments, idle):
        done = subprocess.run([*tool, f"port={broker.mqtt}", f"pid={broker.process.pid}", f"secs={options.seconds}", "warm=2", f"idle={idle}",
                               *arguments.split(), *(more if "qos=1 pubs" in arguments and "fanout" not in arguments else [])], capture_output=True, text=True)
        found = re.search(r"out/s=\s*(\d+).*cpu_us/msg=\s*(\S+)", done.stdout)
        if not found:
            sys.exit(f"no result: {done.stdout}{done.stderr}")
        return int(found.group(1)), float(found.group(2))

    scenarios = [one for one in SCENARIOS if options.only in one[0]]
    if options.broker == "mosquitto":
        return beside_mosquitto(scenarios, measure, None if options.no_idle else options.idle)
    return beside(options.broker, scenarios, measure, None if options.no_idle else options.idle)


def beside_mosquitto(scenarios, measure, idlers):
    missed = 0
    print(f"| scenario | mosquitto | server | ratio | asked | CPU ratio | asked | with {idlers or 0:,} idle | asked |\n|---|---|---|---|---|---|---|---|---|")
    for name, arguments, least, most in scenarios:
        with server.Mosquitto() as other:
            theirs, their_cpu = measure(other, arguments, 0)
        with server.Server(**OURS) as ours:
            rate, cpu = measure(ours, arguments, 0)
            idle = None if idlers is None else measure(ours, arguments, idlers)[0] / rate
        ratio, cpu_ratio = rate / theirs, cpu / their_cpu
        missed += (ratio < least) + (cpu_ratio > most) + (idle is not None and idle < IDLE_AT_LEAST)
        print(f"| {name} | {theirs:,} ({their_cpu} µs) | {rate:,} ({cpu} µs) | {ratio:.1f} | {least} | {cpu_ratio:.3f} | {most:.3f} | "
              f"{'-' if idle is None else f'{idle:.0%}'} | {IDLE_AT_LEAST:.0%} |", flush=True)
    print("all as asked" if not missed else f"{missed} not as asked")
    return 1 if missed else 0


def beside(broker, scenarios, measure, idlers):
    """Each scenario alone and with idle subscribers, a fresh broker each time; rates with the CPU time of a message."""
    kinds = [0] if idlers is None else [0, idlers]
    print("| scenario | idle | " + f"{broker} | server | ratio | CPU ratio |\n|---|---|---|---|---|---|")
    for name, arguments, *_ in scenarios:
        for idle in kinds:
            with BROKERS[broker]() as other:
                theirs, their_cpu = measure(other, arguments, idle)
            with server.Server(**OURS) as ours:
                rate, cpu = measure(ours, arguments, idle)
            print(f"| {name} | {idle:,} | {theirs:,} ({their_cpu} µs) | {rate:,} ({cpu} µs) | {rate / max(theirs, 1):.1f} | {cpu / their_cpu:.3f} |", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
