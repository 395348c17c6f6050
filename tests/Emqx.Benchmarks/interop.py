#!/usr/bin/env python3
"""Runs Eclipse Paho's interoperability suite against the broker.

    ./interop.py RUNNER FOLDER [v3] [v5]

RUNNER is a script that takes FOLDER (the folder `interoperability` of eclipse/paho.mqtt.testing), v3 or v5, and a port.
Everything of v3 passes; of v5 all but subscribe_identifiers: overlapping subscriptions get a copy each, as EMQX does it.
"""
import subprocess
import sys

import server


def main():
    runner, folder, kinds = sys.argv[1], sys.argv[2], sys.argv[3:] or ["v3", "v5"]
    tool = server.load_tool()
    for kind in kinds:
        broker = subprocess.Popen([*tool, "interop"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        port = broker.stdout.readline().strip()
        subprocess.run([sys.executable, runner, folder, kind, port])
        broker.communicate("")


if __name__ == "__main__":
    sys.exit(main())
