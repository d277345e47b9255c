#!/usr/bin/python3
"""Runs the micro-benchmarks and compares them with the committed baselines.

  bench/run.py                      all classes, each in a process of its own: prints a table for each
  bench/run.py Blake3 Commit        the classes whose names contain one of the words
  bench/run.py --save [WORD...]     the same, and writes bench/baselines/CLASS.json
  bench/run.py --no-build           uses what was built last
  bench/run.py --ratios [WORD...]   compares each benchmark's ratio to the first of its class with the committed one too: on a quiet machine
  bench/run.py Commit -- --iterationCount 20 --iterationTime 500     options of BenchmarkDotNet, here for more precision

`taskset -c 1 bench/run.py` keeps all on one core, as the baselines were taken. Exit status 1: a benchmark allocates more than its baseline, is new
or failed; with --ratios also: its time by that of the class's first benchmark is more than 15 % away from the baseline's in each of three runs. Times themselves are
only shown: they depend on the machine and on what else runs there; allocated bytes do not.
"""
import argparse
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

BENCH = pathlib.Path(__file__).resolve().parent
REPOSITORY = BENCH.parent
BASELINES = BENCH / "baselines"
PROJECT = BENCH / "P2PDB.Bench"
PROGRAM = REPOSITORY / "artifacts/bin/P2PDB.Bench/release/P2PDB.Bench.dll"
# Bytes allocated are exact where one thread works; where others work along they may differ by this much. Nothing allocated stays nothing.
ALLOCATION_TOLERANCE = 0.05
# Each commit stays in the log, whose lists double now and then, and a journal begins a segment now and then: the average depends on how many
# operations a run made. Shown, not judged.
GROWING = ("Commit.CommitBenchmarks", "Commit.LeadBenchmarks", "PointBenchmarks Update", "JournalBenchmarks CachedAppend")


# A ratio within one run says what code does, as far as nothing else disturbs the run: the best of some runs counts.
RATIO_TOLERANCE = 0.15
RATIO_RUN_COUNT = 3


class FailedRun(Exception):
    """A class whose benchmarks did not all come to an end."""


def classes(words):
    """Full names of the benchmark classes that a word names."""
    listed = subprocess.run(["dotnet", PROGRAM, "--list", "flat"], capture_output=True, text=True, check=True, cwd=tempfile.gettempdir())
    names = sorted({line.strip().rsplit(".", 1)[0] for line in listed.stdout.splitlines() if line.startswith("P2PDB.Bench.")})
    chosen = [name for name in names if not words or any(word.lower() in name.lower() for word in words)]
    if not chosen:
        sys.exit(f"no benchmark class is named like {' '.join(words)}")
    return chosen


def run(name, options):
    """Runs one class; returns its figures by benchmark, and the machine."""
    # Beside the repository, not in /tmp: the disk is part of what is measured, and /tmp may be memory.
    with tempfile.TemporaryDirectory(prefix="bench-", dir=REPOSITORY / "artifacts") as folder:
        output = subprocess.run(["dotnet", PROGRAM, "--filter", f"{name}.*", "--artifacts", folder, *options], capture_output=True, text=True, cwd=folder)
        reports = list(pathlib.Path(folder, "results").glob("*-report-brief.json"))
        if output.returncode != 0 or len(reports) != 1:
            print(output.stdout[-4000:], output.stderr[-2000:], file=sys.stderr)
            raise FailedRun(f"{name} failed")
        report = json.loads(reports[0].read_text(encoding="utf-8-sig"))
    figures = {}
    for benchmark in report["Benchmarks"]:
        statistics = benchmark["Statistics"]
        if statistics is None:
            raise FailedRun(f"{benchmark['DisplayInfo']} failed")
        parameters = f" [{benchmark['Parameters']}]" if benchmark["Parameters"] else ""
        figures[benchmark["Method"] + parameters] = {
            "medianNs": float(f"{statistics['Median']:.4g}"),
            "spread": round((statistics["Q3"] - statistics["Q1"]) / statistics["Median"], 3),
            "allocatedBytes": benchmark["Memory"]["BytesAllocatedPerOperation"],
        }
    host = report["HostEnvironmentInfo"]
    cores = len(os.sched_getaffinity(0))
    return figures, f"{host['ProcessorName']} with {instructions()}, {cores} core{'s' if cores > 1 else ''}, {host['RuntimeVersion']}"


