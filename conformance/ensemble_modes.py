"""Scenes of check-ensemble: whose votes count, whose sessions are known where, and what a server serves without a leader."""

import time

from kazoo.client import KazooClient, KazooState
from kazoo.exceptions import EphemeralOnLocalSessionError, NotReadOnlyCallError
from kazoo.handlers.threading import KazooTimeoutError
from kazoo.protocol.connection import _CONNECTION_DROP
from kazoo.protocol.states import KeeperState

from ensembles import (
    Ensemble, check_equal, check_watch, close, connected, eventually, free_ports, metric, write_everything)

SERVING = ("leader", "follower", "observer")


def check_nobody_serves(report, name, members, seconds=3):
    """These servers find no leader among them, however long they look."""
    eventually(f"the end of service: {name}", lambda: not any(member.mode() in SERVING for member in members))
    seen, end = set(), time.time() + seconds
    while time.time() < end:
        seen |= {member.mode() for member in members}
        time.sleep(0.1)
    report.check(f"{name}: nobody serves", not seen & set(SERVING), seen)


def check_refused(report, name, member):
    """An ordinary client gets no session here."""
    client = KazooClient(hosts=member.address, timeout=10.0)
    states = []
    client.add_listener(states.append)
    try:
        client.start(3)
        report.check(name, False, client.client_id)
    except KazooTimeoutError:
        report.check(name, KazooState.CONNECTED not in states, states)
    finally:
        close(client)


# Weights and groups.

def scene_weightless(report, name, kinds):
    """The last server's vote has no weight: it follows and serves, but leads never, and makes up no quorum."""
    extra = ["group.1=1:2:3:4", "weight.1=1", "weight.2=1", "weight.3=1", "weight.4=0"]
    with Ensemble(name, kinds, extra=extra, first=(1, 3)) as ensemble:
        ensemble.wait_for_all()
        weightless, weighty = ensemble[4], ensemble.members[:3]
        report.check(f"{name}: it follows", weightless.mode() == "follower", weightless.mode())
        write_everything(report, name, weightless, "by-4")
        for turn in range(2):
            old = ensemble.leader()
            old.kill()
            rest = [member for member in ensemble.members if member is not old]
            new = ensemble.leader(rest)
            for member in rest:
                ensemble.wait_for(member, "leader", "follower")
            report.check(f"{name}: it does not lead after server {old.number}", new is not weightless)
            write_everything(report, f"{name}, without server {old.number} ({old.kind})", weightless, f"without-{turn}")
            old.start()
            ensemble.wait_for_all()
        check_equal(report, f"{name}, after two leaders", ensemble)
        weightless.kill()
        write_everything(report, f"{name}, without it", ensemble.leader(weighty), "without-4")
        weightless.start()
        ensemble.wait_for_all()
        # One weighty server and it are two of four, and one vote of three.
        leader = ensemble.leader()
        lonely = next(member for member in weighty if member is not leader)
        gone = [member for member in weighty if member is not lonely]
        for member in gone:
            member.kill()
        check_nobody_serves(report, f"{name}, with one vote of three", [lonely, weightless])
        for member in gone:
            member.start()
        ensemble.wait_for_all()
        report.check(f"{name}: it does not lead after a night", ensemble.leader() is not weightless)
        check_equal(report, name, ensemble)


def scene_heavy(report, name, kinds):
    """Server 1 weighs more than the others together: it serves alone, and they do not without it."""
    extra = ["group.1=1:2:3", "weight.1=3", "weight.2=1", "weight.3=1"]
    with Ensemble(name, kinds, extra=extra, first=(1,)) as ensemble:
        ensemble.wait_for_all()
        heavy, light = ensemble[1], ensemble.members[1:]
        for member in ensemble.members:
            write_everything(report, f"{name}, through server {member.number} ({member.kind})", member,
                             f"by-{member.number}")
        for member in light:
            member.kill()
        ensemble.wait_for(heavy, "leader")
        write_everything(report, f"{name}, alone", heavy, "alone")
        for member in light:
            member.start()
        ensemble.wait_for_all()
        check_equal(report, f"{name}, together again", ensemble)
        heavy.kill()
        check_nobody_serves(report, f"{name}, the others alone", light)
        heavy.start()
        ensemble.wait_for_all()
        for member in light:
            write_everything(report, f"{name}, after its return", member, f"after-{member.number}")
        # Whoever leads now: alone it is a quorum again, with what the others decided.
        for member in light:
            member.kill()
        ensemble.wait_for(heavy, "leader")
        write_everything(report, f"{name}, alone again", heavy, "again")
        for member in light:
            member.start()
        ensemble.wait_for_all()
        check_equal(report, name, ensemble)


