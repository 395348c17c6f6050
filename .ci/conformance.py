"""Publishes and starts the server and runs the conformance groups of conformance.txt against it.

    conformance.py PATH/TO/conformance/run [group or case ...] [--no-publish] [--image]

--image: against the container image's build.
"""
import pathlib
import re
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "tests" / "Emqx.Benchmarks"))
import server  # noqa: E402


def claimed():
    """The groups, and the cases in them that wait for a later operation."""
    lines = [line.split("#")[0].strip() for line in (HERE / "conformance.txt").read_text().splitlines()]
    return [line for line in lines if line and not line.startswith("-")], {line[1:].strip() for line in lines if line.startswith("-")}


def main():
    run, asked = sys.argv[1], [one for one in sys.argv[2:] if one not in ("--no-publish", "--image")]
    groups, later = claimed()
    only = [part for group in asked or groups for part in ("--only", group)]
    listed = subprocess.run([run, "--key", "-", "--secret", "-", "--list", *only], capture_output=True, text=True, check=True).stdout
    cases = [case for case in re.findall(r"^(\w+\.\w+):", listed, re.M) if case not in later]
    if "--no-publish" not in sys.argv:
        server.publish()
    everything = {f"EMQX_LISTENERS__{kind}__DEFAULT__{key}": value for kind, bind in (("SSL", "8883"), ("WS", "8083"), ("WSS", "8084"))
                  for key, value in (("ENABLE", "true"), ("BIND", f"0.0.0.0:{bind}"))}
    with server.Server(**everything) as one:
        done = subprocess.run([run, "--base", f"http://127.0.0.1:{one.http}", "--mqtt", f"127.0.0.1:{one.mqtt}", "--key", server.KEY,
                               "--secret", server.SECRET, *(part for case in cases for part in ("--only", case))])
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
