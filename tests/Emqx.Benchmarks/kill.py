#!/usr/bin/env python3
"""Kills the server (-9) at random moments while API writes run; every write that got its 2xx must be there afterwards: bans, and settings of a listener
that are changed by turns through /listeners and through /configs, which both keep them.

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


class Setting:
    """max_connections of a listener, counted up; and a listener that comes and goes."""

    def __init__(self):
        self.asked = self.sure = 10
        self.writes, self.comes_and_goes = 0, (False,)
        self.extra = {"type": "tcp", "name": "extra", "bind": f"127.0.0.1:{server.free_port()}", "max_connections": 10}
        self.passing = {**self.extra, "name": "passing", "bind": f"127.0.0.1:{server.free_port()}"}

    def write(self, one, stop):
        """Until the server is gone."""
        while not stop.is_set():
            try:
                self.asked = self.sure + 1
                if self.change(one, self.asked) == 200:
                    self.sure, self.writes = self.asked, self.writes + 1
                there = self.comes_and_goes[0]
                self.comes_and_goes = (there, not there)
                self.toggle(one, there)
                self.comes_and_goes, self.writes = (not there,), self.writes + 1
            except (OSError, urllib.error.URLError, ValueError):
                return

    def change(self, one, value):
        if value % 2:
            return one.call("PUT", "/listeners/tcp:extra", {**self.extra, "max_connections": value})[0]
        return one.call("PUT", "/configs", f"listeners.tcp.extra.max_connections = {value}")[0]

    def toggle(self, one, there):
        status, body = one.call("DELETE", "/listeners/tcp:passing") if there else one.call("POST", "/listeners", self.passing)
        if status not in (200, 204):
            raise SystemExit(f"a listener that {'goes' if there else 'comes'} gets {status}: {body}")

    def wrong(self, one):
        """What is not as the writes left it."""
        listeners = {row["id"]: row for row in one.call("GET", "/listeners")[1]}
        kept = listeners.get("tcp:extra", {}).get("status", {}).get("max_connections")
        if kept not in (self.sure, self.asked):
            yield f"max_connections is {kept}, not {self.sure}"
        if ("tcp:passing" in listeners) not in self.comes_and_goes:
            yield f"the listener that comes and goes: there is {'one' if 'tcp:passing' in listeners else 'none'}"
        self.sure, self.comes_and_goes = kept, ("tcp:passing" in listeners,)


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
    folder, kept, gone, wrong, setting = tempfile.mkdtemp(prefix="emqx-kill-"), set(), set(), [], Setting()
    for round_ in range(times):
        one, stop = server.Server(data=folder).start(), threading.Event()
        if round_ == 0:
            one.call("POST", "/listeners", setting.extra)
        writers = [threading.Thread(target=write, args=(one, round_, kept, gone, stop)) for _ in range(4)]
        writers.append(threading.Thread(target=setting.write, args=(one, stop)))
        [writer.start() for writer in writers]
        time.sleep(random.uniform(0.05, 0.6))
        one.kill()
        stop.set()
        [writer.join() for writer in writers]
        with server.Server(data=folder) as again:
            there = banned(again)
            wrong += [f"round {round_}: {what}" for what in setting.wrong(again)]
        wrong += [f"round {round_}: {name} is lost" for name in kept - there.keys()]
        wrong += [f"round {round_}: {name} is back" for name in gone & there.keys()]
        wrong += [f"round {round_}: {name} is half there: {reason}" for name, reason in there.items() if name != reason]
        if wrong:
            break
    shutil.rmtree(folder, ignore_errors=True)
    print(f"{times} kills, {len(kept)} writes kept, {len(gone)} lifted, {setting.writes} settings, {len(wrong)} wrong", *wrong[:10], sep="\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
