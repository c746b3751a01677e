"""Wrong: the clock as token. It rises here; on two machines, or after a correction, it need not."""
import time

from right import LeaderElection
from zoolab_exercise import run


class ClockAsToken(LeaderElection):
    def token(self):
        return time.time_ns()


if __name__ == "__main__":
    run(ClockAsToken)
