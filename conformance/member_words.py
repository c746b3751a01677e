"""The words of members of an ensemble: ours beside Apache's in the same role, under a leader of either kind."""

import re

from ensembles import APACHE, OURS, Ensemble, close
from harness import four_letters
from words import KEYED, WORDS, structure

# The third one leads; the last two observe.
ENSEMBLES = (("words under ours", [APACHE, OURS, OURS, APACHE, OURS]),
             ("words under Apache", [OURS, APACHE, APACHE, OURS, APACHE]))
ROLES = {"leader": "a leader", "follower": "a follower", "observer": "an observer"}
# What both must say alike, as both ensembles have the same roles.
STATES = ("server_state", "peer_state", "quorum_size", "learners", "synced_followers", "synced_non_voting_followers",
          "synced_observers", "pending_syncs")


def busy_client(member):
    """A client that gives this server something to tell of each kind."""
    client, top = member.client(), f"/words-{member.number}"
    client.create(top, b"x")
    client.create(top + "/e", b"x", ephemeral=True)
    client.get(top, watch=lambda event: None)
    client.get_children(top, watch=lambda event: None)
    client.exists(top + "/none", watch=lambda event: None)
    client.sync(top)
    # Apache's leader times the acknowledgements of every thousandth transaction, and every 128th leaves a digest for ‘hash’.
    for write in [client.set_async(top, b"y") for _ in range(300)]:
        write.get(30)
    return client


def answers(member):
    return {word: four_letters(member.port, word) for word in WORDS}


def shape_of(word, text):
    """As of a single server; but which of the others is measured is their number's affair."""
    found = structure(word, text)
    return sorted({re.sub(r"^-?\d+_", "N_", name) for name in found}) if word == "mntr" else found


def values(text):
    return dict(line.removeprefix("zk_").split("\t", 1) for line in text.splitlines() if "\t" in line)


def compare(report, role, ours, theirs):
    for word in WORDS:
        want, got = shape_of(word, theirs[word]), shape_of(word, ours[word])
        if word in KEYED:
            for key in want:
                report.check(f"{word} of {role}: {key}", key in got, "missing")
        else:
            report.check(f"{word} of {role}, as Apache's", got == want, f"want: {want}\ngot:  {got}")
    want, got = values(theirs["mntr"]), values(ours["mntr"])
    for key in STATES:
        report.check(f"mntr of {role}, as Apache's: {key}", got.get(key) == want.get(key), (want.get(key), got.get(key)))


def check_members(report):
    leaders = {}
    for name, kinds in ENSEMBLES:
        with Ensemble(name, kinds, 2) as ensemble:
            ensemble.wait_for_all()
            clients = [busy_client(member) for member in ensemble.members]
            found = {(member.mode(), member.kind): answers(member) for member in ensemble.members}
            for client in clients:
                close(client)
        leaders |= {kind: said for (mode, kind), said in found.items() if mode == "leader"}
        for mode in ("follower", "observer"):
            compare(report, ROLES[mode], found[mode, OURS], found[mode, APACHE])
    compare(report, ROLES["leader"], leaders[OURS], leaders[APACHE])
