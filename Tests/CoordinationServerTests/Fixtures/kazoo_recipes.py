"""Runs recipes of the unmodified kazoo client against the server at argv[1]; prints "ok", or says what went wrong.

With TLS where argv[2:] are the files of the authority, the client's certificate and its key, and the plain port.
"""
import sys
import threading

from kazoo.client import KazooClient
from kazoo.exceptions import BadVersionError, NoAuthError, NodeExistsError, NoNodeError, NotEmptyError
from kazoo.exceptions import NoChildrenForEphemeralsError, RuntimeInconsistency
from kazoo.security import make_acl

HOSTS = sys.argv[1]
TLS = dict(zip(("ca", "certfile", "keyfile"), sys.argv[2:5]))
PLAIN = "".join(sys.argv[5:])
WAIT = 20
clients = []


def connect():
    client = KazooClient(hosts=HOSTS, timeout=8, use_ssl=bool(TLS), check_hostname=bool(TLS), **TLS)
    client.start(timeout=WAIT)
    clients.append(client)
    return client


def together(count, body):
    problems = []

    def run(number):
        try:
            body(number)
        except BaseException as problem:  # Reported by the main thread.
            problems.append(problem)

    threads = [threading.Thread(target=run, args=(n,)) for n in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(WAIT * 3)
        assert not thread.is_alive(), "a thread hangs"
    if problems:
        raise problems[0]


def raises(error, call):
    try:
        call()
    except error:
        return
    raise AssertionError("expected " + error.__name__)


def basics(client):
    assert client.create("/basics", b"one") == "/basics"
    data, stat = client.get("/basics")
    assert (data, stat.version, stat.numChildren) == (b"one", 0, 0)
    assert client.set("/basics", b"two", version=0).version == 1
    raises(BadVersionError, lambda: client.set("/basics", b"three", version=0))
    raises(NodeExistsError, lambda: client.create("/basics"))
    raises(NoNodeError, lambda: client.get("/absent"))
    path, stat = client.create("/basics/child", b"", include_data=True)
    assert (path, stat.dataLength) == ("/basics/child", 0)
    raises(NotEmptyError, lambda: client.delete("/basics"))
    children, stat = client.get_children("/basics", include_data=True)
    assert (children, stat.cversion) == (["child"], 1)
    assert client.exists("/absent") is None
    assert client.sync("/basics") == "/basics"
    assert client.get_acls("/basics")[0][0].perms == 31
    client.delete("/basics", recursive=True)
    client.create("/ünïcödé/中文", makepath=True)
    assert client.get_children("/ünïcödé") == ["中文"]


def sequences(client):
    client.create("/sequences")
    paths = []

    def create(_):
        for _ in range(20):
            paths.append(client.create("/sequences/n-", sequence=True))

    together(4, create)
    numbers = sorted(int(path[-10:]) for path in paths)
    assert numbers == list(range(80)), numbers


def ephemerals(client):
    owner = connect()
    owner.create("/ephemeral", ephemeral=True)
    raises(NoChildrenForEphemeralsError, lambda: owner.create("/ephemeral/child"))
    assert client.exists("/ephemeral").ephemeralOwner == owner.client_id[0]
    gone = threading.Event()
    client.exists("/ephemeral", watch=lambda event: event.type == "DELETED" and gone.set())
    owner.stop()
    assert gone.wait(WAIT), "nobody was told of the ephemeral's end"
    assert client.exists("/ephemeral") is None


def watches(client):
    writer = connect()
    client.create("/watched", b"0")
    data, names, done = [], [], threading.Event()

    @client.DataWatch("/watched")
    def on_data(value, stat):
        data.append(value)
        if value == b"end":
            done.set()

    @client.ChildrenWatch("/watched")
    def on_children(children):
        names.append(sorted(children))

    for number in range(5):
        writer.create("/watched/%d" % number)
    writer.set("/watched", b"end")
    assert done.wait(WAIT), data
    assert data[0] == b"0" and data[-1] == b"end", data
    assert names[0] == [] and all(len(a) < len(b) for a, b in zip(names, names[1:])), names


def transactions(client):
    first = client.transaction()
    first.create("/transaction", b"x")
    first.create("/transaction/part-", sequence=True)
    first.set_data("/transaction", b"y", version=0)
    first.check("/transaction", version=1)
    results = first.commit()
    assert results[0] == "/transaction" and results[1] == "/transaction/part-0000000000" and results[3] is True
    second = client.transaction()
    second.create("/transaction/other")
    second.check("/transaction", version=9)
    second.delete("/transaction")
    results = second.commit()
    assert isinstance(results[1], BadVersionError) and isinstance(results[2], RuntimeInconsistency), results
    assert client.exists("/transaction/other") is None


def certificates(client):
    """Whoever shows no certificate is not let in where one rules."""
    if not TLS:
        return
    rule = make_acl("x509", "CN=alice,OU=Students,O=ZooLab,C=CN", all=True)
    client.create("/certified", b"secret", acl=[rule])
    assert client.get("/certified")[0] == b"secret"
    stranger = KazooClient(hosts=PLAIN, timeout=8)
    stranger.start(timeout=WAIT)
    raises(NoAuthError, lambda: stranger.get("/certified"))
    stranger.stop()


def lock(client):
    client.create("/counter", b"0")
    inside = []

    def contend(number):
        contender = connect()
        lock = contender.Lock("/lock", "contender-%d" % number)
        for _ in range(5):
            with lock:
                inside.append(number)
                assert inside == [number], "two inside: %r" % inside
                value = int(contender.get("/counter")[0])
                contender.set("/counter", str(value + 1).encode())
                inside.remove(number)

    together(5, contend)
    assert client.get("/counter")[0] == b"25", client.get("/counter")
    assert client.get_children("/lock") == []


def lock_of_the_dead(client):
    """A holder that closes without releasing hands the lock on."""
    holder, heir = connect(), connect()
    assert holder.Lock("/inheritance", "holder").acquire(timeout=WAIT)
    wanted = heir.Lock("/inheritance", "heir")
    assert not wanted.acquire(blocking=False)
    threading.Timer(0.2, holder.stop).start()
    assert wanted.acquire(timeout=WAIT)
    wanted.release()


def election(client):
    leaders, led = [], []

    def stand(number):
        candidate = connect()

        def lead():
            leaders.append(number)
            assert leaders == [number], "two leaders: %r" % leaders
            candidate.set("/counter", b"led")
            led.append(number)
            leaders.remove(number)

        candidate.Election("/election", "candidate-%d" % number).run(lead)

    together(4, stand)
    assert sorted(led) == [0, 1, 2, 3], led


def main():
    client = connect()
    for check in (basics, sequences, ephemerals, watches, transactions, certificates, lock, lock_of_the_dead, election):
        try:
            check(client)
        except BaseException as problem:
            print("%s: %s: %s" % (check.__name__, type(problem).__name__, problem))
            sys.exit(1)
    for each in clients:
        each.stop()
    print("ok")


main()
