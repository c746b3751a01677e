"""Wrong: takes a lost connection for a create that failed, and creates again: behind its own orphan."""
from right import ExclusiveLock
from zoolab_exercise import run


class CreatesAgain(ExclusiveLock):
    def enqueue(self):
        return self.insist(self.client.create, f"{self.path}/lock-", ephemeral=True, sequence=True)


if __name__ == "__main__":
    run(CreatesAgain)
