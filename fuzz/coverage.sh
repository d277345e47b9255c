#!/usr/bin/env bash
# Prints for each fuzz target what share of its decoder's lines a run of it reaches: target, lines reached, lines, percent.
# Usage: fuzz/coverage.sh [SECONDS [TARGET...]]. The tests must be built: dotnet build -c Release. Uses coverlet.
set -euo pipefail
cd "$(dirname "$0")/.."
seconds=${1:-20}
shift || true
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Coverlet rewrites the assemblies that it counts in: a copy, so that builds and other runs are left alone.
cp -r artifacts/bin/P2PDB.Fuzz.Tests/release "$work/bin"
dotnet artifacts/bin/P2PDB.Fuzz/release/p2pdb-fuzz.dll list --decoders > "$work/decoders"
cat > "$work/coverage.runsettings" <<'XML'
<RunSettings><DataCollectionRunSettings><DataCollectors><DataCollector friendlyName="XPlat code coverage"><Configuration>
  <Format>cobertura</Format><Include>[P2PDB.Primitives]*,[P2PDB.Engine]*,[P2PDB.Network]*,[P2PDB.Server]*,[p2pdb]*</Include>
</Configuration></DataCollector></DataCollectors></DataCollectionRunSettings></RunSettings>
XML

packages=$(dotnet nuget locals global-packages --list | sed 's/^global-packages: //')
coverlet=$(echo "$packages"coverlet.collector/*/build/*)

low=0
while IFS=$'\t' read -r target decoder; do
  if (($#)) && [[ " $* " != *" $target "* ]]; then continue; fi
  rm -rf "$work/results"
  P2PDB_FUZZ_TARGET=$target P2PDB_FUZZ_SECONDS=$seconds dotnet test "$work/bin/P2PDB.Fuzz.Tests.dll" \
    --filter "FullyQualifiedName~FuzzTargetsTests" --collect "XPlat Code Coverage" --settings "$work/coverage.runsettings" \
    --test-adapter-path "$coverlet" --results-directory "$work/results" > "$work/log" 2>&1 < /dev/null || { cat "$work/log"; low=1; }
  python3 fuzz/coverage.py "$target" "$(find "$work/results" -name coverage.cobertura.xml | head -1)" $decoder || low=1
done < "$work/decoders"
exit $low
