"""Connects main.py with the judge. The judge puts its own copy in place of this file: do not change it.

It reads commands from standard input, calls your code, and enters and leaves the resource with the fencing
token that your code returned. The whole story is in Exercises/PROTOCOL.md. Your prints appear on standard error.
"""
import json, logging, os, signal, socket, sys
from kazoo.client import KazooClient
from kazoo.exceptions import ConnectionLoss, SessionExpiredError
from kazoo.retry import KazooRetry

DEFINITE = {"timeout", "refused", "not-holding", "unsupported", "session-expired"}
ENTER = {"acquire": "ENTER", "try-acquire": "ENTER", "lead": "LEAD"}
LEAVE = {"release": "EXIT", "resign": "STEPDOWN"}


class Failed(Exception):
    pass


def run(recipe_class):
    """Serves the judge until it says stop. recipe_class(client, path) makes the object that holds your code."""
    channel, sys.stdout = os.fdopen(os.dup(1), "w", buffering=1), sys.stderr
    os.dup2(2, 1)
    name = os.environ["EXERCISE_ID"]
    host, port = os.environ["RESOURCE_ADDR"].rsplit(":", 1)
    resource = socket.create_connection((host, int(port))).makefile("rw", newline="\n")
    resource.readline()  # The greeting.
    logging.getLogger("kazoo").setLevel(logging.CRITICAL)  # The judge's diagram tells it better.
    client = KazooClient(os.environ["ZK_CONNECT"], connection_retry=KazooRetry(max_tries=-1, delay=0.05, max_delay=0.2))
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        client.start()
        recipe, token = recipe_class(client, os.environ["EXERCISE_PATH"]), None
        print('{"ready":1}', file=channel)
        for line in sys.stdin:
            command = json.loads(line)
            try:
                token = obey(recipe, resource, name, command, token)
                reply = {"id": command["id"], "ok": True, **({"token": token} if command["do"] in ENTER else {})}
            except Exception as error:
                kind = ("connection-loss" if isinstance(error, ConnectionLoss) else "session-expired" if isinstance(
                    error, SessionExpiredError) else str(error) if isinstance(error, Failed) else "unknown")
                text = f"{type(error).__name__}: {error}"[:300]
                reply = {"id": command["id"], "ok": False, "error": kind, "definite": kind in DEFINITE, "text": text}
            print(json.dumps(reply, separators=(",", ":")), file=channel)
    finally:
        client.stop()


def obey(recipe, resource, name, command, token):
    """Carries out one command; returns the token of the critical section the program is in afterwards."""
    def say(verb):
        resource.write(f"{verb} {name} {token}\n"), resource.flush()
        return resource.readline().split()[:1] == ["OK"]
    action = command["do"]
    if action in ENTER:
        limit = (command["milliseconds"] / 1000,) if action == "try-acquire" else ()
        token = recipe.lead() if action == "lead" else recipe.acquire(*limit)
        if token is None:
            raise Failed("timeout")
        if not say(ENTER[action]):
            recipe.resign() if action == "lead" else recipe.release()
            raise Failed("refused")
        return token
    if action not in LEAVE and action != "work":
        raise Failed("unsupported")
    if token is None:
        raise Failed("not-holding")
    accepted = say(LEAVE.get(action, "WORK"))
    if action == "work" and not accepted:
        raise Failed("refused")
    if action in LEAVE:
        recipe.release() if action == "release" else recipe.resign()
    return token if action == "work" else None
