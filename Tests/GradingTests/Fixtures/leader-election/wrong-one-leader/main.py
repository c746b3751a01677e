"""Wrong: leads as soon as the candidate before it is gone, even if others are still before that one."""
from right import LeaderElection
from zoolab_exercise import run


class CrownPrince(LeaderElection):
    def lead(self):
        self.woken = False
        return super().lead()

    def candidates(self):
        return [] if self.woken else super().candidates()

    def watch(self, before, callback):
        def wake(event):
            self.woken = True
            callback(event)

        return super().watch(before, wake)


if __name__ == "__main__":
    run(CrownPrince)
