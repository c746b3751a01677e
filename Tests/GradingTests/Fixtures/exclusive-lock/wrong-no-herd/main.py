"""Wrong: every waiter watches the whole queue, so every release wakes them all."""
import threading
import time

from right import ExclusiveLock
from zoolab_exercise import run


class WatchesTheParent(ExclusiveLock):
    def wait_for_deletion(self, node, deadline):
        changed = threading.Event()
        children = self.insist(self.client.get_children, self.path, watch=lambda event: changed.set())
        if node.rsplit("/", 1)[1] not in children:
            return True
        return changed.wait(None if deadline is None else max(0, deadline - time.monotonic()))


if __name__ == "__main__":
    run(WatchesTheParent)
