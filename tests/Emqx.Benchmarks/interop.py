#!/usr/bin/env python3
"""Runs Eclipse Paho's interoperability suite against the broker.

    ./interop.py RUNNER FOLDER [v3] [v5]

RUNNER is a script that takes FOLDER (the folder `interoperability` of eclipse/paho.mqtt.testing), v3 or v5, a port, and tests.
Everything of v3 passes; of v5 all but subscribe_identifiers: overlapping subscriptions get a copy each, as EMQX does it.
"""
import pathlib
import re
import subprocess
import sys

import server

TESTS = {"v3": "client_test.py", "v5": "client_test5.py"}


def main():
    runner, folder, kinds = sys.argv[1], sys.argv[2], sys.argv[3:] or ["v3", "v5"]
    tool = server.load_tool()

    def run(kind, tests, *settings):
        broker = subprocess.Popen([*tool, "interop", *settings], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        port = broker.stdout.readline().strip()
        subprocess.run([sys.executable, runner, folder, kind, port, *tests])
        broker.communicate("")

    for kind in kinds:
        names = sorted(set(re.findall(r"^    def (test_\w+|testBasic)\(self", (pathlib.Path(folder) / TESTS[kind]).read_text(), re.M)))
        run(kind, [name for name in names if name != "test_server_keep_alive"])
        if "test_server_keep_alive" in names:
            run(kind, ["test_server_keep_alive"], "60")


if __name__ == "__main__":
    sys.exit(main())
