"""Wrong: the node is persistent, so it outlives a crashed holder."""
import uuid

from kazoo.exceptions import ConnectionLoss

from right import ExclusiveLock
from zoolab_exercise import run


class NeverLetsGo(ExclusiveLock):
    def enqueue(self):
        name = uuid.uuid4().hex + "-"
        while True:
            try:
                return self.client.create(f"{self.path}/{name}", sequence=True)
            except ConnectionLoss:
                for child in self.insist(self.client.get_children, self.path):
                    if child.startswith(name):
                        return f"{self.path}/{child}"


if __name__ == "__main__":
    run(NeverLetsGo)