def instructions():
    """What of the processor decides how fast hashes are."""
    flags = re.search(r"^flags\s*:(.*)$", pathlib.Path("/proc/cpuinfo").read_text(encoding="ascii"), re.MULTILINE).group(1).split()
    return " ".join(flag for flag in ("avx2", "avx512f", "sha_ni") if flag in flags) or "neither AVX2 nor SHA"


def commit():
    described = subprocess.run(["git", "describe", "--always", "--dirty", "--abbrev=7", "--exclude=*"], capture_output=True, text=True, cwd=REPOSITORY)
    return described.stdout.strip() or "unknown"


def time_text(nanoseconds):
    for unit, length in (("ms", 1e6), ("µs", 1e3)):
        if nanoseconds >= length:
            return f"{nanoseconds / length:,.4g} {unit}"
    return f"{nanoseconds:.4g} ns"


def allocation_grew(label, now, before):
    if before > 0 and any(growing in label for growing in GROWING):
        return False
    return now > before * (1 + ALLOCATION_TOLERANCE)


def own_ratios(figures):
    """Each benchmark's median by that of the class's first one with the same parameters."""
    first = {}
    return {benchmark: figure["medianNs"] / first.setdefault(benchmark.partition(" ")[2], figure["medianNs"]) for benchmark, figure in figures.items()}


def drifted(figures, baseline, suspects):
    """Those of the suspects whose ratio is not the baseline's."""
    known, now = own_ratios(baseline.get("benchmarks", {})), own_ratios(figures)
    return [benchmark for benchmark in suspects
            if benchmark in known and not 1 / (1 + RATIO_TOLERANCE) <= now[benchmark] / known[benchmark] <= 1 + RATIO_TOLERANCE]


def compare(name, figures, baseline):
    """Prints the table of one class, with ratios to its own baseline method and to the committed times; returns what allocates more than it did, or has no baseline."""
    known = baseline.get("benchmarks", {})
    print(f"\n### {name.removeprefix('P2PDB.Bench.')}")
    print("| benchmark | median | spread | × first | allocated | × committed |\n|---|---|---|---|---|---|")
    complaints = []
    own = own_ratios(figures)
    for benchmark, now in figures.items():
        before = known.get(benchmark)
        drift = f"{now['medianNs'] / before['medianNs']:.2f}" if before else "new"
        allocated = f"{now['allocatedBytes']:,} B"
        if before is None:
            complaints.append(f"{name} {benchmark}: no baseline")
        elif allocation_grew(f"{name} {benchmark}", now["allocatedBytes"], before["allocatedBytes"]):
            allocated += f" (was {before['allocatedBytes']:,} B)"
            complaints.append(f"{name} {benchmark}: allocates {now['allocatedBytes']:,} B, the baseline {before['allocatedBytes']:,} B")
        print(f"| {benchmark} | {time_text(now['medianNs'])} | {now['spread']:.0%} | {own[benchmark]:.2f} | {allocated} | {drift} |", flush=True)
    return complaints


def main():
    arguments, separator, options = sys.argv[1:], "--", []
    if separator in arguments:
        options = arguments[arguments.index(separator) + 1:]
        arguments = arguments[:arguments.index(separator)]
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("words", nargs="*")
    parser.add_argument("--save", action="store_true")
    parser.add_argument("--no-build", action="store_true")
    parser.add_argument("--ratios", action="store_true")
    chosen = parser.parse_args(arguments)

    if not chosen.no_build:
        subprocess.run(["dotnet", "build", "-c", "Release", "-v", "quiet", "-nologo", PROJECT], check=True)
    complaints = []
    failures = []
    for name in classes(chosen.words):
        try:
            figures, machine = run(name, options)
        except FailedRun as failure:
            failures.append(str(failure))
            continue
        path = BASELINES / f"{name.removeprefix('P2PDB.Bench.')}.json"
        baseline = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
        complaints += compare(name, figures, baseline)
        if chosen.ratios and not chosen.save:
            try:
                suspects = drifted(figures, baseline, figures)
                for _ in range(1, RATIO_RUN_COUNT):
                    if suspects:
                        suspects = drifted(run(name, options)[0], baseline, suspects)
            except FailedRun as failure:
                failures.append(str(failure))
                continue
            complaints += [f"{name} {benchmark}: its ratio to the class's first is not the baseline's" for benchmark in suspects]
        if chosen.save:
            BASELINES.mkdir(exist_ok=True)
            saved = {"commit": commit(), "machine": machine, "benchmarks": figures}
            path.write_text(json.dumps(saved, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    if chosen.save:
        complaints = []   # what was saved is the baseline from now on
    if not complaints and not failures:
        return 0
    print("\n" + "\n".join(complaints + failures), file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
