"""Wrong: the candidacy is persistent, so a dead leader stays in office."""
from right import LeaderElection
from zoolab_exercise import run


class LeaderForLife(LeaderElection):
    def create(self, mark):
        return self.client.create(self.full(mark), sequence=True).rsplit("/", 1)[1]


if __name__ == "__main__":
    run(LeaderForLife)
