# Sourced by the scripts that start nodes. Every node listens on 127.0.0.1, on free ports, with its data under $work;
# whoever sources this sets $work and calls stop_all in a trap.

p2pdb=${P2PDB:-$(dirname "${BASH_SOURCE[0]}")/../artifacts/bin/P2PDB.Host/release/p2pdb}
declare -A node_pid node_mysql node_p2p

# start_node NAME [FLAG…]: starts a node on $work/NAME and waits, at most 60 s, for its ready line.
start_node() {
  local name=$1 ready
  shift
  : >"$work/$name.out"   # Of an earlier start of this name: its ready line must not be taken for the new one.
  "$p2pdb" start --data "$work/$name" --mysql "127.0.0.1:${node_mysql[$name]:-0}" \
    --p2p "${node_p2p_listen[$name]:-/ip4/127.0.0.1/tcp/0}" "$@" >"$work/$name.out" 2>>"$work/$name.log" &
  node_pid[$name]=$!
  local deadline=$((SECONDS + 60))
  until ready=$(grep -m1 '^ready ' "$work/$name.out" 2>/dev/null); do
    if ! kill -0 "${node_pid[$name]}" 2>/dev/null || ((SECONDS > deadline)); then
      echo "node $name did not become ready:" >&2
      tail -n 20 "$work/$name.log" >&2
      return 1
    fi
    sleep 0.05
  done
  node_mysql[$name]=$(sed -E 's/.*mysql=[^ ]*:([0-9]+).*/\1/' <<<"$ready")
  node_p2p[$name]=$(sed -nE 's/.* p2p=([^ ,]+).*/\1/p' <<<"$ready")
}
declare -A node_p2p_listen

# stop_node NAME: SIGTERM, and the exit status of the node.
stop_node() {
  kill "${node_pid[$1]}" 2>/dev/null || true
  local status=0
  wait "${node_pid[$1]}" 2>/dev/null || status=$?
  unset "node_pid[$1]"
  return $status
}

# kill_node NAME: kill -9.
kill_node() {
  kill -9 "${node_pid[$1]}" 2>/dev/null || true
  wait "${node_pid[$1]}" 2>/dev/null || true
  unset "node_pid[$1]"
}

stop_all() {
  local name
  for name in "${!node_pid[@]}"; do
    kill_node "$name"
  done
}

# sql NAME STATEMENTS: runs them with the mariadb command line, as batch output without headers.
sql() {
  mariadb --no-defaults -h 127.0.0.1 -P "${node_mysql[$1]}" -u root -N -B -e "$2"
}

# wait_for SECONDS COMMAND…: until the command succeeds, or fails after the time.
wait_for() {
  local deadline=$((SECONDS + $1))
  shift
  until "$@" >/dev/null 2>&1; do
    if ((SECONDS > deadline)); then
      echo "waited in vain for: $*" >&2
      return 1
    fi
    sleep 0.1
  done
}
