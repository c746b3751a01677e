"""Wrong: judges by its own clock. Leaders give signs of life; the next in line deposes one that is silent, whose session lives."""
import threading
import time

from kazoo.exceptions import KazooException

from right import LeaderElection
from zoolab_exercise import run


class OwnClock(LeaderElection):
    SILENCE = 0.7

    def lead(self):
        token = super().lead()
        threading.Thread(target=self.live, args=(self.candidacy,), daemon=True).start()
        return token

    def live(self, name):
        while self.candidacy == name:
            try:
                self.client.set(self.full(name), b"I lead")
            except KazooException:
                pass  # Tried again soon.
            time.sleep(0.3)

    def watch(self, before, callback):
        if len(before) == 1:
            threading.Thread(target=self.suspect, args=(before[0], callback), daemon=True).start()
        return super().watch(before, callback)

    def suspect(self, leader, callback):
        version, changed = 0, time.monotonic()
        while stat := self.patiently(lambda: self.client.exists(self.full(leader))):
            if stat.version != version:
                version, changed = stat.version, time.monotonic()
            if version > 0 and time.monotonic() - changed > self.SILENCE:
                self.withdraw(leader)
                return callback(None)
            time.sleep(0.4)


if __name__ == "__main__":
    run(OwnClock)
