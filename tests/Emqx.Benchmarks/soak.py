#!/usr/bin/env python3
"""Attackers in turn beside honest clients: nothing of theirs is lost, none waits, memory comes back, the log stays short.

    ./soak.py --attacks DIR [--minutes 30] [--clients 1000] [--image] [--no-publish]

DIR holds scripts that are called as NN-name.py HTTP_PORT MQTT_PORT KEY SECRET PID. Those that end the server are left out.
"""
import argparse
import asyncio
import itertools
import multiprocessing
import pathlib
import re
import struct
import subprocess
import sys
import tempfile
import time
import urllib.request

import server

ENDS_THE_SERVER = ("20-",)
PERIOD = 2.0  # seconds between two messages of a publisher


def packet(kind, body):
    length, head = len(body), bytearray([kind])
    while True:
        digit, length = length % 128, length // 128
        head.append(digit | (0x80 if length else 0))
        if not length:
            return bytes(head) + body


def text(value):
    return struct.pack(">H", len(value)) + value.encode()


class Client:
    """An MQTT 3.1.1 client that counts what it gets."""

    def __init__(self, port, name):
        self.port, self.name, self.is_open, self.seen, self.acked = port, name, False, [], 0

    async def connect(self):
        self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port)
        self.writer.write(packet(0x10, text("MQTT") + bytes([4, 2, 0, 60]) + text(self.name)))
        assert (await self.read())[0] == 0x20
        self.is_open = True

    async def read(self):
        head, length, shift = (await self.reader.readexactly(1))[0], 0, 0
        while True:
            digit = (await self.reader.readexactly(1))[0]
            length |= (digit & 0x7F) << shift
            shift += 7
            if not digit & 0x80:
                return head, await self.reader.readexactly(length)

    async def run(self):
        try:
            while True:
                head, body = await self.read()
                if head >> 4 == 3:
                    at = 2 + struct.unpack(">H", body[:2])[0]
                    self.writer.write(b"\x40\x02" + body[at:at + 2])
                    self.seen.append(int(body[at + 2:]))
                elif head >> 4 == 4:
                    self.acked += 1
        except (OSError, asyncio.IncompleteReadError):
            self.is_open = False


async def honest(port, pairs, stop, result):
    """Pairs of a publisher and a subscriber, QoS 1 from end to end."""
    makers = [Client(port, f"soak-p{i}") for i in range(pairs)]
    takers = [Client(port, f"soak-s{i}") for i in range(pairs)]
    for one in makers + takers:
        await one.connect()
    for i, one in enumerate(takers):
        one.writer.write(packet(0x82, b"\0\1" + text(f"soak/{i}") + b"\1"))
        await one.read()
    tasks = [asyncio.create_task(one.run()) for one in makers + takers]
    result["ready"] = True
    sent = 0
    while not stop.is_set():
        started = time.monotonic()
        for i, one in enumerate(makers):
            if one.is_open:
                one.writer.write(packet(0x32, text(f"soak/{i}") + struct.pack(">H", sent % 65535 + 1) + str(sent).encode()))
            if i % 50 == 0:
                await asyncio.sleep(0)
        for one in takers:
            one.writer.write(b"\xc0\x00")
        sent += 1
        await asyncio.sleep(max(0.05, PERIOD - (time.monotonic() - started)))
    await asyncio.sleep(10)
    result["sent"] = sent
    result["cut"] = sum(not one.is_open for one in makers + takers)
    result["unacked"] = sum(sent - one.acked for one in makers)
    result["lost"] = sum(len(set(range(sent)) - set(one.seen)) for one in takers)
    result["out of order"] = sum(one.seen != sorted(one.seen) for one in takers)
    [task.cancel() for task in tasks]


def run_honest(port, pairs, stop, result):
    asyncio.run(honest(port, pairs, stop, result))


