"""Part 1: one digit of a stored output, a figure, a published value or a sentence is changed.

All notebooks run once, under the real command line. In each of them one stored digit is wrong,
and exactly that cell must fail. Beside it a plugin compares the fresh outputs of every cell with
changed ones, by the same comparison: that is why thousands of changes need one run.
"""

import json
import random
import re
import sys
from dataclasses import dataclass
from functools import cache

from tools.prove import changes, scratch
from tools.prove.record import Outcome, expected

COMMAND = (
    *("-q", "-n", "2", "--dist", "loadfile", "-p", "tools.nbval_plugin"),
    *("--nbval", "--nbval-current-env", "-W", "default"),
)
PLUGIN = ("-p", "tools.prove.nbval_plugin")


def load(path):
    """Return a notebook as a dict."""
    return json.loads(path.read_text(encoding="utf-8"))


def joined(outputs):
    """Return stored outputs with every text as one string."""
    whole = json.loads(json.dumps(outputs))
    for output in whole:
        for holder in (output, output.get("data", {})):
            for key, value in holder.items():
                if key != "traceback" and isinstance(value, list):
                    holder[key] = "".join(value)
    return whole


def spoil(path, seed):
    """Change one stored digit of a notebook; return the cell that must fail, and what changed."""
    notebook, found, number = load(path), [], 0
    for cell in notebook["cells"]:
        if cell["cell_type"] != "code":
            continue
        options = list(changes.output_changes(joined(cell["outputs"]), seed))
        found += [(cell, number, says, outputs) for _, says, outputs in options]
        number += 1
    cell, number, says, outputs = random.Random(f"{seed} {path.name}").choice(found)
    cell["outputs"] = outputs
    path.write_text(json.dumps(notebook, ensure_ascii=False), encoding="utf-8")
    return number, says


def failed_cells(output):
    """Return ``{(notebook, cell)}`` from the summary of pytest."""
    pattern = r"(?m)^(?:FAILED|ERROR) book/(\w+\.ipynb)::Cell (\d+)"
    return {(name, int(cell)) for name, cell in re.findall(pattern, output)}


@dataclass(frozen=True)
class Run:
    """What one run of all notebooks found.

    `spoiled` holds the changed cell of each notebook and what was changed, `red` the cells that
    failed, `lines` what the plugin wrote for each cell.
    """

    spoiled: dict
    red: set
    lines: list

    @property
    def different(self):
        """The cells whose outputs are not what is stored, whatever was spoiled."""
        cells = {(name, cell) for name, (cell, _) in self.spoiled.items()}
        return (self.red - cells) | {
            (line["notebook"], line["cell"]) for line in self.lines if not line["unchanged"]
        }


@cache
def compared(seed, everything):
    """Spoil one digit in each notebook, run them all, and compare all the changes."""
    with scratch.copy() as root:
        spoiled = {p.name: spoil(p, seed) for p in sorted((root / "book").glob("*.ipynb"))}
        cells = root / "cells.jsonl"
        plugin = {"PROVE_BOOK": str(scratch.ROOT / "book"), "PROVE_CELLS": str(cells)}
        plugin |= {"PROVE_SEED": str(seed), "PROVE_ALL": str(int(everything))}
        done = scratch.pytest(root, *COMMAND, *PLUGIN, "book", timeout=20000, **plugin)
        if not cells.exists():
            raise RuntimeError((done.stdout + done.stderr)[-2000:])
        lines = [json.loads(line) for line in cells.read_text(encoding="utf-8").splitlines()]
    return Run(spoiled, failed_cells(done.stdout), lines)


def prove_outputs(found, seed, everything):
    """Count the spoiled cells that failed, and the changes that were noticed."""
    run = compared(seed, everything)
    for name, (cell, says) in run.spoiled.items():
        found.add("runs of nbval", (name, cell) in run.red, f"{name} cell {cell}: {says}")
    for line in run.lines:
        for kind, tried in line["tried"].items():
            found.tried[kind] = found.tried.get(kind, 0) + tried
            found.caught[kind] = found.caught.get(kind, 0) + line["caught"][kind]
        where = f"{line['notebook']} cell {line['cell']}"
        found.survived += [f"{where}: {text}" for text in line["missed"]]
    found.problems += [
        f"{name} cell {cell} differs with nothing changed: run make check-notebooks, then make "
        "prove PART=perturbed"
        for name, cell in sorted(run.different)
    ]
    for path in sorted((scratch.ROOT / "book").glob("*.ipynb")):
        wanted = sum(c["cell_type"] == "code" for c in load(path)["cells"])
        got = sum(line["notebook"] == path.name for line in run.lines)
        if got != wanted:
            found.problems.append(f"{path.name}: {got} of {wanted} code cells were compared")


def texts(path):
    """Return the texts of a page."""
    if path.suffix == ".md":
        return [path.read_text(encoding="utf-8")]
    return ["".join(c["source"]) for c in load(path)["cells"] if c["cell_type"] == "markdown"]


def prove_prose(found, book):
    """Change each digit in front of a marker, one at a time, and ask the prose check."""
    from tools import prose

    values = prose.all_published(book)

    def complaints(path, text):
        problems = []
        new = prose.substitute(text, values, prose.key(path), path.name, problems)
        prose.compare(text, new, path.name, problems, True)
        return problems

    for path, _ in prose.pages(book):
        for text in texts(path):
            if wrong := complaints(path, text):
                found.problems.append(f"with nothing changed, {wrong[0]}")
                continue
            for says, broken in changes.prose_changes(text, prose.MARKER):
                problems = complaints(path, broken)
                named = len(problems) == 1 and path.name in str(problems[0])
                found.add("prose numbers", named, f"{path.name}: {says}")


def prove_prose_test(found, root, seed):
    """Change one prose number on every page; the test must name each of them."""
    from tools import prose

    wanted = []
    for path, _ in prose.pages(root / "book"):
        text = path.read_text(encoding="utf-8")
        options = list(changes.prose_changes(text, prose.MARKER))
        if options:
            says, broken = random.Random(f"{seed} {path.name}").choice(options)
            path.write_text(broken, encoding="utf-8")
            wanted.append((path.name, says))
    test = "tests/book_tests/test_prose.py::test_marked_numbers_are_what_the_cells_computed"
    done = scratch.pytest(root, "-q", test)
    for name, says in wanted:
        named = re.search(rf"(?m)^E .*{name}\b.*the prose says", done.stdout)
        found.add("runs of the prose test", done.returncode == 1 and named, f"{name}: {says}")


def prove(everything, seed):
    """Change what is stored, and return what noticed."""
    sys.path.insert(0, str(scratch.ROOT))
    found, listed = Outcome("notebooks", complete=everything), expected("notebooks")
    prove_prose(found, scratch.ROOT / "book")
    with scratch.copy() as root:
        prove_prose_test(found, root, seed)
    prove_outputs(found, seed, everything)
    found.gone += [f"{name} (caught now)" for name in listed if name not in found.survived]
    return found