def scene_groups(report, name, kinds):
    """Most servers of most groups decide: four of nine may be enough, and five of nine too few."""
    extra = ["group.1=1:2:3", "group.2=4:5:6", "group.3=7:8:9"]
    with Ensemble(name, kinds, extra=extra, first=(4, 5, 8, 9)) as ensemble:
        ensemble.wait_for_all()
        leader = ensemble.leader()
        report.check(f"{name}: server 9 ({kinds[8]}) leads", leader.number == 9, leader.number)
        write_everything(report, name, ensemble[1], "nine")

        def living(*numbers):
            """Exactly these are to run."""
            for member in ensemble.members:
                if member.number not in numbers:
                    member.kill()
            for number in numbers:
                if not ensemble[number].process:
                    ensemble[number].start()
            return [ensemble[number] for number in numbers]

        for what, numbers in [("without its leader", (1, 2, 3, 4, 5, 6, 7, 8)),
                              ("without the leader's group", (1, 2, 3, 4, 5, 6)),
                              ("with four of nine", (2, 3, 5, 6))]:
            rest = living(*numbers)
            ensemble.leader(rest)
            for member in rest:
                ensemble.wait_for(member, *SERVING)
            for member in rest[:2]:
                write_everything(report, f"{name}, {what}, through server {member.number} ({member.kind})", member,
                                 f"{what.replace(' ', '-')}-{member.number}")
        check_nobody_serves(report, f"{name}, five of nine, but most of one group only", living(1, 2, 3, 6, 7))
        living(*range(1, 10))
        ensemble.wait_for_all()
        found = check_equal(report, name, ensemble)
        report.check(f"{name}: what four of nine decided is there", "/with-four-of-nine-2" in found)


# Sessions of one server.

LOCAL = "localSessionsEnabled=true"


def sessions(member, kind):
    return int(metric(member, f"zk_{kind}_sessions"))


def scene_local_sessions(report, name, kinds):
    """A session is known to its server only, until it needs a node of its own; then it may go anywhere."""
    with Ensemble(name, kinds, extra=[LOCAL, "localSessionsUpgradingEnabled=true"]) as ensemble:
        ensemble.wait_for_all()
        leader = ensemble.leader()
        report.check(f"{name}: {kinds[-1]} leads", leader is ensemble[3])
        for member in ensemble.members:
            other = ensemble[member.number % len(kinds) + 1]
            here = f"{name}, at server {member.number} ({member.kind}, {member.mode()})"
            write_everything(report, here, member, f"by-{member.number}")
            eventually("the end of earlier sessions",
                       lambda: sessions(member, "local") == 0 and sessions(leader, "global") == 0)
            client = member.client()
            client.create(f"/plain-{member.number}", b"")
            report.check(f"{here}: a session begins as a local one",
                         (sessions(member, "local"), sessions(leader, "global")) == (1, 0),
                         (sessions(member, "local"), sessions(leader, "global")))
            identity = client.client_id
            if member is not leader:
                stranger = KazooClient(hosts=other.address, client_id=identity, timeout=10.0)
                stranger.start(30)
                report.check(f"{here}: server {other.number} ({other.kind}) does not know it",
                             stranger.client_id[0] != identity[0])
                close(stranger)
            client.create(f"/own-{member.number}", b"", ephemeral=True)
            report.check(f"{here}: a node of its own makes it a global one",
                         (sessions(member, "local"), sessions(leader, "global")) == (0, 1)
                         and client.client_id == identity,
                         (sessions(member, "local"), sessions(leader, "global"), client.client_id, identity))
            for at in ensemble.members:
                report.check(f"{here}: server {at.number} ({at.kind}) knows whose node it is",
                             owner(at, f"/own-{member.number}") == identity[0])
            states = watch_states(client)
            move(client, other)
            client.set(f"/own-{member.number}", b"moved")
            report.check(f"{here}: it moves to server {other.number} ({other.kind})",
                         client.client_id[0] == identity[0] and KazooState.LOST not in states, states)
            close(client)
            for at in ensemble.members:
                report.check(f"{here}: its node goes with it at server {at.number} ({at.kind})",
                             owner(at, f"/own-{member.number}") is None)
            check_watch(report, here, member, other)
        check_equal(report, name, ensemble)


