"""Exercise 20, an exclusive lock. This is the file you hand in; the task is in task.en.md."""
from kazoo.client import KazooClient

from zoolab_exercise import run


class ExclusiveLock:
    def __init__(self, client: KazooClient, path: str):
        """client is connected; path is an empty node that exists: everything you create goes below it."""
        self.client = client
        self.path = path

    def acquire(self, timeout: float | None = None) -> int | None:
        """Waits until this program holds the lock, and returns the fencing token: the czxid of its own node.

        With a timeout (in seconds) it gives up when the time is over, leaves nothing behind, and returns None.
        """
        raise NotImplementedError("acquire is yours to write")

    def release(self) -> None:
        """Gives the lock back. When it returns, the node is gone, even if the connection broke in between."""
        raise NotImplementedError("release is yours to write")


if __name__ == "__main__":
    run(ExclusiveLock)
