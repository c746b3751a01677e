"""Wrong: takes a lost connection for a node that was deleted."""
from kazoo.exceptions import ConnectionLoss, NoNodeError

from right import LeaderElection
from zoolab_exercise import run


class ResignsOnce(LeaderElection):
    def withdraw(self, name):
        try:
            self.client.delete(self.full(name))
        except (ConnectionLoss, NoNodeError):
            pass


if __name__ == "__main__":
    run(ResignsOnce)
