#!/usr/bin/env python3
"""Kills the server (-9) at random moments while API writes run; every write that got its 2xx must be there afterwards.

    ./kill.py [--no-publish] [--times 50]
"""
import random
import shutil
import sys
import tempfile
import threading
import time
import urllib.error

import server


def write(one, round_, kept, gone, stop):
    """Bans clients and lifts every third ban, until the server is gone."""
    i = 0
    while not stop.is_set():
        name = f"k{round_}-{threading.get_ident()}-{i}"
        try:
            if one.call("POST", "/banned", {"as": "clientid", "who": name, "reason": name})[0] == 200:
                kept.add(name)
            if i % 3 == 2:
                victim = f"k{round_}-{threading.get_ident()}-{i - 1}"
                kept.discard(victim)
                if one.call("DELETE", f"/banned/clientid/{victim}")[0] == 204:
                    gone.add(victim)
        except (OSError, urllib.error.URLError, ValueError):
            return
        i += 1


def banned(one):
    found, page = {}, 1
    while True:
        body = one.call("GET", f"/banned?limit=1000&page={page}")[1]
        found.update({row["who"]: row["reason"] for row in body["data"]})
        if not body["meta"].get("hasnext", page * 1000 < body["meta"].get("count", 0)):
            return found
        page += 1


def main():
    if "--no-publish" not in sys.argv:
        server.publish()
    times = int(sys.argv[sys.argv.index("--times") + 1]) if "--times" in sys.argv else 50
    folder, kept, gone, wrong = tempfile.mkdtemp(prefix="emqx-kill-"), set(), set(), []
    for round_ in range(times):
        one, stop = server.Server(data=folder).start(), threading.Event()
        writers = [threading.Thread(target=write, args=(one, round_, kept, gone, stop)) for _ in range(4)]
        [writer.start() for writer in writers]
        time.sleep(random.uniform(0.05, 0.6))
        one.kill()
        stop.set()
        [writer.join() for writer in writers]
        with server.Server(data=folder) as again:
            there = banned(again)
        wrong += [f"round {round_}: {name} is lost" for name in kept - there.keys()]
        wrong += [f"round {round_}: {name} is back" for name in gone & there.keys()]
        wrong += [f"round {round_}: {name} is half there: {reason}" for name, reason in there.items() if name != reason]
        if wrong:
            break
    shutil.rmtree(folder, ignore_errors=True)
    print(f"{times} kills, {len(kept)} writes kept, {len(gone)} lifted, {len(wrong)} wrong", *wrong[:10], sep="\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
