"""Takes the commands out of README's "Five minutes" and runs them as a newcomer would. See tour.sh."""
import os
import re
import shlex
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "crash"))
from node import free_port

HOST_BINARY = os.path.abspath(os.environ.get("P2PDB", "artifacts/bin/P2PDB.Host/release/p2pdb"))
START = "dotnet run -c Release --project src/P2PDB.Host"


class Tour:
    def __init__(self, folder):
        self.folder = folder
        self.ports = {port: str(free_port()) for port in ("3306", "3307", "4001", "4002")}
        self.nodes = []
        self.client = None
        self.ticket = None
        self.last_output = ""

    def on_free_ports(self, text):
        return re.sub(r"\b(3306|3307|4001|4002)\b", lambda match: self.ports[match.group()], text)

    def shell(self, block):
        for line in block.strip().splitlines():
            if line.startswith(START):
                self.start_node(line)
            elif line.startswith("mariadb "):
                self.client = shlex.split(self.on_free_ports(line))
                self.client.insert(1, "--no-defaults")
                if "-e" in self.client:
                    self.run_client(self.client)
            else:
                raise SystemExit(f"tour: README has a command that this test does not know: {line}")

    def start_node(self, line):
        # The default ports and folder belong to whoever runs this; the flags given here are those a reader could give.
        flags = shlex.split(self.on_free_ports(line[len(START):]))
        flags = flags[1:] if flags[:1] == ["--"] else flags
        if "--data" in flags:
            flags[flags.index("--data") + 1] = os.path.join(self.folder, flags[flags.index("--data") + 1])
        else:
            flags += ["--data", os.path.join(self.folder, "data"), "--mysql", "127.0.0.1:" + self.ports["3306"],
                      "--p2p", "/ip4/127.0.0.1/tcp/" + self.ports["4001"]]
        node = subprocess.Popen([HOST_BINARY, *flags], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
        self.nodes.append(node)
        ready = node.stdout.readline()
        if not re.fullmatch(r"ready mysql=\S+ p2p=/ip4/127\.0\.0\.1/tcp/\d+/p2p/\w+\n", ready):
            raise SystemExit(f"tour: the node's ready line is {ready!r}")

    def sql(self, block):
        text = block
        if "'...'" in text:
            text = text.replace("'...'", f"'{self.ticket}'")
        self.run_client([*self.client, "-t", "-e", text])
        if "p2pdb.invite" in block:
            self.ticket = max(re.findall(r"[1-9A-HJ-NP-Za-km-z]{41,}", self.last_output), key=len)

    def run_client(self, command):
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60)
        if done.returncode != 0:
            raise SystemExit(f"tour: {command} failed:\n{done.stdout}{done.stderr}")
        self.last_output = done.stdout

    def stop(self):
        codes = []
        for node in self.nodes:
            node.terminate()
        for node in self.nodes:
            codes.append(node.wait(timeout=30))
        return codes


def main():
    with open("README.md", encoding="utf-8") as readme:
        text = readme.read()
    section = text.split("## Five minutes", 1)[1].split("\n## ", 1)[0]
    with tempfile.TemporaryDirectory(prefix="p2pdb-tour-") as folder:
        tour = Tour(folder)
        try:
            tour.shell(START)
            blocks = re.findall(r"```(sh|sql)\n(.*?)```", section, re.DOTALL)
            for kind, block in blocks[:-1]:
                (tour.shell if kind == "sh" else tour.sql)(block)
            # The update travels from the second node to the first: at once, but not before the next command could start.
            deadline = time.monotonic() + 10
            while True:
                tour.shell(blocks[-1][1])
                if re.search(r"try P2PDB\s*\|\s*1\b", tour.last_output):
                    break
                if time.monotonic() > deadline:
                    raise SystemExit("tour: the first node never showed the second's update:\n" + tour.last_output)
                time.sleep(0.1)
        finally:
            codes = tour.stop()
        if any(codes):
            raise SystemExit(f"tour: the nodes ended with {codes}")
    print(f"tour: {len(blocks)} blocks of README ran as printed")


main()
