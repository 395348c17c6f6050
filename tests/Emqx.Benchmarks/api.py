#!/usr/bin/env python3
"""Requests a second of the management API with 10,000 connected clients, by wrk (-t1 -c8) on the same machine.

    ./api.py [--no-publish] [--seconds 4] [--only clients]
"""
import argparse
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time

import server

# name, method, path, body, least requests a second
CALLS = [
    ("clients, first page", "GET", "/clients?limit=100", None, 2000),
    ("clients, page 100", "GET", "/clients?limit=100&page=100", None, 2000),
    ("clients, one", "GET", "/clients/{client}", None, 15000),
    ("clients, like_clientid", "GET", "/clients?like_clientid=999", None, 1000),
    ("clients, username of 100", "GET", "/clients?username=user7", None, 2000),
    ("subscriptions", "GET", "/subscriptions?limit=100", None, 5000),
    ("subscriptions, match_topic", "GET", "/subscriptions?match_topic=idle/77/x", None, 10000),
    ("topics", "GET", "/topics?limit=100", None, 5000),
    ("nodes", "GET", "/nodes", None, 10000),
    ("stats", "GET", "/stats", None, 10000),
    ("metrics", "GET", "/metrics", None, 10000),
    ("publish", "POST", "/publish", '{"topic":"none/1","payload":"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef","qos":0}', 15000),
    ("publish, 1,000 at once", "POST", "/publish/bulk",
     "[" + ",".join(['{"topic":"none/1","payload":"0123456789abcdef","qos":0}'] * 1000) + "]", 200),
]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=int, default=4)
    parser.add_argument("--only", default="")
    parser.add_argument("--no-publish", action="store_true")
    options = parser.parse_args()
    if not shutil.which("wrk"):
        sys.exit("wrk is missing: apt-get install wrk")
    if not options.no_publish:
        server.publish()
    tool, missed = server.load_tool(), 0
    with server.Server() as one:
        holder = subprocess.Popen([*tool, "idle", "idle=10000", "users=1", "secs=1", f"port={one.mqtt}", f"pid={one.process.pid}"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        print(holder.stdout.readline().strip())
        client = one.call("GET", "/clients?limit=1")[1]["data"][0]["clientid"]
        print("| call | requests/s | asked | p99 |\n|---|---|---|---|")
        for name, method, path, body, least in CALLS:
            if options.only not in name:
                continue
            rate, p99 = wrk(one, method, path.format(client=client), body, options.seconds)
            missed += rate < least
            print(f"| {name} | {rate:,.0f} | {least:,} | {p99} |", flush=True)
        started = time.monotonic()
        rows = len(one.call("GET", "/clients?limit=10000")[1]["data"])
        print(f"clients?limit=10000: {rows} rows in {(time.monotonic() - started) * 1000:.0f} ms with decoding (asked: 100 without)")
        holder.communicate("")
    return 1 if missed else 0


def wrk(one, method, path, body, seconds):
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(f'wrk.method = "{method}"\nwrk.headers["Authorization"] = "{server.authorization()}"\nwrk.headers["Content-Type"] = "application/json"\n')
        if body:
            script.write(f"wrk.body = [==[{body}]==]\n")
        script.flush()
        text = subprocess.run(["wrk", "-t1", "-c8", f"-d{seconds}s", "--latency", "-s", script.name, f"http://127.0.0.1:{one.http}/api/v5{path}"],
                              capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in text:
        print(re.search(r"Non-2xx.*", text).group(0))
    return float(re.search(r"Requests/sec:\s+([\d.]+)", text).group(1)), re.search(r"99%\s+(\S+)", text).group(1)


if __name__ == "__main__":
    sys.exit(main())
