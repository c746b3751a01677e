"""Wrong: a free lock goes to whoever comes along; only those who found it taken stand in the queue."""
import threading
import time

from kazoo.exceptions import ConnectionLoss, NodeExistsError

from right import ExclusiveLock
from zoolab_exercise import run


class LetsNewcomersIn(ExclusiveLock):
    def acquire(self, timeout=None):
        deadline = None if timeout is None else time.monotonic() + timeout
        self.held = self.path.rstrip("/") + "/held"
        if self.try_to_take():
            return self.token_of_held()
        self.node = self.enqueue()
        while (predecessor := self.predecessor()) is not None:
            if not self.wait_for_deletion(predecessor, deadline):
                self.delete(self.node)
                return None
        while not self.try_to_take():
            if not self.wait_for_deletion(self.held, deadline):
                self.delete(self.node)
                return None
        self.delete(self.node)
        return self.token_of_held()

    def release(self):
        self.delete(self.held)

    def queue(self):
        return [child for child in super().queue() if child != "held"]

    def token_of_held(self):
        return self.insist(self.client.exists, self.held).czxid

    def try_to_take(self):
        try:
            self.client.create(self.held, ephemeral=True)
            return True
        except (NodeExistsError, ConnectionLoss):
            stat = self.insist(self.client.exists, self.held)
            return stat is not None and stat.ephemeralOwner == self.client.client_id[0]


if __name__ == "__main__":
    run(LetsNewcomersIn)
