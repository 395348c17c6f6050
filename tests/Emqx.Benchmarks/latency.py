#!/usr/bin/env python3
"""Latency beside another broker, open loop: every message carries the time at which it was due, at rates that both can keep up with.

    ./latency.py --broker "flashmq --config-file {config}" --config FILE [--runs 5] [--default-window] [--beside idle|churn] [--shares 0.5,0.8]

A rate is the given share of what the other broker can do at most, found first: the highest at which 99 of 100 are not late by more than 50 ms.
Prints medians of p50, p99 and p99.9 and the worst of all runs, in microseconds, and what was delivered.
"""
import re
import statistics
import subprocess
import sys

import load
import server

# Name, arguments, the first rate that is tried.
SCENARIOS = [
    ("QoS 0 pairs 50", "mode=pairs n=50 qos=0", 100_000),
    ("QoS 1 pairs 50", "mode=pairs n=50 qos=1", 40_000),
    ("QoS 0 fan-out 50", "mode=fanout n=50 qos=0", 8_000),
    ("QoS 1 fan-out 50", "mode=fanout n=50 qos=1", 4_000),
    ("QoS 0 fan-in 8", "mode=fanin n=8 qos=0", 100_000),
    ("QoS 1 fan-in 8", "mode=fanin n=8 qos=1", 100_000),
]
STEP = 1.25


def main():
    parser = load.comparison(__doc__)
    parser.add_argument("--beside", choices=("nothing", "idle", "churn"), default="nothing", help="10,000 idle connections, or 1,000 connects and disconnects a second")
    parser.add_argument("--shares", default="0.5,0.8")
    parser.add_argument("--rate", type=float, help="this rate instead")
    options = load.parsed(parser)
    starters = load.brokers(options)
    print(f"| scenario | messages a second | {' | '.join(f'{name}: p50 / p99 / p99.9 / worst, delivered' for name in starters)} |")
    print("|---" * (len(starters) + 2) + "|")
    for name, arguments, first in SCENARIOS:
        if options.only not in name:
            continue
        other = next(iter(starters.values()))
        rates = [options.rate] if options.rate else [share * limit for limit in [most(other, arguments, first)] for share in map(float, options.shares.split(","))]
        for rate in rates:
            found = {key: [] for key in starters}
            for run in range(options.runs):
                for key in starters if run % 2 == 0 else reversed(starters):
                    found[key].append(measure(starters[key], arguments, rate, options))
            print(f"| {name} | {rate:,.0f} | {' | '.join(told(found[key]) for key in starters)} |", flush=True)


def told(runs):
    p50, p99, p999, worst, delivered = zip(*runs)
    return f"{statistics.median(p50):,.0f} / {statistics.median(p99):,.0f} / {statistics.median(p999):,.0f} / {max(worst):,.0f}, {min(delivered):.2%}"


def most(starter, arguments, rate):
    """The highest rate, in steps of a quarter, that the broker keeps up with."""
    with starter() as broker:
        while keeps_up(broker, arguments, rate * STEP):
            rate *= STEP
        while not keeps_up(broker, arguments, rate):
            rate /= STEP
    return rate


def keeps_up(broker, arguments, rate):
    load.until_quiet()
    p50, p99, _, _, delivered = run(broker, arguments, rate, 2)
    return p99 < 50_000 and delivered > 0.99


def measure(starter, arguments, rate, options):
    load.until_quiet()
    with starter() as broker, Beside(broker, options):
        return run(broker, arguments, rate, options.seconds)


def run(broker, arguments, rate, seconds):
    done = subprocess.run([str(server.compiled("latency")), str(broker.mqtt), *arguments.split(), f"rate={rate:.0f}", f"secs={seconds}"], capture_output=True, text=True)
    found = re.search(r"delivered=(\d+) of (\d+) .*p50=(\d+) p99=(\d+) p99.9=(\d+) max=(\d+)", done.stdout)
    if not found:
        sys.exit(f"no result: {done.stdout}{done.stderr}")
    delivered, expected, *times = map(int, found.groups())
    return (*times, delivered / expected)


class Beside:
    """What else the broker has to do."""

    def __init__(self, broker, options):
        common = [f"port={broker.mqtt}", f"pid={broker.process.pid}"]
        self.command = {"idle": ["idle", "idle=10000", "secs=1"], "churn": ["churn", "rate=1000", f"secs={options.seconds + 4}"]}.get(options.beside, [])
        self.process = None
        if self.command:
            self.process = subprocess.Popen([*server.load_tool(), *self.command, *common], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            if self.command[0] == "idle":
                self.process.stdout.readline()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process:
            self.process.communicate("")


if __name__ == "__main__":
    sys.exit(main())
