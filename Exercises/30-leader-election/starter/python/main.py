"""Exercise 30, leader election. This is the file you hand in; the task is in task.en.md."""
from kazoo.client import KazooClient

from zoolab_exercise import run


class LeaderElection:
    def __init__(self, client: KazooClient, path: str):
        """client is connected; path is an empty node that exists: everything you create goes below it."""
        self.client = client
        self.path = path

    def lead(self) -> int:
        """Waits until this program is the leader, and returns the fencing token: the czxid of its own node."""
        raise NotImplementedError("lead is yours to write")

    def resign(self) -> None:
        """Stops being the leader. When it returns, the node is gone, even if the connection broke in between."""
        raise NotImplementedError("resign is yours to write")


if __name__ == "__main__":
    run(LeaderElection)
