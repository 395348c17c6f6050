#!/usr/bin/env python3
"""What authentication and authorization cost: CONNECTs a second with 100,000 users and without, their import, and message rates with both chains on.

    ./access.py [--no-publish] [--runs 5]
"""
import argparse
import hashlib
import re
import statistics
import subprocess
import sys
import time
import urllib.request
import uuid

import load
import modules
import server

USERS = 100_000
DATABASE = {"mechanism": "password_based", "backend": "built_in_database", "password_hash_algorithm": {"name": "sha256", "salt_position": "prefix"}}
PATH = "/authentication/password_based:built_in_database"


def cpu(one):
    with open(f"/proc/{one.process.pid}/stat") as stat:
        fields = stat.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / 100


def connects(one, users, seconds=4):
    """CONNECTs a second, and the server's CPU time of one in microseconds."""
    begun = cpu(one)
    told = subprocess.run([str(server.compiled("connects")), f"port={one.mqtt}", f"secs={seconds}", f"users={users}"], capture_output=True, text=True).stdout
    rate, refused, failed = re.search(r"accepted/s=(\d+) refused=(\d+) failed=(\d+)", told).groups()
    if int(refused) or int(failed) > 10:
        sys.exit(f"not everybody came in: {told}")
    return int(rate), (cpu(one) - begun) / (int(rate) * seconds) * 1e6


def import_users(one):
    """100,000 users by CSV, with their hashes."""
    rows = ["user_id,password_hash,salt,is_superuser"]
    for i in range(USERS):
        rows.append(f"user{i},{hashlib.sha256(f'salt{i}pass{i}'.encode()).hexdigest()},salt{i},false")
    mark = uuid.uuid4().hex
    body = (f'--{mark}\r\nContent-Disposition: form-data; name="filename"; filename="users.csv"\r\nContent-Type: text/csv\r\n\r\n' + "\n".join(rows)
            + f"\n\r\n--{mark}--\r\n").encode()
    request = urllib.request.Request(f"http://127.0.0.1:{one.http}/api/v5{PATH}/import_users?type=hash", method="POST", data=body, headers={
        "Authorization": server.authorization(), "Content-Type": f"multipart/form-data; boundary={mark}"})
    begun = time.perf_counter()
    answer = urllib.request.urlopen(request, timeout=120).read().decode()
    print(f"{USERS:,} users imported in {time.perf_counter() - begun:.1f} s (at most 10): {answer}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--no-publish", action="store_true")
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    if not options.no_publish:
        server.publish()
    with server.Server(**load.OPEN_WINDOW) as plain, server.Server(**load.OPEN_WINDOW) as full:
        status, answer = full.call("POST", "/authentication", DATABASE)
        if status != 200:
            sys.exit(f"no authenticator: {answer}")
        before = server.resident_kb(full.process.pid)
        import_users(full)
        print(f"memory: {(server.resident_kb(full.process.pid) - before) / 1024:.0f} MB more right after it")
        found = {"without": [], "with": []}
        for i in range(options.runs + 1):
            for key, one, users in (("without", plain, 0), ("with", full, USERS)):
                measured = connects(one, users)
                found[key] += [measured] if i else []
        for key, all_of in found.items():
            print(f"CONNECTs a second {key} authentication: {statistics.median(rate for rate, _ in all_of):,.0f}, {statistics.median(use for _, use in all_of):.0f} µs of CPU each")
        full.call("DELETE", PATH)
        rules = [{"topic": f"never/{i}", "permission": "allow", "action": "all"} for i in range(50)]
        full.call("POST", "/authorization/sources", {"type": "built_in_database", "enable": True})
        full.call("POST", "/authorization/sources/built_in_database/rules/all", {"rules": rules})
        for name, arguments, *_ in load.SCENARIOS:
            modules.alternate(f"{name}, rules asked", options.runs, lambda: full, lambda: plain, arguments)
    return 0


if __name__ == "__main__":
    sys.exit(main())
