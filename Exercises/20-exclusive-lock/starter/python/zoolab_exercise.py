"""Connects main.py with the judge, which puts its own copy in place of this file: do not change it.

It reads commands from standard input, calls your code, and enters and leaves the resource with the fencing token
that your code returned. Exercises/PROTOCOL.md tells the whole story. Your prints appear on standard error.
"""
import json, logging, os, signal, socket, sys
from kazoo.client import KazooClient
from kazoo.exceptions import ConnectionLoss, SessionExpiredError
from kazoo.retry import KazooRetry

VERBS = {"acquire": "ENTER", "try-acquire": "ENTER", "release": "EXIT",
         "lead": "LEAD", "resign": "STEPDOWN", "work": "WORK"}
BEGINNINGS, ENDS = ("acquire", "try-acquire", "lead"), ("release", "resign")
ERRORS = {ConnectionLoss: "connection-loss", SessionExpiredError: "session-expired"}


class Failed(Exception):
    """It certainly did not happen; the message is the protocol's word for why."""


def run(recipe_class):
    """Serves the judge until it says stop. recipe_class(client, path) makes the object that holds your code."""
    channel, sys.stdout = os.fdopen(os.dup(1), "w", buffering=1), sys.stderr
    os.dup2(2, 1)
    logging.getLogger("kazoo").setLevel(logging.CRITICAL)  # The judge's diagram tells it better.
    host, port = os.environ["RESOURCE_ADDR"].rsplit(":", 1)
    resource = socket.create_connection((host, int(port))).makefile("rw", newline="\n")
    resource.readline()  # The greeting.
    client = KazooClient(os.environ["ZK_CONNECT"], connection_retry=KazooRetry(max_tries=-1, delay=0.05, max_delay=0.2))
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        client.start()
        recipe, token = recipe_class(client, os.environ["EXERCISE_PATH"]), None
        print('{"ready":1}', file=channel)
        for line in sys.stdin:
            command = json.loads(line)
            reply = {"id": command["id"], "ok": True}
            try:
                token = obey(command, recipe, resource, token)
                reply |= {"token": token} if command["do"] in BEGINNINGS else {}
            except Exception as error:
                word = str(error) if isinstance(error, Failed) else ERRORS.get(type(error), "unknown")
                reply |= {"ok": False, "error": word, "definite": word not in ("connection-loss", "unknown"),
                          "text": f"{type(error).__name__}: {error}"[:300]}
            print(json.dumps(reply, separators=(",", ":")), file=channel)
    finally:
        client.stop()


def obey(command, recipe, resource, token):
    """Carries out one command; returns the token of the critical section the program is in afterwards."""
    action = command["do"]
    if action not in VERBS:
        raise Failed("unsupported")
    if action in BEGINNINGS:
        limit = [command["milliseconds"] / 1000] if action == "try-acquire" else []
        token = recipe.lead() if action == "lead" else recipe.acquire(*limit)
    if token is None:
        raise Failed("timeout" if action in BEGINNINGS else "not-holding")
    print(VERBS[action], os.environ["EXERCISE_ID"], token, file=resource, flush=True)
    refused = resource.readline() != "OK\n" and action not in ENDS  # Nobody is kept from leaving.
    if action in ENDS or (refused and action in BEGINNINGS):
        recipe.resign() if action in ("lead", "resign") else recipe.release()
    if refused:
        raise Failed("refused")
    return None if action in ENDS else token
