"""Wrong: waits for the deletion of its own node instead of its predecessor's."""
from right import ExclusiveLock
from zoolab_exercise import run


class WaitsForItself(ExclusiveLock):
    def wait_for_deletion(self, node, deadline):
        return super().wait_for_deletion(self.node, deadline)


if __name__ == "__main__":
    run(WaitsForItself)
