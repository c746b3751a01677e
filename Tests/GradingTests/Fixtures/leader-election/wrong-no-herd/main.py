"""Wrong: every candidate watches the leader, so every hand-over wakes them all."""
from right import LeaderElection
from zoolab_exercise import run


class AllWatchTheLeader(LeaderElection):
    def watch(self, before, callback):
        return super().watch([min(before, key=lambda name: name[-10:])], callback)


if __name__ == "__main__":
    run(AllWatchTheLeader)
