#!/usr/bin/env python3
"""Time from process start to 200 on /status and to CONNACK, and memory three seconds later, of the published build with all listeners of the defaults.

    ./start.py [--no-publish] [--image] [--times 10]
"""
import socket
import sys
import threading
import time
import urllib.request

import server

CONNECT = bytes([0x10, 13, 0, 4]) + b"MQTT" + bytes([4, 2, 0, 60, 0, 1]) + b"s"


def until(deed, started, found, name):
    while time.monotonic() - started < 15:
        try:
            deed()
            found[name] = time.monotonic() - started
            return
        except OSError:
            time.sleep(0.001)


def connect(port):
    with socket.create_connection(("127.0.0.1", port), 1) as one:
        one.sendall(CONNECT)
        if one.recv(4)[:1] != b"\x20":
            raise OSError("no CONNACK")


def all_listeners():
    """The listeners that the server opens by default, on free ports."""
    return {f"EMQX_LISTENERS__{kind}__DEFAULT__{key}": value for kind in ("SSL", "WS", "WSS")
            for key, value in (("ENABLE", "true"), ("BIND", f"127.0.0.1:{server.free_port()}"))}


def main():
    if "--no-publish" not in sys.argv:
        server.publish()
    times = int(sys.argv[sys.argv.index("--times") + 1]) if "--times" in sys.argv else 10
    rows = []
    for _ in range(times):
        one, found = server.Server(**all_listeners()), {}
        started = time.monotonic()
        one.launch()
        probes = [threading.Thread(target=until, args=(lambda: urllib.request.urlopen(f"http://127.0.0.1:{one.http}/status", timeout=2), started, found, "status")),
                  threading.Thread(target=until, args=(lambda: connect(one.mqtt), started, found, "connack"))]
        [probe.start() for probe in probes]
        [probe.join() for probe in probes]
        time.sleep(3)
        rows.append((found["status"] * 1000, found["connack"] * 1000, server.resident_kb(one.process.pid) / 1024))
        one.__exit__()
    least = (320, 320, 78) if server.IMAGE else (450, 450, 85)
    for i, (name, unit) in enumerate((("/status 200", "ms"), ("CONNACK", "ms"), ("resident when idle", "MB"))):
        values = sorted(row[i] for row in rows)
        print(f"{name}: median {values[len(values) // 2]:.0f} {unit}, worst {values[-1]:.0f} {unit} of {times} starts (at most {least[i]})")
    return 0


if __name__ == "__main__":
    sys.exit(main())
