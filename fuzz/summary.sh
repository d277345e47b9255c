#!/usr/bin/env bash
# Sums the log of long runs by target: minutes, runs, runs per second, slices that failed. Usage: fuzz/summary.sh RUNS.TSV
set -euo pipefail
awk -F'\t' '
  { seconds[$2] += $4; runs[$2] += $5; failed[$2] += $8 != "holds" }
  END {
    for (target in seconds)
      printf "%s\t%.1f\t%d\t%d\t%d\n", target, seconds[target] / 60, runs[target], runs[target] / seconds[target], failed[target]
  }' "$1" | sort
