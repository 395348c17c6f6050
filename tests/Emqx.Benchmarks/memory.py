#!/usr/bin/env python3
"""Resident memory of the published server: idle, with 10,000 connections, and under clients that misbehave.

    ./memory.py [--no-publish]
"""
import subprocess
import sys
import time

import server


def main():
    if "--no-publish" not in sys.argv:
        server.publish()
    tool = server.load_tool()

    def run(one, *arguments, **more):
        return subprocess.run([*tool, *arguments, f"port={one.mqtt}", f"pid={one.process.pid}"], capture_output=True, text=True, **more).stdout.strip()

    with server.Server() as one:
        time.sleep(3)
        print(f"resident when idle after start: {server.resident_kb(one.process.pid) / 1024:.1f} MB (at most 90, aim 60)")
        print(run(one, "idle", "idle=10000", "secs=20", input=""), "(at most 4)")
    for arguments in (["stuck", "qos=0"], ["stuck", "qos=1"], ["offline"], ["halfopen"]):
        with server.Server() as one:
            print(run(one, *arguments))
    return 0


if __name__ == "__main__":
    sys.exit(main())
