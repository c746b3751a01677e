"""What the checks share: the program under test, a server on a free port of the loopback address, and an honest count.

ZOOLAB names the program (default: the release build); WORK the folder for data and logs, kept on failure.
"""

import os, shutil, signal, socket, subprocess, sys, tempfile, time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CONFORMANCE = ROOT / "conformance"
CACHE = ROOT / ".build" / "conformance"
ZOOLAB = os.environ.get("ZOOLAB", str(ROOT / ".build/release/zoolab"))
WORK = Path(os.environ.get("WORK") or tempfile.mkdtemp(prefix="zoolab-conformance-"))
JARS = Path("/usr/share/java")
# Before a command: it ends with the check, also where that is killed.
ENDS_WITH_US = ["setpriv", "--pdeathsig", "KILL", "--"]
# The name super with the password test.
SUPER = "super:D/InIHSb7yEEbrWz8b9l71RjZJU="


def expected_differences(part):
    """The names and reasons of one part in differences.txt: a part, its names and their reason, each indented deeper.

    ‘one, other: a b’ stands for the names ‘one: a’, ‘one: b’, ‘other: a’ and ‘other: b’.
    """
    differences, here, names, deepest = {}, None, [], 0
    for line in (CONFORMANCE / "differences.txt").read_text().splitlines():
        depth, text = len(line) - len(line.lstrip()), line.strip()
        if not text or text.startswith("#"):
            continue
        if depth == 0:
            here = text
        elif here == part and depth == 4:
            if deepest > 4:
                names = []
            subjects, colon, keys = text.partition(": ")
            more = [f"{subject}: {key}" for subject in subjects.split(", ") for key in keys.split()] if colon else [text]
            names += more
            differences.update(dict.fromkeys(more, ""))
        elif here == part:
            for name in names:
                differences[name] = f"{differences[name]} {text}".strip()
        deepest = depth
    return differences


class Report:
    """Counts checks; a failure is forgiven only if differences.txt lists it, and a listed one that passes is told."""

    def __init__(self, part):
        self.part, self.differences = part, expected_differences(part)
        self.passed, self.failed, self.expected, self.used = [], [], [], set()

    def check(self, name, good, detail=""):
        if good:
            self.passed.append(name)
        elif name in self.differences:
            self.used.add(name)
            self.expected.append(name)
        else:
            self.failed.append(name)
            print(f"FAIL {name}\n     " + str(detail)[:3000].replace("\n", "\n     "), flush=True)

    def finish(self, skipped=()):
        """Prints the count, and ends the program with 1 if anything failed."""
        for line in skipped:
            print(f"skipped: {line}")
        for name in self.used:
            assert self.differences[name], f"differences.txt gives no reason for {name}"
        for name in self.differences:
            if name not in self.used:
                print(f"no difference any more, take it out of conformance/differences.txt: {name}")
        for name in self.failed:
            print(f"failed: {name}")
        extra = f" ({len(self.expected)} expected differences)" if self.expected else ""
        print(f"{self.part}: {len(self.passed)} passed, {len(self.failed)} failed{extra}")
        if self.failed:
            print(f"data and logs: {WORK}")
        else:
            shutil.rmtree(WORK, ignore_errors=True)
        sys.exit(1 if self.failed else 0)


def classpath():
    """Debian's jars, or those of another version, named by ZOOKEEPER_CLASSPATH."""
    if named := os.environ.get("ZOOKEEPER_CLASSPATH"):
        return named
    names = ["zookeeper", "zookeeper-jute", "slf4j-api", "slf4j-simple", "commons-cli", "commons-io", "metrics-core",
             "snappy-java", "jackson-annotations", "jackson-core", "jackson-databind", "netty-all", "netty-buffer",
             "netty-codec", "netty-common", "netty-handler", "netty-resolver", "netty-transport", "jline2",
             "jetty9-server", "jetty9-servlet", "jetty9-util", "jetty9-http", "jetty9-io", "jetty9-security", "servlet-api"]
    return ":".join(str(JARS / f"{name}.jar") for name in names if (JARS / f"{name}.jar").exists())


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def four_letters(port, word, seconds=10, host="127.0.0.1"):
    """What a server answers to one word; a connection left open is told at the end of the text."""
    answer = b""
    with socket.create_connection((host, port), 5) as connection:
        connection.settimeout(seconds)
        connection.sendall(word.encode())
        try:
            while piece := connection.recv(65536):
                answer += piece
        except TimeoutError:
            answer += b"\n<connection left open>"
        except OSError:
            pass
    return answer.decode("utf8", "replace")


class Server:
    """One server, ours (‘zoolab’) or Apache's (‘apache’), on a data folder."""

    def __init__(self, kind, data, **keys):
        self.kind, self.port = kind, free_port()
        data.mkdir(parents=True, exist_ok=True)
        cfg = data.parent / f"{data.name}-{kind}.cfg"
        settings = {
            "tickTime": 2000, "dataDir": data, "clientPort": self.port, "clientPortAddress": "127.0.0.1",
            "4lw.commands.whitelist": "*", "extendedTypesEnabled": "true", "admin.enableServer": "false",
            "DigestAuthenticationProvider.superDigest": SUPER, **keys}
        cfg.write_text("".join(f"{key}={value}\n" for key, value in settings.items()))
        if kind == "apache":
            self.command = ["java", "-Xmx400m", "-cp", classpath(), "-Dorg.slf4j.simpleLogger.defaultLogLevel=info",
                            "-Djava.net.preferIPv4Stack=true", "org.apache.zookeeper.server.quorum.QuorumPeerMain", str(cfg)]
        else:
            self.command = [ZOOLAB, "server", str(cfg)]
        self.log_path = data.parent / f"{data.name}-{kind}.log"
        self.start()

    def start(self):
        """Starts it, again on the same port after an end, and waits until it answers."""
        with open(self.log_path, "a") as log:
            self.process = subprocess.Popen([*ENDS_WITH_US, *self.command], stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        deadline = time.time() + 40
        while not self.answers():
            if time.time() > deadline or self.process.poll() is not None:
                self.process.kill()
                raise SystemExit(f"{self.kind} did not start; its log:\n{self.log()[-3000:]}")
            time.sleep(0.1)

    def answers(self):
        try:
            return four_letters(self.port, "ruok", 1) == "imok"
        except OSError:
            return False

    def log(self):
        return self.log_path.read_text()

    def end(self, how=signal.SIGTERM):
        self.process.send_signal(how)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.end()
