"""Plays the part of a student in the golden transcript `control-lock`: what each acquire comes to is written there."""
from zoolab_exercise import run


class RehearsedLock:
    def __init__(self, client, path):
        self.client = client
        self.acquired = 0

    def acquire(self, timeout=None):
        if timeout is not None:
            return None
        self.acquired += 1
        if self.acquired == 3:
            raise NotImplementedError("acquire is yours to write")
        while True:
            node = self.client.create("/lock-", ephemeral=True, sequence=True)
            token = self.client.exists(node).czxid
            if token == 17:
                return token

    def release(self):
        pass


run(RehearsedLock)
