"""A plugin of pytest: kazoo's own tests start, stop and wipe zoolab where they would Apache ZooKeeper.

It replaces the one class of kazoo's test harness that knows Apache's command line. What Apache reads from properties of its
virtual machine stands in zoo.cfg. ZOOLAB names the program, WORK the folder for data and logs, KAZOO_TLS=0 leaves TLS out.
"""

import os, shutil, signal, subprocess, tempfile

from kazoo.testing import common

PASSWORD = "apassword"


class ZoolabServer:
    """One server; its public names are those that kazoo's harness and tests use."""

    host = "127.0.0.1"

    def __init__(self, software_path, server_info, peers=(), classpath=None, configuration_entries=(),
                 java_system_properties=(), jaas_config=None, ssl_configuration=None):
        self.server_info = server_info
        self.peers = list(peers)
        self.entries = list(configuration_entries)
        self.properties = list(java_system_properties)
        self.jaas_config = jaas_config
        self.stores = ssl_configuration or {}
        self.working_path = tempfile.mkdtemp(prefix="kazoo-", dir=os.environ["WORK"])
        self.data = self.path("data")
        self.process = None

    client_port = property(lambda self: self.server_info.client_port)
    secure_client_port = property(lambda self: self.server_info.secure_client_port)
    address = property(lambda self: f"{self.host}:{self.client_port}")
    secure_address = property(lambda self: f"{self.host}:{self.secure_client_port}")
    running = property(lambda self: self.process is not None)

    def path(self, name):
        return os.path.join(self.working_path, name)

    def tls(self):
        if os.environ.get("KAZOO_TLS", "1") == "0":
            return []
        for name in ("truststore", "keystore"):
            self.save_store(name)
        return [
            "serverCnxnFactory=org.apache.zookeeper.server.NettyServerCnxnFactory",
            f"secureClientPort={self.secure_client_port}", "secureClientPortAddress=127.0.0.1",
            f"ssl.keyStore.location={self.path('keystore.p12')}", f"ssl.keyStore.password={PASSWORD}",
            f"ssl.trustStore.location={self.path('truststore.p12')}", f"ssl.trustStore.password={PASSWORD}"]

    def save_store(self, name):
        """kazoo makes stores in Java's own format, which zoolab tells its users to convert like this."""
        jks, pkcs12 = self.path(name + ".jks"), self.path(name + ".p12")
        self.stores[name].save(jks, PASSWORD)
        if not os.path.exists(pkcs12):
            subprocess.run(["keytool", "-importkeystore", "-noprompt", "-srckeystore", jks, "-srcstorepass", PASSWORD,
                            "-destkeystore", pkcs12, "-deststoretype", "PKCS12", "-deststorepass", PASSWORD],
                           check=True, capture_output=True)

    def ensemble(self):
        if not self.peers:
            return []
        servers = sorted([*self.peers, self.server_info], key=lambda server: server.server_id)
        return ["initLimit=4", "syncLimit=2", f"peerType={self.server_info.peer_type}"] + [
            f"server.{server.server_id}=127.0.0.1:{server.leader_port}:{server.election_port}:{server.peer_type}"
            for server in servers]

    def sasl(self):
        if not self.jaas_config:
            return []
        with open(self.path("jaas.conf"), "w") as file:
            file.write(self.jaas_config)
        return [f"java.security.auth.login.config={self.path('jaas.conf')}"]

    def write_configuration(self):
        os.makedirs(self.data, exist_ok=True)
        lines = [
            "tickTime=2000", f"dataDir={self.data}", f"clientPort={self.client_port}", "clientPortAddress=127.0.0.1",
            "maxClientCnxns=0", "admin.serverAddress=127.0.0.1", f"admin.serverPort={self.server_info.admin_port}",
            "readonlymode.enabled=true", "authProvider.1=org.apache.zookeeper.server.auth.SASLAuthenticationProvider",
            *self.tls(), *self.sasl(), *self.entries,
            *(item.removeprefix("-Dzookeeper.") for item in self.properties if item.startswith("-Dzookeeper.")),
            *self.ensemble()]
        with open(self.path("zoo.cfg"), "w") as file:
            file.write("\n".join(lines) + "\n")
        with open(os.path.join(self.data, "myid"), "w") as file:
            file.write(f"{self.server_info.server_id}\n")

    def run(self):
        if self.running:
            return
        self.write_configuration()
        with open(self.path("log"), "ab") as log:
            self.process = subprocess.Popen([os.environ["ZOOLAB"], "server", self.path("zoo.cfg")],
                                            stdin=subprocess.DEVNULL, stdout=log, stderr=log)

    def stop(self):
        if not self.running:
            return
        process, self.process = self.process, None
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.wait()

    def reset(self):
        self.stop()
        shutil.rmtree(self.data, True)

    def destroy(self):
        self.stop()
        shutil.rmtree(self.working_path, True)

    def get_logs(self, num_lines=100):
        try:
            with open(self.path("log"), errors="replace") as file:
                return file.readlines()[-num_lines:]
        except OSError:
            return []


common.ManagedZooKeeper = ZoolabServer
