"""Runs the benchmarks and prints their rows: ratios within one run, with named baselines."""

import argparse
import os
import platform
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "app"), str(ROOT / "tests"), str(ROOT / "benchmarks")]
# Child processes find the app, its tests' worker and these modules the way this one does.
os.environ["PYTHONPATH"] = os.pathsep.join(sys.path[:3])
# A person's second start finds the modules compiled; so do these.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

from rows import BENCHMARKS  # noqa: E402 - the paths come first


def main() -> int:
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", choices=[[], *BENCHMARKS], help="default: all")
    parser.add_argument("--bare", action="store_true", help="the rows alone")
    options = parser.parse_args()
    if options.bare:
        return _print_rows(options.names)
    chosen = options.names or list(BENCHMARKS)
    print(f"{datetime.now(UTC):%Y-%m-%d}, {platform.machine()}, {os.cpu_count()} cores\n")
    print("| figure | measured | baseline | ratio | target |\n| --- | ---: | ---: | ---: | --- |")
    sys.stdout.flush()
    # Each in a process of its own: there can be one QApplication, and memory that is used stays so.
    codes = [
        subprocess.run([sys.executable, *sys.argv[:1], "--bare", name]).returncode
        for name in chosen
    ]
    return max(codes)


def _print_rows(names: list[str]) -> int:
    missed = 0
    for name in names:
        for row in BENCHMARKS[name]():
            print(row.as_markdown(), flush=True)
            missed += not row.is_met
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
