"""The lock of popular lecture notes: one node that whoever creates it holds. Right, but unfair and a herd."""
import threading
import time

from kazoo.exceptions import ConnectionLoss, NodeExistsError, NoNodeError

from zoolab_exercise import run


class OneNodeLock:
    def __init__(self, client, path):
        self.client = client
        self.node = path + "/lock"

    def acquire(self, timeout=None):
        deadline = None if timeout is None else time.monotonic() + timeout
        while True:
            changed = threading.Event()
            try:
                self.client.create(self.node, ephemeral=True)
            except (NodeExistsError, ConnectionLoss):
                pass
            try:
                stat = self.client.exists(self.node, watch=lambda event: changed.set())
            except ConnectionLoss:
                continue
            if stat is not None and stat.ephemeralOwner == self.client.client_id[0]:
                return stat.czxid
            if stat is not None and not changed.wait(
                    None if deadline is None else max(0, deadline - time.monotonic())):
                return None

    def release(self):
        while True:
            try:
                return self.client.delete(self.node)
            except NoNodeError:
                return
            except ConnectionLoss:
                continue


if __name__ == "__main__":
    run(OneNodeLock)
