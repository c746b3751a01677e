"""Wrong: takes a lost connection for a delete that succeeded."""
from kazoo.exceptions import ConnectionLoss, NoNodeError

from right import ExclusiveLock
from zoolab_exercise import run


class DeletesOnce(ExclusiveLock):
    def delete(self, node):
        try:
            self.client.delete(node)
        except (ConnectionLoss, NoNodeError):
            pass


if __name__ == "__main__":
    run(DeletesOnce)
