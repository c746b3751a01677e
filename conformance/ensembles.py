"""Ensembles of our servers and Apache's: their processes, their clients, and what every check asks of them."""

import os, random, signal, socket, subprocess, threading, time

from kazoo.client import KazooClient, KazooState
from kazoo.exceptions import KazooException
from kazoo.handlers.threading import KazooTimeoutError
from kazoo.retry import KazooRetry

from harness import ENDS_WITH_US, WORK, ZOOLAB, classpath, four_letters

OURS, APACHE = "zoolab", "apache"
# Of Java only, but ours takes them from either place.
JAVA_ONLY = ("java.security.", "readonlymode.")


def free_ports(count):
    """Below those that the system gives to outgoing connections, and above those that the tests take."""
    found = set()
    while len(found) < count:
        port = random.randrange(21000, 32000)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
                found.add(port)
            except OSError:
                continue
    return list(found)


def eventually(what, body, seconds=60):
    """Asks until the answer is true; what is wanted is named when it never is."""
    deadline, last = time.time() + seconds, None
    while time.time() < deadline:
        try:
            if result := body():
                return result
            last = None
        except (OSError, KazooException, KazooTimeoutError) as problem:
            last = problem
        time.sleep(0.05)
    raise AssertionError(f"never came: {what} ({last!r})")


class Server:
    """One server of an ensemble, by where its clients find it."""

    def __init__(self, number, kind, host, port):
        self.number, self.kind, self.host, self.port = number, kind, host, port

    def ask(self, word):
        return four_letters(self.port, word, 2, self.host)

    def mode(self):
        try:
            answer = self.ask("srvr")
        except OSError:
            return None
        return next((line[6:] for line in answer.splitlines() if line.startswith("Mode: ")), None)

    @property
    def address(self):
        return f"{self.host}:{self.port}"

    def client(self):
        return connected(self.address)


class Member(Server):
    """A server that is a process of this check.

    ‘inside’ begins the command, where the process is to run elsewhere than the check.
    """

    def __init__(self, number, kind, folder, host, port, lines, inside=()):
        super().__init__(number, kind, host, port)
        self.folder, self.inside, self.process = folder, inside, None
        self.data = folder / str(number)
        self.data.mkdir(parents=True)
        (self.data / "myid").write_text(f"{number}\n")
        self.log_path = folder / f"{number}-{kind}.log"
        self.configuration = folder / f"{number}.cfg"
        # Apache's wants a client's port in one place only.
        is_elsewhere = any(";" in line for line in lines)
        self.configuration.write_text("\n".join([
            f"dataDir={self.data}", *([] if is_elsewhere else [f"clientPort={port}", f"clientPortAddress={host}"]),
            "4lw.commands.whitelist=*", "admin.enableServer=false", "maxClientCnxns=0",
            "preAllocSize=64", "maxSessionTimeout=60000", *lines, ""]))
        if kind == APACHE:
            self.command = ["java", "-Xmx300m", "-XX:TieredStopAtLevel=1", "-cp", classpath(),
                            "-Dorg.slf4j.simpleLogger.defaultLogLevel=info", "-Djava.net.preferIPv4Stack=true",
                            "-Dorg.slf4j.simpleLogger.showDateTime=true", "-Dzookeeper.preAllocSize=64",
                            *[f"-D{line}" for line in lines if line.startswith(JAVA_ONLY)],
                            "org.apache.zookeeper.server.quorum.QuorumPeerMain", str(self.configuration)]
        else:
            self.command = [ZOOLAB, "server", str(self.configuration), "--log-level", "info"]

    def start(self):
        with open(self.log_path, "a") as log:
            self.process = subprocess.Popen([*self.inside, *ENDS_WITH_US, *self.command], stdin=subprocess.DEVNULL,
                                            stdout=log, stderr=log)

    def signal(self, number):
        self.process.send_signal(number)
        if number == signal.SIGSTOP:
            # Sent is not stopped: on a busy machine, threads go on for a while.
            os.waitpid(self.process.pid, os.WUNTRACED)

    def kill(self):
        if self.process:
            self.process.kill()
            self.process.wait(20)
            self.process = None

    def holds(self, text):
        """Whether a log on this server's disk contains a text."""
        return any(text.encode() in log.read_bytes() for log in (self.data / "version-2").glob("log.*"))


def connected(hosts, timeout=10.0, most=0.3):
    """A client that tries again after at most so many seconds."""
    client = KazooClient(hosts=hosts, timeout=timeout,
                         connection_retry=KazooRetry(max_tries=-1, delay=0.05, max_delay=most))
    client.start(60)
    return client


