"""Networks for check-partitions to cut: a network namespace for each server, or the proxy of ‘zoolab ensemble’ where there are none."""

import contextlib, json, os, subprocess, sys

from ensembles import OURS, Server, Servers, eventually
from harness import CONFORMANCE, ENDS_WITH_US, WORK, ZOOLAB

# Debian keeps ip here, which is not everybody's PATH.
os.environ["PATH"] += ":/usr/sbin:/sbin"
# All that a network here is made of, tried in a namespace that goes with the command.
PROBE = ("ip link set lo up && ip link add one type veth peer name other && ip rule add from 10.77.1.1 to 10.77.2.1 blackhole "
         "&& echo 1 >/proc/sys/net/ipv4/ip_forward && unshare --net -- true")
INSIDE = "PARTITIONS_INSIDE"


def enter_namespace():
    """Goes on in a network namespace of its own, where that is permitted; otherwise returns why not.

    As root, or in a user namespace; the program begins anew, and is told by its environment that it is inside.
    """
    if INSIDE in os.environ:
        return None
    problem = ""
    for command in (["unshare", "--net", "--"], ["unshare", "--user", "--map-root-user", "--net", "--"]):
        try:
            done = subprocess.run([*command, "sh", "-c", PROBE], capture_output=True, text=True, timeout=20)
        except (OSError, subprocess.TimeoutExpired) as error:
            return str(error)
        if done.returncode == 0:
            sys.stdout.flush()
            os.execvpe(command[0], [*command, sys.executable, *sys.argv], {**os.environ, INSIDE: "1", "WORK": str(WORK)})
        problem = done.stderr.strip().splitlines()[-1] if done.stderr.strip() else f"it ends with {done.returncode}"
    return problem


def run(*command, **options):
    done = subprocess.run(command, capture_output=True, text=True, **options)
    if done.returncode:
        raise OSError(f"{' '.join(command)}: {done.stderr.strip()}")
    return done.stdout


