#!/usr/bin/env bash
# Runs all fuzz targets in turns, a slice each and one process at a time, until each has run for MINUTES. What was found, the
# corpus and a log lie in FOLDER; started again with the same folder, it goes on where it was.
# Usage: fuzz/long.sh BINARY FOLDER [MINUTES [SLICE_SECONDS]]. BINARY is p2pdb-fuzz.dll of a published copy, which builds leave alone.
set -euo pipefail
binary=$(realpath "$1")
mkdir -p "$2"
folder=$(realpath "$2")
minutes=${3:-30}
slice=${4:-60}
log=$folder/runs.tsv
touch "$log"

seconds_of() { awk -F'\t' -v target="$1" '$2 == target { sum += $4 } END { print int(sum) }' "$log"; }
rounds_of() { awk -F'\t' -v target="$1" '$2 == target { count++ } END { print count + 1 }' "$log"; }

mapfile -t targets < <(dotnet "$binary" list)
goes_on=1
while ((goes_on)); do
  goes_on=0
  for target in "${targets[@]}"; do
    (($(seconds_of "$target") < minutes * 60)) || continue
    goes_on=1
    # A failure has written its input and its line in the log; a crash of the process has not: then the line says so.
    lines=$(wc -l < "$log")
    dotnet "$binary" "$target" --seconds "$slice" --seed "$(rounds_of "$target")" --corpus "$folder/corpus" \
      --findings "$folder/findings" --log "$log" >> "$folder/output.txt" 2>&1 || true
    if (($(wc -l < "$log") == lines)); then
      printf '%s\t%s\t0\t%s\t0\t0\t0\tcrashed\n' "$(date -u +%FT%TZ)" "$target" "$slice" >> "$log"
    fi
  done
done
echo "done: each target ran for $minutes minutes" >> "$folder/output.txt"