def scene_local_only(report, name, kinds):
    """Where sessions may not become global, a node of their own is refused, and everything else works."""
    with Ensemble(name, kinds, extra=[LOCAL, "localSessionsUpgradingEnabled=false"]) as ensemble:
        ensemble.wait_for_all()
        for member in ensemble.members:
            here = f"{name}, at server {member.number} ({member.kind}, {member.mode()})"
            client = member.client()
            client.create(f"/plain-{member.number}", b"")
            try:
                client.create(f"/own-{member.number}", b"", ephemeral=True)
                report.check(f"{here}: a node of its own is refused", False)
            except EphemeralOnLocalSessionError:
                report.check(f"{here}: a node of its own is refused", client.exists(f"/own-{member.number}") is None)
            client.set(f"/plain-{member.number}", b"goes on")
            report.check(f"{here}: the session stays local",
                         (sessions(member, "local"), sessions(ensemble.leader(), "global")) == (1, 0))
            close(client)
        check_equal(report, name, ensemble)


# Without a leader, or with one that only leads.

def scene_read_only(report, name, kinds):
    """Server 1, left alone, serves readers who want that and nobody else, until another one comes back."""
    extra = ["readonlymode.enabled=true", LOCAL, "localSessionsUpgradingEnabled=true"]
    with Ensemble(name, kinds, extra=extra) as ensemble:
        ensemble.wait_for_all()
        lonely, gone = ensemble[1], ensemble.members[1:]
        write_everything(report, name, lonely, "before")
        report.check(f"{name}: isro says rw", lonely.ask("isro") == "rw", lonely.ask("isro"))
        for member in gone:
            member.kill()
        eventually("read-only service", lambda: lonely.ask("isro") == "ro")
        report.check(f"{name}: its mode is told", lonely.mode() == "read-only", lonely.mode())
        check_refused(report, f"{name}: a client that wants to write gets no session", lonely)
        reader = KazooClient(hosts=lonely.address, read_only=True, timeout=10.0)
        reader.start(30)
        report.check(f"{name}: a reader is told that it can only read",
                     reader.client_state == KeeperState.CONNECTED_RO, reader.client_state)
        report.check(f"{name}: it reads", reader.get("/before")[0] == b"three" and
                     "multi" in reader.get_children("/before"))
        for what, write in [("create", lambda: reader.create("/never", b"")), ("set", lambda: reader.set("/before", b"never")),
                            ("delete", lambda: reader.delete("/before/multi"))]:
            try:
                write()
                report.check(f"{name}: its {what} is refused", False)
            except NotReadOnlyCallError:
                report.check(f"{name}: its {what} is refused", True)
        report.check(f"{name}: it reads on", reader.get("/before")[0] == b"three")
        gone[0].start()
        eventually("service for everybody", lambda: lonely.ask("isro") == "rw")
        eventually("the reader's first write", lambda: reader.exists("/after") or reader.create("/after", b""))
        report.check(f"{name}: the reader may write now", reader.client_state == KeeperState.CONNECTED)
        close(reader)
        write_everything(report, f"{name}, with two", lonely, "two")
        gone[1].start()
        ensemble.wait_for_all()
        found = check_equal(report, name, ensemble)
        report.check(f"{name}: nothing of what was refused is there", "/never" not in found and "/before/multi" in found)


def scene_leader_only_leads(report, name, kinds):
    """With ‘leaderServes=no’ the leader turns clients away, whoever leads, and serves when it leads no more."""
    with Ensemble(name, kinds, extra=["leaderServes=no"], leaders_serve=False) as ensemble:
        leader, followers = ensemble[3], ensemble.members[:2]
        for member in followers:
            ensemble.wait_for(member, "follower")
        for turn in range(2):
            here = f"{name}, {leader.kind} leads ({turn + 1})"
            report.check(f"{here}: it says that it does not serve",
                         leader.ask("isro") == "null" and "not currently serving" in leader.ask("srvr"),
                         (leader.ask("isro"), leader.ask("srvr")))
            check_refused(report, f"{here}: it turns clients away", leader)
            for member in followers:
                write_everything(report, f"{here}, through server {member.number} ({member.kind})", member,
                                 f"by-{member.number}-{turn}")
            check_watch(report, here, followers[turn], followers[1 - turn])
            client = connected(ensemble.hosts)
            client.create(f"/somewhere-{turn}", b"")
            report.check(f"{here}: a client that knows all finds one that serves", client.exists(f"/somewhere-{turn}"))
            identity, states = client.client_id, watch_states(client)
            old = leader
            old.kill()
            rest = [member for member in ensemble.members if member is not old]

            def new_leader():
                silent = [member for member in rest if member.mode() is None and member.ask("isro") == "null"]
                return silent[0] if len(silent) == 1 and any(member.mode() == "follower" for member in rest) else None

            leader = eventually("one of two that follows, and one that does not serve", new_leader)
            eventually("the client's session at the one that follows", lambda: client.exists(f"/somewhere-{turn}"))
            report.check(f"{here}: its client goes on without it",
                         client.client_id == identity and KazooState.LOST not in states, states)
            close(client)
            old.start()
            followers = [member for member in ensemble.members if member is not leader]
            for member in followers:
                ensemble.wait_for(member, "follower")
            write_everything(report, f"{here}: the old one serves", old, f"old-{turn}")
        # Leaders that serve show what they have.
        for member in ensemble.members:
            member.configuration.write_text(member.configuration.read_text().replace("leaderServes=no\n", ""))
        ensemble.restart()
        check_equal(report, name, ensemble)


