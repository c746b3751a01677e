"""Wrong: gives up, but stays in the queue."""
from right import ExclusiveLock
from zoolab_exercise import run


class ForgetsItsNode(ExclusiveLock):
    def give_up(self):
        self.node = None


if __name__ == "__main__":
    run(ForgetsItsNode)
