"""Wrong: takes its predecessor's disappearance for its turn. It may have been a waiter that died."""
from right import ExclusiveLock
from zoolab_exercise import run


class DoesNotLookAgain(ExclusiveLock):
    def acquire(self, timeout=None):
        self.waited = False
        return super().acquire(timeout)

    def predecessor(self):
        return None if self.waited else super().predecessor()

    def wait_for_deletion(self, node, deadline):
        self.waited = super().wait_for_deletion(node, deadline)
        return self.waited


if __name__ == "__main__":
    run(DoesNotLookAgain)