async def ping(port, stop, result):
    clients = [Client(port, f"soak-ping{i}") for i in range(10)]
    for one in clients:
        await one.connect()
    worst, times = 0, []
    while not stop.is_set():
        for one in clients:
            started = time.monotonic()
            one.writer.write(b"\xc0\x00")
            await one.read()
            took = time.monotonic() - started
            times.append(took)
            if took > worst:
                worst = took
                result["worst at"] = time.strftime("%H:%M:%S")
        result["worst"] = worst
        await asyncio.sleep(0.2)
    times.sort()
    result["p99"] = times[len(times) * 99 // 100]
    result["count"] = len(times)


def run_ping(port, stop, result):
    asyncio.run(ping(port, stop, result))


def run_status(port, stop, result):
    """GET /status, five times a second."""
    times = []
    while not stop.is_set():
        started = time.monotonic()
        urllib.request.urlopen(f"http://127.0.0.1:{port}/status", timeout=10).read()
        times.append(time.monotonic() - started)
        time.sleep(0.2)
    times.sort()
    result["p99"], result["worst"] = times[len(times) * 99 // 100], times[-1]


async def forget_retained(port):
    """Takes back what attackers have had retained."""
    one = Client(port, "soak-janitor")
    await one.connect()
    one.writer.write(packet(0x82, b"\0\1" + text("#") + b"\0"))
    topics, last = [], time.monotonic()
    while time.monotonic() - last < 2:
        try:
            head, body = await asyncio.wait_for(one.read(), 3)
        except asyncio.TimeoutError:
            break
        if head >> 4 == 3 and head & 1:
            topics.append(body[2:2 + struct.unpack(">H", body[:2])[0]].decode())
            last = time.monotonic()
    for topic in topics:
        if not topic.startswith("$"):
            one.writer.write(packet(0x31, text(topic)))
            await one.writer.drain()
    one.writer.write(b"\xc0\x00")
    await one.writer.drain()
    await asyncio.sleep(0.5)
    one.writer.close()
    return len(topics)


def clean_up(one):
    asyncio.run(forget_retained(one.mqtt))
    rows = one.call("GET", "/clients?limit=10000&fields=clientid")[1]["data"]
    for row in rows:
        if not row["clientid"].startswith("soak-"):
            one.call("DELETE", "/clients/" + row["clientid"])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--attacks", required=True, type=pathlib.Path)
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--clients", type=int, default=1000)
    parser.add_argument("--no-publish", action="store_true")
    parser.add_argument("--image", action="store_true")
    options = parser.parse_args()
    if not options.no_publish:
        server.publish()
    scripts = [one for one in sorted(options.attacks.glob("[0-9]*.py")) if not one.name.startswith(ENDS_THE_SERVER)]
    manager = multiprocessing.Manager()
    stop, traffic, pings, answers = manager.Event(), manager.dict(), manager.dict(worst=0), manager.dict()
    with server.Server() as one:
        helpers = [multiprocessing.Process(target=run_honest, args=(one.mqtt, options.clients // 2, stop, traffic)),
                   multiprocessing.Process(target=run_ping, args=(one.mqtt, stop, pings)),
                   multiprocessing.Process(target=run_status, args=(one.http, stop, answers))]
        [helper.start() for helper in helpers]
        while "ready" not in traffic:
            time.sleep(0.1)
        clean_up(one)  # what it will ask between the attackers: the first calls of an API load code that stays
        time.sleep(30)
        before = server.resident_kb(one.process.pid) / 1024
        print(f"{options.clients} honest clients, {before:.0f} MB resident", flush=True)
        end = time.monotonic() + options.minutes * 60
        for script in itertools.cycle(scripts):
            if time.monotonic() > end:
                break
            started = time.monotonic()
            with tempfile.TemporaryFile("w+") as told:
                try:
                    code = subprocess.run([sys.executable, str(script), str(one.http), str(one.mqtt), server.KEY, server.SECRET, str(one.process.pid)], cwd=script.parent,
                                          stdout=told, stderr=told, timeout=240, env={**one.environment, "PYTHONDONTWRITEBYTECODE": "1"}).returncode
                except subprocess.TimeoutExpired:
                    code = "no end"
                told.seek(0)
                bad = " ".join(re.findall(r"^BAD .*$", told.read(), re.M))
            if one.process.poll() is not None:
                raise SystemExit(f"{script.name}: the server has ended with {one.process.returncode}")
            print(f"{time.strftime('%H:%M:%S')} {script.name}: {code}, {time.monotonic() - started:.0f} s, {server.resident_kb(one.process.pid) / 1024:.0f} MB, worst ping {pings['worst'] * 1000:.0f} ms {bad}", flush=True)
            clean_up(one)
        time.sleep(240)  # the last of what is kept for reuse goes after this
        after = server.resident_kb(one.process.pid) / 1024
        stop.set()
        [helper.join() for helper in helpers]
        log = (one.folder / "server.log").stat().st_size
    print({**traffic}, {**pings})
    failed = [name for name, is_bad in (
        ("messages lost", traffic["lost"] or traffic["unacked"]), ("clients cut", traffic["cut"]), ("a ping above 1 s", pings["worst"] > 1),
        (f"memory {before:.0f} MB before, {after:.0f} MB after", after > before * 1.2), (f"log of {log} bytes", log > 1_000_000)) if is_bad]
    print(f"memory {before:.0f} MB before, {after:.0f} MB after; log {log} bytes; worst ping {pings['worst'] * 1000:.0f} ms, p99 {pings['p99'] * 1000:.1f} ms of {pings['count']}; "
          f"worst /status {answers['worst'] * 1000:.0f} ms, p99 {answers['p99'] * 1000:.1f} ms")
    print("all as asked" if not failed else "not as asked: " + "; ".join(failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
