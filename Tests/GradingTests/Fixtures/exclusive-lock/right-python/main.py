"""A right solution: a queue of sequential nodes, each waiting for its predecessor alone."""
import threading
import time
import uuid

from kazoo.exceptions import ConnectionLoss, NoNodeError

from zoolab_exercise import run


class ExclusiveLock:
    def __init__(self, client, path):
        self.client = client
        self.path = path
        self.node = None

    def acquire(self, timeout=None):
        deadline = None if timeout is None else time.monotonic() + timeout
        self.node = self.enqueue()
        while (predecessor := self.predecessor()) is not None:
            if not self.wait_for_deletion(predecessor, deadline):
                self.give_up()
                return None
        return self.token()

    def release(self):
        self.delete(self.node)
        self.node = None

    def give_up(self):
        self.release()

    def token(self):
        return self.insist(self.client.exists, self.node).czxid

    def enqueue(self):
        """Creates the node once, even if the reply gets lost: a name of our own tells it from all others."""
        name = uuid.uuid4().hex + "-"
        while True:
            try:
                return self.client.create(f"{self.path}/{name}", ephemeral=True, sequence=True)
            except ConnectionLoss:
                for child in self.insist(self.client.get_children, self.path):
                    if child.startswith(name):
                        return f"{self.path}/{child}"

    def queue(self):
        """The nodes in the order of their creation."""
        return sorted(self.insist(self.client.get_children, self.path), key=lambda child: child[-10:])

    def predecessor(self):
        queue = self.queue()
        position = queue.index(self.node.rsplit("/", 1)[1])
        return None if position == 0 else f"{self.path}/{queue[position - 1]}"

    def wait_for_deletion(self, node, deadline):
        """True once something happened to the node, or to the connection; false when the time is up."""
        changed = threading.Event()
        if self.insist(self.client.exists, node, watch=lambda event: changed.set()) is None:
            return True
        return changed.wait(None if deadline is None else max(0, deadline - time.monotonic()))

    def delete(self, node):
        try:
            self.insist(self.client.delete, node)
        except NoNodeError:
            pass  # An earlier attempt succeeded, and only its reply was lost.

    @staticmethod
    def insist(operation, *arguments, **options):
        """Repeats an operation that may safely be repeated until the connection holds."""
        while True:
            try:
                return operation(*arguments, **options)
            except ConnectionLoss:
                continue


if __name__ == "__main__":
    run(ExclusiveLock)