class Namespaces:
    """A star: each server is in a namespace of its own, whose only wire ends at a router, and there the clients are, too.

    The router is the namespace of the check itself. No namespace has a name: all of them, wires and rules included, go with
    their last process, and every process ends with the check, even if that is killed.
    Each packet from one server to another passes the router, whose rules lose it silently: neither side is told.
    """

    # Whether a server that is pulled out is cut off from its clients, too.
    cuts_clients = True

    def __init__(self, count, has_slow_wires=False):
        self.numbers, self.has_slow_wires = range(1, count + 1), has_slow_wires
        self.holders, self.wires, self.rules = {}, {}, []

    def address(self, number):
        return f"10.77.{number}.1"

    def inside(self, number):
        return self.entering(self.holders[number])

    def entering(self, holder):
        return ["nsenter", f"--net=/proc/{holder.pid}/ns/net", "--"]

    def __enter__(self):
        try:
            run("ip", "link", "set", "lo", "up")
            with open("/proc/sys/net/ipv4/ip_forward", "w") as forward:
                forward.write("1")
            for number in self.numbers:
                self.connect(number)
        except BaseException:
            self.__exit__()
            raise
        return self

    def hold(self, *command, **options):
        """A process in a new namespace, which lives as long."""
        holder = subprocess.Popen([*ENDS_WITH_US, "unshare", "--net", "--", *command], **options)
        here = os.readlink("/proc/self/ns/net")
        eventually("a namespace", lambda: os.readlink(f"/proc/{holder.pid}/ns/net") != here)
        return holder

    def connect(self, number):
        holder = self.holders[number] = self.hold("sleep", "infinity")
        wire = f"wire{number}"
        if self.has_slow_wires:
            # In a namespace that has no addresses: nobody but the wire's own program takes what comes out of it.
            middle = self.wires[number] = self.hold(sys.executable, str(CONFORMANCE / "wire.py"), "left", "right",
                                                    stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            run("ip", "link", "add", wire, "type", "veth", "peer", "name", "left", "netns", str(middle.pid))
            there = self.entering(middle)
            run(*there, "ip", "link", "add", "right", "type", "veth", "peer", "name", "eth0", "netns", str(holder.pid))
            for end in ("left", "right"):
                run(*there, "ip", "link", "set", end, "up")
            self.tell(number, 0)
            if middle.stdout.readline() != "ready\n":
                raise OSError("a wire broke")
        else:
            run("ip", "link", "add", wire, "type", "veth", "peer", "name", "eth0", "netns", str(holder.pid))
        run("ip", "address", "add", f"10.77.{number}.254/24", "dev", wire)
        run("ip", "link", "set", wire, "up")
        there = self.entering(holder)
        run(*there, "ip", "link", "set", "lo", "up")
        run(*there, "ip", "address", "add", f"{self.address(number)}/24", "dev", "eth0")
        run(*there, "ip", "link", "set", "eth0", "up")
        run(*there, "ip", "route", "add", "10.77.0.0/16", "via", f"10.77.{number}.254")

    def tell(self, number, words):
        self.wires[number].stdin.write(f"{words}\n")
        self.wires[number].stdin.flush()

    def __exit__(self, *_):
        with contextlib.suppress(OSError):
            self.heal()
        for process in [*self.wires.values(), *self.holders.values()]:
            process.kill()
            process.wait(20)
        # Their namespaces end later: the names are wanted again.
        for number in self.holders:
            subprocess.run(["ip", "link", "delete", f"wire{number}"], capture_output=True)

    def cut(self, pairs):
        """Nothing passes from the first of a pair to the second."""
        rules = [f"from {self.address(source)} to {self.address(target)} blackhole" for source, target in pairs]
        run("ip", "-batch", "-", input="".join(f"rule add {rule}\n" for rule in rules))
        self.rules += rules

    def pull_out(self, number):
        """Its wire is torn, for everybody."""
        run("ip", "link", "set", f"wire{number}", "down")

    def slow_down(self, number, milliseconds):
        """Everything to and from it takes longer, that of its clients, too."""
        self.tell(number, milliseconds)

    def heal(self):
        if self.rules:
            run("ip", "-batch", "-", input="".join(f"rule delete {rule}\n" for rule in self.rules))
            self.rules = []
        for number in self.wires:
            if self.wires[number].poll() is None:
                self.tell(number, 0)
        for number in self.holders:
            subprocess.run(["ip", "link", "set", f"wire{number}", "up"], capture_output=True)


class Proxied(Servers):
    """Servers of ours behind ‘zoolab ensemble’, whose one process is the network between them. Their clients are always connected."""

    cuts_clients = False

    def __init__(self, name, count):
        self.name, self.count, self.folder = name, count, WORK / name.replace(" ", "-")

    def __enter__(self):
        self.process = subprocess.Popen([*ENDS_WITH_US, ZOOLAB, "ensemble", "run", str(self.count), "--dir", str(self.folder),
                                         "--tick", "300"], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        try:
            eventually("servers", self.find)
            self.wait_for_all()
        except BaseException:
            self.__exit__()
            raise
        return self

    def find(self):
        servers = json.loads(self.say("status", "--json"))["servers"]
        self.members = [Server(server["server"], OURS, "127.0.0.1", int(server["address"].rpartition(":")[2]))
                        for server in servers]
        return self.members

    def __exit__(self, *_):
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def say(self, *words):
        return run(ZOOLAB, "ensemble", *words, "--dir", str(self.folder))

    def cut(self, pairs):
        for source, target in pairs:
            self.say("one-way", f"{source}>{target}")

    def pull_out(self, number):
        self.say("isolate", str(number))

    def slow_down(self, number, milliseconds):
        for direction in ("from", "to"):
            self.say("delay", direction, str(number), f"{milliseconds}ms")

    def heal(self):
        self.say("heal")
