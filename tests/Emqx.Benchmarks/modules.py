#!/usr/bin/env python3
"""What modules cost: retained and delayed messages in numbers, a trace, a scrape, and all modules switched on.

    ./modules.py [--no-publish] [--only retained|delayed|trace|scrape|on] [--runs 5]
"""
import argparse
import re
import socket
import statistics
import struct
import subprocess
import sys
import threading
import time
import urllib.parse
import urllib.request

import load
import server

MILLION = 1_000_000
FAN_IN = "mode=fanin qos=1 pubs=8 batch=16 window=20000"
ALL_ON = """
delayed { enable = true }
rewrite = [{ action = all, source_topic = "never/#", re = "^never/(.+)$", dest_topic = "other/$1" }]
topic_metrics = [{ topic = "never/seen" }]
slow_subs { enable = true, threshold = "500ms" }
auto_subscribe { topics = [{ topic = "c/${clientid}" }] }
prometheus { collectors { vm_system_info = enabled } }
conn_congestion { enable_alarm = true }
flapping_detect { enable = true }
"""


def word(text):
    raw = text.encode()
    return struct.pack(">H", len(raw)) + raw


def packet(first, body):
    length, head = len(body), bytearray([first])
    while True:
        length, digit = divmod(length, 128)
        head.append(digit | (128 if length else 0))
        if not length:
            return bytes(head) + body


class Client:
    """As much of MQTT 3.1.1 as these measurements need."""

    def __init__(self, port, name):
        self.socket = socket.create_connection(("127.0.0.1", port), 30)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.file = self.socket.makefile("rb", 1 << 16)
        self.socket.sendall(packet(0x10, word("MQTT") + bytes([4, 2, 0, 0]) + word(name)))
        self.read()

    def read(self):
        first, length, shift = self.file.read(1)[0], 0, 0
        while True:
            digit = self.file.read(1)[0]
            length |= (digit & 127) << shift
            shift += 7
            if digit < 128:
                return first, self.file.read(length)

    def subscribe(self, topic, qos=0):
        self.socket.sendall(packet(0x82, struct.pack(">H", 1) + word(topic) + bytes([qos])))
        while self.read()[0] != 0x90:
            pass

    def ping(self):
        begun = time.perf_counter()
        self.socket.sendall(b"\xc0\x00")
        while self.read()[0] != 0xD0:
            pass
        return time.perf_counter() - begun

    def close(self):
        self.socket.close()


def publish_all(client, topics, payload, retain, qos=1):
    """A thousand at a time; all are handled when it returns."""
    first = 0x30 | qos << 1 | (1 if retain else 0)
    batch = []

    def flush():
        client.socket.sendall(b"".join(batch))
        for _ in batch if qos else ():
            client.read()
        client.ping()
        batch.clear()

    for i, topic in enumerate(topics):
        batch.append(packet(first, word(topic) + (struct.pack(">H", i % 60_000 + 1) if qos else b"") + payload))
        if len(batch) == 1000:
            flush()
    flush()


def timed(what):
    begun = time.perf_counter()
    what()
    return (time.perf_counter() - begun) * 1000


def retained(_):
    """A million of 100 bytes: memory, a wildcard that matches 100, pages, and a restart from disk."""
    topics = [f"r/{a}/{b}/{c}" for a in range(1000) for b in range(10) for c in range(100)]
    for kind in ("ram", "disc"):
        one = server.Server(EMQX_RETAINER__BACKEND__STORAGE_TYPE=kind, EMQX_RETAINER__DELIVERY_RATE='"infinity"').start()
        client = Client(one.mqtt, "filler")
        qos = 1 if kind == "ram" else 0  # with disc each acknowledgement of a client waits for the disk before its next message is taken
        took = timed(lambda: publish_all(client, topics, b"x" * 100, True, qos)) / 1000
        publish_all(client, ["r/last"], b"x", True)
        client.close()
        time.sleep(15)
        print(f"{kind}: {MILLION / took:,.0f} retained a second (QoS {qos}), {server.resident_kb(one.process.pid) / 1024:.0f} MB resident (at most 600)")
        reads(one, kind)
        if kind == "disc":
            one.kill()
            begun = time.perf_counter()
            one.launch()
            one.wait(120)
            count = one.call("GET", "/mqtt/retainer/messages?limit=1")[1]["meta"]["count"]
            print(f"disc: {count:,} messages {time.perf_counter() - begun:.1f} s after the start that follows kill -9 (at most 15)")
        one.__exit__()


def reads(one, kind):
    waits = []
    for i in range(20):
        client = Client(one.mqtt, f"reader{i}")
        client.socket.sendall(packet(0x82, struct.pack(">H", 1) + word(f"r/{i * 7}/3/+") + b"\0"))
        begun, left = time.perf_counter(), 100
        while left:
            left -= client.read()[0] >> 4 == 3
        waits.append((time.perf_counter() - begun) * 1000)
        client.close()
    print(f"{kind}: a wildcard that matches 100: {statistics.median(waits):.1f} ms, worst {max(waits):.1f} (at most 5)")
    for path in ("page=1&limit=100", "page=5000&limit=100", "page=10&limit=1000", f"topic={urllib.parse.quote('r/5/+/7')}", f"topic={urllib.parse.quote('+/5/5/5')}"):
        pages = [timed(lambda: one.call("GET", f"/mqtt/retainer/messages?{path}")) for _ in range(10)]
        print(f"{kind}: /mqtt/retainer/messages?{path}: {statistics.median(pages):.1f} ms, worst {max(pages):.1f} (at most 10)")


