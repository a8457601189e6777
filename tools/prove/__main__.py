"""Run the parts that are asked for, print the table, and fail if something went unnoticed."""

import argparse
import importlib
import sys
import time

from tools.prove import record

PARTS = ("prose", "mutants", "exercises", "gates", "precision", "perturbed")


def asked(arguments):
    """Return what the command line asks for."""
    parser = argparse.ArgumentParser(prog="python -m tools.prove", description=__doc__)
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], help="default: all of them")
    parser.add_argument("--all", action="store_true", help="no samples (hours)")
    parser.add_argument("--seed", type=int, default=0, help="of the samples")
    return parser.parse_args(arguments)


def run(part, everything, seed):
    """Run one part; an error in it is its result, so that the others still run."""
    start = time.perf_counter()
    print(f"== {part}", flush=True)
    try:
        found = importlib.import_module(f"tools.prove.{part}").prove(everything, seed)
    except Exception as error:
        found = record.Outcome(part, problems=[f"{part} stopped: {error!r}"])
    found.seconds = time.perf_counter() - start
    return found


def report(outcomes, entries):
    """Print notes, surprises and the table; return whether all is as it should be."""
    good = True
    for found in outcomes:
        for note in found.notes:
            print(f"{found.part}: {note}")
    for found in outcomes:
        for line in found.surprises(entries):
            print(f"{found.part}: {line}")
            good = False
    print()
    print("\n".join(record.table(outcomes, entries)))
    return good


def main(arguments):
    """Run the proof."""
    options = asked(arguments)
    entries, outcomes = record.allowed_survivors(), []
    for part in options.parts or PARTS:
        outcomes.append(run(part, options.all, options.seed))
    good = report(outcomes, entries)
    print("\nmake prove:", "nothing went unnoticed" if good else "see the lines above the table")
    sys.exit(not good)


if __name__ == "__main__":
    main(sys.argv[1:])
