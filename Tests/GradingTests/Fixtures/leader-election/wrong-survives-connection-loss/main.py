"""Wrong: takes a lost connection for a registration that failed, and registers again: behind itself."""
from right import LeaderElection
from zoolab_exercise import run


class RegistersTwice(LeaderElection):
    def register(self):
        return self.patiently(lambda: self.create("candidate-"))


if __name__ == "__main__":
    run(RegistersTwice)
