"""Wrong: watches its own node, so nothing ever wakes it up."""
from right import LeaderElection
from zoolab_exercise import run


class NeverWakesUp(LeaderElection):
    def watch(self, before, callback):
        return super().watch([self.candidacy], callback)


if __name__ == "__main__":
    run(NeverWakesUp)
