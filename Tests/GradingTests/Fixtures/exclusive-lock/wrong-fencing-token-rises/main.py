"""Wrong: the version of the node as token, which is 0 for every new node."""
from right import ExclusiveLock
from zoolab_exercise import run


class AlwaysTheSameToken(ExclusiveLock):
    def token(self):
        return self.insist(self.client.exists, self.node).version


if __name__ == "__main__":
    run(AlwaysTheSameToken)
