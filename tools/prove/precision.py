"""Every loss and gradient is as exact as its inputs allow, on 10,000 inputs of each function.

The comparison and its bound are those of `tests/lossutils_tests/exact.py`, which `make test` runs
on 200 inputs. The table names the worst of each function in units of eps (1 + kappa).
"""

import json

from tools.prove import scratch
from tools.prove.record import Outcome, expected

TEST = "tests/lossutils_tests/test_precision.py"
INPUTS = 10_000
ALLOWED = 8


def worst(lines):
    """Return the worst rounding of each function and part, and the call that gave it."""
    found = {}
    for name, part, rounding, call in map(json.loads, lines):
        if rounding >= found.get((name, part), (-1, ""))[0]:
            found[name, part] = rounding, call
    return found


def note(found, results):
    """Count every function and part, and say how near to the bound it came."""
    for (name, part), (rounding, call) in sorted(results.items()):
        caught = rounding <= ALLOWED
        found.add("results", caught, f"{name}, {part}")
        found.notes.append(f"{name}, {part}: {rounding:.2f} eps (1 + kappa)")
        if not caught:
            found.notes.append(f"    {call}")


def prove(everything, seed):
    """Compare all functions on many inputs, and return those that miss the bound."""
    found, listed = Outcome("precision", complete=True), expected("precision")
    with scratch.copy() as root:
        report = root / "precision.jsonl"
        settings = {"PRECISION_INPUTS": str(INPUTS * (10 if everything else 1))}
        settings |= {"PRECISION_SEED": str(seed), "PRECISION_REPORT": str(report)}
        done = scratch.pytest(root, "-q", "-n", "2", TEST, timeout=20000, **settings)
        results = worst(report.read_text(encoding="utf-8").splitlines()) if report.exists() else {}
    note(found, results)
    missed = any(rounding > ALLOWED for rounding, _ in results.values())
    if not results or bool(done.returncode) != missed:
        found.problems.append(f"{TEST} failed for another reason: {done.stdout[-2000:]}")
    found.gone += [
        f"{name} (within the bound now)" for name in listed if name not in found.survived
    ]
    return found
