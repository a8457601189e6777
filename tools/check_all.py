"""Run every part of `make test`, two at a time where one worker is enough, and time each.

    python -m tools.check_all

A part is a target of the Makefile. All of them run, also after one has failed; at the end stands
where the time went, and what failed is shown again by name.
"""

import os
import re
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from tools.book import ROOT

CORES = max(2, os.cpu_count() or 2)
EVERY = 15  # seconds between two lines that say how far the parts are


@dataclass
class Part:
    """A command, how many workers it has, and how it went."""

    name: str
    command: list
    workers: int = 1
    process: subprocess.Popen | None = None
    log: Path | None = None
    seconds: float = 0.0

    def begin(self, folder):
        """Start it; what it says goes into a file of its own."""
        self.log, self.seconds = Path(folder) / self.name, -time.perf_counter()
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                self.command, cwd=ROOT, stdout=log, stderr=subprocess.STDOUT
            )

    def said(self):
        """Return what it has said so far."""
        return self.log.read_text(encoding="utf-8", errors="replace")

    def ended(self):
        """Tell whether it has ended, and if so show all it said."""
        if self.process.poll() is None:
            return False
        self.seconds += time.perf_counter()
        print(self.said(), flush=True)
        return True

    def progress(self):
        """Return how far it is, as far as it says so."""
        shown = re.findall(r"\[ *(\d+%)\]", self.said())
        return f"{self.name} {shown[-1] if shown else 'has begun'}"


def target(name, workers=1, *settings):
    """Return a target of the Makefile as a part."""
    make = [os.environ.get("MAKE", "make"), "--no-print-directory"]
    return Part(name, [*make, name, f"WORKERS={workers}", *settings], workers)


def parts():
    """Return the parts in the order in which they begin; the last two take all cores."""
    half = CORES // 2
    return [
        target("check-notebooks", half),
        target("check-perturbed", half),
        target("check-style"),
        target("book"),
        target("check-code", CORES),
        target("check-site", CORES, "BUILT=1"),
    ]


def run(waiting):
    """Run parts, as many at a time as there are cores, and return them all."""
    done, running, shown, total = [], [], time.perf_counter(), len(waiting)
    with tempfile.TemporaryDirectory() as folder:
        while waiting or running:
            free = CORES - sum(part.workers for part in running)
            while waiting and waiting[0].workers <= free:
                running.append(waiting.pop(0))
                running[-1].begin(folder)
                free -= running[-1].workers
                print(f"== {total - len(waiting)} of {total}: {running[-1].name}", flush=True)
            time.sleep(0.2)
            for part in [part for part in running if part.ended()]:
                running.remove(part)
                done.append(part)
            if running and time.perf_counter() - shown > EVERY:
                shown = time.perf_counter()
                print("   " + ", ".join(part.progress() for part in running), flush=True)
    return done


def report(done, name, seconds):
    """Print where the time went; exit with an error if a part has failed."""
    print("seconds  part")
    for part in sorted(done, key=lambda part: -part.seconds):
        failed = "  FAILED: see above" if part.process.returncode else ""
        print(f"{part.seconds:7.0f}  {part.name}{failed}")
    print(f"{seconds:7.0f}  in all, on {CORES} cores")
    failed = [part.name for part in done if part.process.returncode]
    if failed:
        sys.exit(f"{name}: failed: {', '.join(failed)}")
    print(f"{name}: everything passed")


def main():
    """Run all parts."""
    start = time.perf_counter()
    done = run(parts())
    report(done, "make test", time.perf_counter() - start)


if __name__ == "__main__":
    main()
