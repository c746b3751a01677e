"""The election of popular lecture notes: whoever creates the one node leads. Right, but every hand-over wakes everybody."""
import threading

from kazoo.exceptions import ConnectionLoss, NodeExistsError, NoNodeError

from zoolab_exercise import run


class OneNodeElection:
    def __init__(self, client, path):
        self.client = client
        self.node = path + "/leader"

    def lead(self):
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
            if stat is not None:
                changed.wait()

    def resign(self):
        while True:
            try:
                return self.client.delete(self.node)
            except NoNodeError:
                return
            except ConnectionLoss:
                continue


if __name__ == "__main__":
    run(OneNodeElection)