def delayed(_):
    """100,000 due within one second: how late they are, and what a PING beside them takes."""
    with server.Server(EMQX_DELAYED__ENABLE="true", EMQX_MQTT__MAX_INFLIGHT="65535", EMQX_MQTT__MAX_MQUEUE_LEN="200000") as one:
        reader, beside = Client(one.mqtt, "reader"), Client(one.mqtt, "beside")
        reader.subscribe("d/#")
        due, batch, publisher = int(time.time()) + 45, 2000, Client(one.mqtt, "publisher")
        for begin in range(0, 100_000, batch):
            publish_all(publisher, (f"$delayed/{due}/d/{i}" for i in range(begin, begin + batch)), b"x" * 20, False)
        print(f"100,000 are there {due - time.time():.0f} s before they are due")
        late, pings, over = [], [], threading.Event()

        def ping():
            while not over.is_set():
                pings.append(beside.ping() * 1000)
                time.sleep(0.005)

        threading.Thread(target=ping, daemon=True).start()
        while len(late) < 100_000:
            if reader.read()[0] >> 4 == 3:
                late.append(time.time() - due)
        over.set()
        late.sort(), pings.sort()
        print(f"late: p50 {late[50_000]:.2f} s, p99 {late[99_000]:.2f} (at most 1), worst {late[-1]:.2f}, earliest {late[0]:.2f}; "
              f"PING beside: p99 {pings[len(pings) * 99 // 100]:.1f} ms, worst {pings[-1]:.1f}")


def rate(one, arguments, warm=1):
    done = subprocess.run([str(server.compiled("load")), f"port={one.mqtt}", f"pid={one.process.pid}", "secs=2", f"warm={warm}", *arguments.split()],
                          capture_output=True, text=True).stdout
    return int(re.search(r"out/s=\s*(\d+)", done).group(1))


def alternate(name, runs, with_it, without, arguments=FAN_IN):
    """Medians of the ratios of two servers (or two states) that take turns."""
    [rate(one, arguments, warm=4) for one in (with_it(), without())]
    ratios = []
    for _ in range(runs):
        first = rate(with_it(), arguments)
        ratios.append(first / rate(without(), arguments))
    print(f"{name}: {statistics.median(ratios):.2f} of the rate without ({', '.join(f'{one:.2f}' for one in ratios)})")


def trace(options):
    """Fan-in with a trace of one of 10,000 clients, and without."""
    with server.Server(**load.OPEN_WINDOW) as one:
        idle = subprocess.Popen([*server.load_tool(), "idle", "idle=10000", "secs=1", f"port={one.mqtt}", f"pid={one.process.pid}"],
                                stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        idle.stdout.readline()
        name = one.call("GET", "/clients?limit=1")[1]["data"][0]["clientid"]

        def on():
            one.call("DELETE", "/trace")
            if one.call("POST", "/trace", {"name": "one", "type": "clientid", "clientid": name})[0] != 200:
                sys.exit("the trace does not start")
            time.sleep(1.5)
            return one

        def off():
            one.call("DELETE", "/trace")
            return one

        alternate("a trace of one client of 10,000", options.runs, on, off)
        idle.stdin.close()
        idle.wait()


def scrape(options):
    """What /prometheus/stats costs beside 10,000 clients."""
    with server.Server() as one:
        idle = subprocess.Popen([*server.load_tool(), "idle", "idle=10000", "secs=1", f"port={one.mqtt}", f"pid={one.process.pid}"],
                                stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        idle.stdout.readline()
        request = urllib.request.Request(f"http://127.0.0.1:{one.http}/api/v5/prometheus/stats", headers={"Authorization": server.authorization()})
        times = [timed(lambda: urllib.request.urlopen(request).read()) for _ in range(200)]
        print(f"a scrape beside 10,000 clients: {statistics.median(times):.1f} ms, worst {max(times[20:]):.1f}")
        idle.stdin.close()
        idle.wait()


def on(options):
    """All modules switched on and idle, beside the defaults."""
    with server.Server(**load.OPEN_WINDOW) as plain:
        full = server.Server(**load.OPEN_WINDOW)
        with full:
            status, answer = full.call("PUT", "/configs", ALL_ON)
            if status != 200:
                sys.exit(f"the modules do not start: {answer}")
            alternate("all modules on", options.runs, lambda: full, lambda: plain)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--no-publish", action="store_true")
    parser.add_argument("--only", default="")
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    if not options.no_publish:
        server.publish()
    for one in (retained, delayed, trace, scrape, on):
        if options.only in one.__name__:
            load.until_quiet()
            one(options)
    return 0


if __name__ == "__main__":
    sys.exit(main())
