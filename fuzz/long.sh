#!/usr/bin/env bash
# Runs all fuzz targets in turns, a slice each, until each has run for MINUTES; PROCESSES of them at a time. What was found, the
# corpus and a log lie in FOLDER; started again with the same folder, it goes on where it was.
# Usage: fuzz/long.sh BINARY FOLDER [MINUTES [SLICE_SECONDS [PROCESSES]]]. BINARY is p2pdb-fuzz.dll of a published copy, which builds
# leave alone.
set -euo pipefail
binary=$(realpath "$1")
mkdir -p "$2"
folder=$(realpath "$2")
minutes=${3:-30}
slice=${4:-60}
processes=${5:-1}
log=$folder/runs.tsv
touch "$log"

# Runs one slice of the target. A failure has written its input and its line in the log; a crash of the process has not: then the line says so.
# A slice that was told to end (143) does not count.
run_slice() {
  local target=$1 status=0 lines
  lines=$(cut -f2 "$log" | grep -cxF "$target" || true)
  dotnet "$binary" "$target" --seconds "$slice" --seed $((lines + 1)) --corpus "$folder/corpus" \
    --findings "$folder/findings" --log "$log" >> "$folder/output.txt" 2>&1 || status=$?
  if ((status != 143 && $(cut -f2 "$log" | grep -cxF "$target" || true) == lines)); then
    printf '%s\t%s\t0\t%s\t0\t0\t0\tcrashed\n' "$(date -u +%FT%TZ)" "$target" "$slice" >> "$log"
  fi
}
export -f run_slice
export binary folder slice log

# The targets that have not had their minutes, the one with the fewest first.
unfinished() {
  dotnet "$binary" list | awk -F'\t' -v limit=$((minutes * 60)) '
    reading == "log" { sum[$2] += $4; next }
    sum[$1] < limit { print sum[$1] + 0 "\t" $1 }' reading=log "$log" reading=list - | sort -n | cut -f2
}

while targets=$(unfinished) && [[ $targets ]]; do
  xargs -P "$processes" -I {} bash -c 'run_slice {}' <<< "$targets"
done
echo "done: each target ran for $minutes minutes" >> "$folder/output.txt"
