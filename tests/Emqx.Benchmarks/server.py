"""Publishes and starts the server, and another broker beside it, for the measurements in this folder."""
import base64
import json
import os
import pathlib
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
IMAGE = "--image" in sys.argv  # the container image's build instead of the plain one
PUBLISHED = ROOT / "artifacts" / ("image" if IMAGE else "server")
KEY, SECRET = "measure", "measuring-secret"
MOSQUITTO = """listener {port} 127.0.0.1
allow_anonymous true
max_queued_messages 100000
max_inflight_messages 0
persistence false
set_tcp_nodelay true
"""


def publish():
    """The ReadyToRun build in artifacts/server, or with --image what the container image holds, in artifacts/image."""
    shutil.rmtree(PUBLISHED, ignore_errors=True)
    how = ["-p:Image=true"] if IMAGE else []
    subprocess.run(["dotnet", "publish", "src/Emqx.Mgmt", "-c", "Release", "-o", str(PUBLISHED), "-nologo", "-v", "q", *how], cwd=ROOT, check=True)


def load_tool():
    """Builds this project, whose clients wait, come and go, or misbehave, and gives its command."""
    subprocess.run(["dotnet", "build", str(HERE), "-c", "Release", "-nologo", "-v", "q"], check=True, stdout=subprocess.DEVNULL)
    return ["dotnet", str(HERE / "bin" / "Release" / "net10.0" / "Emqx.Benchmarks.dll")]


def compiled(name):
    """The program of a C file in this folder, built where it has changed."""
    made, source = ROOT / "artifacts" / name, HERE / f"{name}.c"
    if not made.exists() or made.stat().st_mtime < source.stat().st_mtime:
        made.parent.mkdir(exist_ok=True)
        subprocess.run(["cc", "-O2", "-o", str(made), str(source)], check=True)
    return made


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def resident_kb(pid):
    return int(re.search(r"VmRSS:\s+(\d+)", pathlib.Path(f"/proc/{pid}/status").read_text()).group(1))


class Server:
    """The published server with a data folder of its own; MQTT on .mqtt, HTTP on .http."""

    def __init__(self, data=None, http=None, mqtt=None, **environment):
        self.folder = pathlib.Path(data or tempfile.mkdtemp(prefix="emqx-measure-"))
        self.own_folder = data is None
        self.http, self.mqtt = http or free_port(), mqtt or free_port()
        keys = self.folder / "keys.txt"
        keys.write_text(f"{KEY}:{SECRET}\n")
        self.environment = {
            **os.environ, "EMQX_NODE__DATA_DIR": str(self.folder), "EMQX_DASHBOARD__LISTENERS__HTTP__BIND": f"127.0.0.1:{self.http}",
            "EMQX_LISTENERS__TCP__DEFAULT__BIND": f"127.0.0.1:{self.mqtt}", "EMQX_LISTENERS__SSL__DEFAULT__ENABLE": "false",
            "EMQX_LISTENERS__WS__DEFAULT__ENABLE": "false", "EMQX_LISTENERS__WSS__DEFAULT__ENABLE": "false",
            "EMQX_API_KEY__BOOTSTRAP_FILE": str(keys), "EMQX_LOG__CONSOLE__LEVEL": "warning", **environment}
        self.process = None

    def launch(self):
        """Starts the process and returns at once."""
        self.log = open(self.folder / "server.log", "ab")
        self.process = subprocess.Popen([str(PUBLISHED / "Emqx.Mgmt")], env=self.environment, cwd=self.folder, stdout=self.log, stderr=self.log)
        return self

    def start(self):
        self.launch()
        self.wait()
        return self

    def wait(self, seconds=15):
        """Until /status answers 200."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise SystemExit(f"the server ended with {self.process.returncode}: {(self.folder / 'server.log').read_text()[-2000:]}")
            try:
                if urllib.request.urlopen(f"http://127.0.0.1:{self.http}/status", timeout=1).status == 200:
                    return
            except OSError:
                time.sleep(0.002)
        raise SystemExit("the server does not answer /status")

    def call(self, method, path, body=None):
        """An API call; gives (status, decoded body). A body that is a text goes as it is."""
        sent, kind = (body.encode(), "text/plain") if isinstance(body, str) else (None if body is None else json.dumps(body).encode(), "application/json")
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.http}/api/v5{path}", method=method, data=sent, headers={"Authorization": authorization(), "Content-Type": kind})
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                raw = answer.read()
                return answer.status, json.loads(raw) if raw else None
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def kill(self, how=signal.SIGKILL):
        self.process.send_signal(how)
        self.process.wait(10)

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        if self.process and self.process.poll() is None:
            self.kill(signal.SIGTERM)
        if self.own_folder:
            shutil.rmtree(self.folder, ignore_errors=True)


class MqttNet:
    """MQTTnet's own MqttServer, hosted by this project."""

    def __enter__(self):
        self.mqtt = free_port()
        self.process = subprocess.Popen([*load_tool(), "mqttnet", str(self.mqtt)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        if self.process.stdout.readline().strip() != str(self.mqtt):
            raise SystemExit("MQTTnet's server does not start")
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(30)


class Program:
    """Any broker, by its command line: {port} in it is where it is to listen, {config} a file made from another one that has {port} in it."""

    def __init__(self, command, config=None, seconds=5):
        self.command, self.config, self.seconds = command, config and pathlib.Path(config).read_text(), seconds

    def __enter__(self):
        self.mqtt = free_port()
        self.file = tempfile.NamedTemporaryFile("w", suffix=".conf")
        self.file.write((self.config or "").replace("{port}", str(self.mqtt)))
        self.file.flush()
        os.chmod(self.file.name, 0o644)  # mosquitto reads it as another user
        words = [word.replace("{port}", str(self.mqtt)).replace("{config}", self.file.name) for word in shlex.split(self.command)]
        self.process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + self.seconds
        while time.monotonic() < deadline:
            try:
                socket.create_connection(("127.0.0.1", self.mqtt), 1).close()
                return self
            except OSError:
                time.sleep(0.02)
        self.process.kill()
        raise SystemExit(f"{words[0]} does not start")

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(5)
        self.file.close()


class Mosquitto(Program):
    """Debian's mosquitto with the settings of the comparison."""

    def __init__(self):
        program = shutil.which("mosquitto") or shutil.which("mosquitto", path="/usr/sbin")
        if not program:
            raise SystemExit("mosquitto is missing: apt-get install mosquitto")
        super().__init__(f"{program} -c {{config}}")
        self.config = MOSQUITTO


class Relay(Program):
    """relay.c: copies what comes to whoever it is for, and looks at nothing."""

    def __init__(self):
        super().__init__(f"{compiled('relay')} {{port}}")


def authorization():
    return "Basic " + base64.b64encode(f"{KEY}:{SECRET}".encode()).decode()
