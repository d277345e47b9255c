#!/usr/bin/env bash
# Two nodes on one network find each other without being told, and sync: also after a restart on other ports, when nothing they know of
# each other is true any more. Runs in a network namespace of its own, so that no multicast leaves it; needs root.
set -euo pipefail
if [[ ${1:-} != inside ]]; then
  exec unshare --net bash "$0" inside
fi
cd "$(dirname "$0")/../.."

ip link set lo up
ip link add lan0 type veth peer name lan1
for device in lan0 lan1; do
  ip link set "$device" up multicast on
done
ip addr add 10.77.0.1/24 dev lan0

work=$(mktemp -d)
source tests/lib.sh
trap 'stop_all; rm -rf "$work"' EXIT
node_p2p_listen[a]=/ip4/10.77.0.1/tcp/0
node_p2p_listen[b]=/ip4/10.77.0.1/tcp/0

is() { [[ $(sql "$1" "$2" 2>/dev/null) == "$3" ]]; }
listens() { ss -uln | grep ":5353" >/dev/null; }
found() { is "$1" "SELECT COUNT(*) > 0 FROM p2pdb.peers" 1; }

start_node a                   # mDNS is on by itself: they listen beyond loopback.
start_node b
wait_for 30 found a
wait_for 30 found b
listens || { echo "nothing listens to mDNS, or ss does not say so"; exit 1; }
echo "nodes that know nothing of each other connect"

sql a "CREATE DATABASE app; CREATE TABLE app.t (k INT PRIMARY KEY); INSERT INTO app.t VALUES (1)"
ticket=$(sql a "CALL p2pdb.invite('app', 'write')")
sql b "CALL p2pdb.join('$ticket')" >/dev/null
wait_for 30 is b "SELECT COUNT(*) FROM app.t" 1

stop_node a
stop_node b
node_mysql=()
rm -f "$work"/[ab]/peers.txt
start_node a
start_node b
sql a "INSERT INTO app.t VALUES (2)"
wait_for 60 is b "SELECT COUNT(*) FROM app.t" 2
sql b "INSERT INTO app.t VALUES (3)"
wait_for 60 is a "SELECT COUNT(*) FROM app.t" 3
echo "they find each other again on other ports, and sync"

stop_node a
stop_node b
start_node a --mdns off
listens && { echo "--mdns off listens all the same"; exit 1; }
echo "off is off"