# Sessions that move.

def owner(member, path):
    """The session that a node belongs to, as this server says, after it has caught up; none where there is no node."""
    client = member.client()
    try:
        client.sync("/")
        stat = client.exists(path)
        return stat and stat.ephemeralOwner
    finally:
        close(client)


def watch_states(client):
    states = []
    client.add_listener(states.append)
    return states


def drop_connection(client):
    client._call(_CONNECTION_DROP, client.handler.async_result())


def move(client, target):
    """The connection breaks, until the client has found this server."""
    client.set_hosts(target.address)

    def has_arrived():
        if not client.connected:
            return False
        if place(client) != target.port:
            drop_connection(client)
            return False
        return client.exists("/")

    eventually(f"the client at server {target.number}", has_arrived)


def place(client):
    """The port of the server that a client is connected to."""
    socket = client._connection._socket
    return socket and socket.getpeername()[1]


def scene_moves(report, name, kinds):
    """One session goes from every server to every other, is driven on by their deaths, and ends where it happens to be."""
    with Ensemble(name, kinds) as ensemble:
        ensemble.wait_for_all()
        client = ensemble[1].client()
        identity, states = client.client_id, watch_states(client)
        client.create("/own", b"", ephemeral=True)
        client.create("/hops", b"")
        source = ensemble[1]
        for number in (2, 3, 1, 3, 2, 1):
            target = ensemble[number]
            move(client, target)
            step = f"{name}: server {source.number} ({source.kind}) to {number} ({target.kind})"
            client.set("/own", str(number).encode())
            client.create("/hops/hop-", b"", sequence=True)
            report.check(step, client.client_id[0] == identity[0] and client.get("/own")[0] == str(number).encode()
                         and KazooState.LOST not in states, (client.client_id, identity, states))
            for member in ensemble.members:
                report.check(f"{step}: its node is its own at server {member.number} ({member.kind})",
                             owner(member, "/own") == identity[0])
            source = target
        for number in (1, 3, 2):
            victim = ensemble[number]
            move(client, victim)
            client.set_hosts(ensemble.hosts)
            victim.kill()
            eventually("the session at another server", lambda: client.set("/own", b"driven on"))
            target = next(member for member in ensemble.members if member.port == place(client))
            step = f"{name}: server {number} ({victim.kind}) dies, and it goes on at {target.number} ({target.kind})"
            report.check(step, target is not victim and client.client_id[0] == identity[0]
                         and KazooState.LOST not in states, (client.client_id, identity, states))
            victim.start()
            ensemble.wait_for_all()
            report.check(f"{step}: its node is its own at the one that died", owner(victim, "/own") == identity[0])
        client.create("/hops/last", b"")
        close(client)
        for member in ensemble.members:
            report.check(f"{name}: the node ends with its session at server {member.number} ({member.kind})",
                         owner(member, "/own") is None)
        check_lost(report, name, ensemble)
        found = check_equal(report, name, ensemble)
        report.check(f"{name}: every hop wrote once", sum(path.startswith("/hops/hop-") for path in found) == 6)


def check_lost(report, name, ensemble):
    """A session that moved, and whose client then finds nobody any more, takes its node along when its time is over."""
    client = connected(ensemble[1].address, timeout=3.0)
    client.create("/lost", b"", ephemeral=True)
    move(client, ensemble[2])
    client.set("/lost", b"moved")
    client.set_hosts(f"127.0.0.1:{free_ports(1)[0]}")
    drop_connection(client)
    for member in ensemble.members:
        eventually(f"the end of a silent session at server {member.number}", lambda: owner(member, "/lost") is None)
    report.check(f"{name}: a silent session that had moved ends", True)
    close(client)