class Servers:
    """Some servers, by number, and what can be asked of all."""

    name, members = "", []

    def __getitem__(self, number):
        return self.members[number - 1]

    @property
    def hosts(self):
        return ",".join(member.address for member in self.members)

    def leader(self, among=None):
        def find():
            leading = [member for member in among or self.members if member.mode() == "leader"]
            return leading[0] if len(leading) == 1 else None
        return eventually(f"one leader in {self.name}", find)

    def wait_for(self, member, *modes):
        eventually(f"server {member.number} ({member.kind}) {' or '.join(modes)}", lambda: member.mode() in modes)

    def wait_for_all(self):
        for member in self.members:
            self.wait_for(member, "leader", "follower", "observer")


class Ensemble(Servers):
    """Servers of these kinds, numbered from 1; the last ones may be observers.

    Those numbered in ‘first’ start before the others, and the last of them leads at first; without them it is the highest number
    that votes. ‘network’ says where each one is, if not on the loopback address; ‘leaders_serve’ is what the configuration says.
    """

    def __init__(self, name, kinds, observers=0, extra=(), spare=None, own_addresses=False, network=None, first=None,
                 leaders_serve=True, timing=("tickTime=300", "initLimit=60", "syncLimit=15")):
        self.name, self.leaders_serve = name, leaders_serve
        all_kinds = [*kinds, *([spare] if spare else [])]
        count = len(all_kinds)
        if network:
            clients = peers = [network.address(number) for number in range(1, count + 1)]
            places = [(2181, 2888, 3888)] * count
        else:
            ports = free_ports(3 * count)
            places = [ports[3 * place:3 * place + 3] for place in range(count)]
            clients = ["127.0.0.1"] * count
            peers = [f"127.0.0.{place + 11}" for place in range(count)] if own_addresses else clients
        lines = [f"server.{place + 1}={peers[place]}:{ports[1]}:{ports[2]}"
                 + (":observer" if len(kinds) - observers <= place < len(kinds) else ":participant")
                 + (f";127.0.0.1:{ports[0]}" if spare else "") for place, ports in enumerate(places)]
        folder = WORK / name.replace(" ", "-")
        every = [Member(place + 1, kind, folder, clients[place], places[place][0],
                        [*timing, *lines[:len(kinds)], *([lines[place]] if place >= len(kinds) else []), *extra],
                        network.inside(place + 1) if network else ())
                 for place, kind in enumerate(all_kinds)]
        self.voters = every[:len(kinds) - observers]
        self.lines, self.members, self.spare = lines, every[:len(kinds)], every[len(kinds)] if spare else None
        # The highest number is to lead, whoever wakes up faster: there is no quorum without it at first.
        self.first = ([self[number] for number in first] if first
                      else [*self.voters[:len(self.voters) // 2], self.voters[-1]])

    def __enter__(self):
        try:
            for some in (self.first, [member for member in self.members if member not in self.first]):
                for member in some:
                    member.start()
                for member in some:
                    eventually("an answer", lambda: member.ask("ruok"))
                if self.leaders_serve:
                    self.wait_for(self.first[-1], "leader")
                else:
                    for member in self.first[:-1]:
                        self.wait_for(member, "follower")
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        for member in [*self.members, *([self.spare] if self.spare else [])]:
            member.kill()

    def restart(self):
        """Everybody dies, and wakes up anew."""
        for member in self.members:
            member.kill()
        for member in self.members:
            member.start()
        self.wait_for_all()


def tree(member, top="/"):
    """Everything a client can see under a path, as this server tells it, after it has caught up."""
    client = member.client()
    try:
        client.sync("/")
        found, waiting = {}, [top]
        while waiting:
            some, waiting = waiting[:100], waiting[100:]
            for path, asked in [(path, client.get_async(path)) for path in some]:
                data, stat = asked.get(timeout=30)
                if path != "/zookeeper/config":
                    found[path] = (data, tuple(stat))
                if stat.numChildren:
                    waiting += [path.rstrip("/") + "/" + child for child in client.get_children(path)]
        return found
    finally:
        close(client)


def close(client):
    client.stop()
    client.close()


def check_equal(report, name, ensemble, top="/"):
    trees = [(member, tree(member, top)) for member in ensemble.members]
    first, wanted = trees[0]
    for member, found in trees[1:]:
        different = sorted(path for path in wanted.keys() | found.keys() if wanted.get(path) != found.get(path))
        report.check(f"{name}: server {member.number} ({member.kind}) has what server {first.number} ({first.kind}) has",
                     not different, [(path, wanted.get(path), found.get(path)) for path in different[:5]])
    return wanted


def write_everything(report, name, member, prefix):
    """Every kind of write through one server, which may have to ask its leader."""
    client = member.client()
    try:
        client.create(f"/{prefix}", b"one")
        client.set(f"/{prefix}", b"two")
        client.create(f"/{prefix}/seq-", b"", sequence=True)
        client.create(f"/{prefix}/gone", b"")
        client.delete(f"/{prefix}/gone")
        client.create(f"/{prefix}/ephemeral", b"", ephemeral=True)
        transaction = client.transaction()
        transaction.create(f"/{prefix}/multi", b"m")
        transaction.set_data(f"/{prefix}", b"three")
        transaction.check(f"/{prefix}", 2)
        report.check(f"{name}: a transaction of three", not any(isinstance(r, Exception) for r in transaction.commit()))
        failing = client.transaction()
        failing.create(f"/{prefix}/never", b"")
        failing.check(f"/{prefix}", 77)
        report.check(f"{name}: a transaction that fails as a whole",
                     all(isinstance(r, Exception) for r in failing.commit()) and not client.exists(f"/{prefix}/never"))
        try:
            client.create(f"/{prefix}", b"")
            report.check(f"{name}: a node that is there already", False)
        except KazooException as problem:
            report.check(f"{name}: a node that is there already", type(problem).__name__ == "NodeExistsError", repr(problem))
        report.check(f"{name}: reads what it wrote", client.get(f"/{prefix}")[0] == b"three")
    finally:
        close(client)


def check_watch(report, name, watching, writing):
    """A watch set at one server fires for a write at another."""
    seen, client, other = threading.Event(), watching.client(), writing.client()
    try:
        client.sync("/")
        client.exists(f"/watched-{watching.number}", watch=lambda event: seen.set())
        other.create(f"/watched-{watching.number}", b"")
        report.check(f"{name}: a watch at {watching.kind} fires for a write at {writing.kind}", seen.wait(20))
    finally:
        close(client)
        close(other)


def check_move(report, name, source, target):
    """A session that began at one server goes on at another, with its ephemeral nodes."""
    client = source.client()
    path = f"/moved-{source.number}-{target.number}"
    client.create(path, b"", ephemeral=True)
    identity = client.client_id
    states = []
    moved = KazooClient(hosts=target.address, client_id=identity, timeout=10.0)
    moved.add_listener(states.append)
    try:
        moved.start(30)
        moved.sync("/")
        report.check(f"{name}: a session moves from {source.kind} to {target.kind}",
                     KazooState.LOST not in states and moved.client_id[0] == identity[0]
                     and moved.exists(path) is not None, (states, moved.client_id, identity))
    finally:
        client._session_id, client._session_passwd = None, b"\0" * 16
        close(moved)
        close(client)


def metric(member, name):
    for line in member.ask("mntr").splitlines():
        if line.startswith(name + "\t"):
            return line.split("\t")[1].removesuffix(".0")
    return None


class Writer(threading.Thread):
    """Creates one node after the other, and knows which were acknowledged, and when."""

    def __init__(self, number, hosts, top="/load", pause=0, timeout=10.0):
        super().__init__(daemon=True)
        self.number, self.hosts, self.top, self.pause, self.timeout = number, hosts, top, pause, timeout
        self.acknowledged, self.times, self.is_over = [], [], False

    def run(self):
        client = connected(self.hosts, self.timeout)
        count = 0
        while not self.is_over:
            path = f"{self.top}/{self.number}-{count}"
            count += 1
            try:
                client.create(path, str(count).encode())
                self.times.append(time.time())
                self.acknowledged.append(path)
                time.sleep(self.pause)
            except (KazooException, KazooTimeoutError):
                time.sleep(0.02)
        close(client)


def check_writers(report, name, writers, found):
    """What was acknowledged is there, in each writer's order."""
    acknowledged = [path for writer in writers for path in writer.acknowledged]
    lost = [path for path in acknowledged if path not in found]
    report.check(f"{name}: no acknowledged write is lost", not lost, lost[:10])
    for writer in writers:
        order = [found[path][1][0] for path in writer.acknowledged if path in found]
        report.check(f"{name}: writer {writer.number}'s writes are in its order", order == sorted(order))
    report.check(f"{name}: something was written", len(acknowledged) > 50, len(acknowledged))
    return acknowledged


def longest_gap(times):
    times = sorted(times)
    return max((later - earlier for earlier, later in zip(times, times[1:])), default=0)
