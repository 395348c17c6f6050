#!/usr/bin/env python3
"""Pages through /clients while 2,000 clients a second come and go, and checks that no answer is wrong.

    ./churn.py [--no-publish] [--seconds 20]

A walk with the cursor shows no client twice and misses none that stayed; hasnext never lies; the count matches in the end.
"""
import subprocess
import sys
import time

import server

STAY = 1000


def walk_cursor(one, wrong):
    seen, cursor = [], None
    while True:
        status, body = one.call("GET", "/clients_v2?limit=100" + (f"&cursor={cursor}" if cursor else ""))
        if status != 200:
            wrong.append(f"cursor: {status} {body}")
            return seen
        seen += [row["clientid"] for row in body["data"]]
        cursor = body["meta"].get("cursor")
        if cursor and len(body["data"]) < 100:
            wrong.append(f"cursor: {len(body['data'])} rows though more follow")
        if not cursor:
            return seen


def walk_pages(one, wrong):
    page = 1
    while True:
        status, body = one.call("GET", f"/clients?limit=100&page={page}")
        if status != 200:
            wrong.append(f"page {page}: {status} {body}")
            return
        rows = [row["clientid"] for row in body["data"]]
        if len(rows) != len(set(rows)):
            wrong.append(f"page {page}: a client twice")
        if body["meta"]["hasnext"] and len(rows) < 100:
            wrong.append(f"page {page}: hasnext with {len(rows)} rows")
        if not body["meta"]["hasnext"]:
            return
        page += 1


def main():
    if "--no-publish" not in sys.argv:
        server.publish()
    seconds = int(sys.argv[sys.argv.index("--seconds") + 1]) if "--seconds" in sys.argv else 20
    tool, wrong, walks = server.load_tool(), [], 0
    with server.Server() as one:
        common = [f"port={one.mqtt}", f"pid={one.process.pid}"]
        holder = subprocess.Popen([*tool, "idle", f"idle={STAY}", "secs=1", *common], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        holder.stdout.readline()
        churn = subprocess.Popen([*tool, "churn", f"secs={seconds}", *common], stdout=subprocess.PIPE, text=True)
        while churn.poll() is None:
            seen = walk_cursor(one, wrong)
            if len(seen) != len(set(seen)):
                wrong.append(f"cursor: {len(seen) - len(set(seen))} clients twice")
            stayed = sum(1 for client in set(seen) if client.startswith("idle"))
            if stayed != STAY:
                wrong.append(f"cursor: {stayed} of {STAY} that stayed")
            walk_pages(one, wrong)
            walks += 1
        time.sleep(1)
        meta = one.call("GET", "/clients?limit=1")[1]["meta"]
        if meta["count"] != STAY:
            wrong.append(f"count {meta['count']} instead of {STAY} in the end")
        print(churn.stdout.read().strip())
        holder.communicate("")
    print(f"{walks} walks, {len(wrong)} wrong", *wrong[:10], sep="\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
