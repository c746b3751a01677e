"""Wrong: a leader whose session has expired registers again and goes on as the leader, though another leads by now."""
import os
import socket
import threading

from kazoo.client import KazooState

from right import LeaderElection
from zoolab_exercise import run


class GoesOn(LeaderElection):
    leads = lost = False

    def __init__(self, client, path):
        super().__init__(client, path)
        client.add_listener(self.changed)

    def lead(self):
        token = super().lead()
        self.leads = True
        return token

    def resign(self):
        self.leads = False
        super().resign()

    def changed(self, state):
        if state == KazooState.LOST:
            self.lost = True
        elif state == KazooState.CONNECTED and self.lost and self.leads:
            self.lost = False
            threading.Thread(target=self.go_on, daemon=True).start()

    def go_on(self):
        self.candidacy = self.register()
        host, port = os.environ["RESOURCE_ADDR"].rsplit(":", 1)
        self.resource = socket.create_connection((host, int(port)))
        self.resource.sendall(f"LEAD {os.environ['EXERCISE_ID']} {self.token()}\n".encode())


if __name__ == "__main__":
    run(GoesOn)
