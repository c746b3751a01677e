"""A right solution: candidates queue up; each watches the one before it; the first leads."""
import queue
import uuid

from kazoo.exceptions import ConnectionLoss, NoNodeError

from zoolab_exercise import run


class LeaderElection:
    def __init__(self, client, path):
        self.client = client
        self.path = path
        self.candidacy = None

    def lead(self):
        self.candidacy = self.register()
        events = queue.SimpleQueue()
        while True:
            before = [name for name in self.candidates() if name[-10:] < self.candidacy[-10:]]
            if not before:
                return self.token()
            if self.watch(before, events.put):
                events.get()

    def resign(self):
        self.withdraw(self.candidacy)
        self.candidacy = None

    def token(self):
        return self.patiently(lambda: self.client.exists(self.full(self.candidacy))).czxid

    def register(self):
        """Creates our node exactly once: its name begins with a mark nobody else has."""
        mark = f"candidate-{uuid.uuid4().hex}-"
        while True:
            try:
                return self.create(mark)
            except ConnectionLoss:
                mine = [name for name in self.candidates() if name.startswith(mark)]
                if mine:
                    return mine[0]

    def create(self, mark):
        return self.client.create(self.full(mark), ephemeral=True, sequence=True).rsplit("/", 1)[1]

    def watch(self, before, callback):
        """Watches the candidate just before us; false if it is gone already."""
        nearest = max(before, key=lambda name: name[-10:])
        return self.patiently(lambda: self.client.exists(self.full(nearest), watch=callback)) is not None

    def candidates(self):
        return self.patiently(lambda: self.client.get_children(self.path))

    def withdraw(self, name):
        try:
            self.patiently(lambda: self.client.delete(self.full(name)))
        except NoNodeError:
            pass  # It had worked the first time.

    def full(self, name):
        return f"{self.path}/{name}"

    @staticmethod
    def patiently(operation):
        while True:
            try:
                return operation()
            except ConnectionLoss:
                pass


if __name__ == "__main__":
    run(LeaderElection)
