"""A plugin for pytest --nbval: compare what each cell gave with many changed stored outputs.

Loaded with ``-p tools.prove.nbval_plugin``. It reads the notebooks as they should be from the
folder PROVE_BOOK and appends a line for each cell to the file PROVE_CELLS. The comparison is
nbval's own (`IPyNbCell.compare_outputs`), on the outputs that the cell has given just now.
"""

import json
import os
from functools import cache
from pathlib import Path

import nbformat
from nbval.plugin import coalesce_streams

from tools.prove.changes import output_changes

EXAMPLES = 5


@cache
def stored(name):
    """Return the code cells of a notebook as they should be."""
    notebook = nbformat.read(Path(os.environ["PROVE_BOOK"], name), as_version=4)
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def same(item, outputs):
    """Tell whether nbval finds no difference between what was given now and these outputs."""
    return item.compare_outputs(item.test_outputs, coalesce_streams(outputs))


def compare(item):
    """Compare the outputs of a cell with every change; return what was tried and missed."""
    outputs = list(stored(item.path.name)[item.cell_num].outputs)
    item.format_output_compare = lambda *_: None  # the long message; the verdict is the same
    found = {"unchanged": same(item, outputs), "tried": {}, "caught": {}, "missed": []}
    everything = os.environ.get("PROVE_ALL") == "1"
    for kind, says, other in output_changes(outputs, os.environ.get("PROVE_SEED"), everything):
        found["tried"][kind] = found["tried"].get(kind, 0) + 1
        caught = not same(item, other)
        found["caught"][kind] = found["caught"].get(kind, 0) + caught
        if not caught and len(found["missed"]) < EXAMPLES:
            found["missed"].append(says)
    return found


def pytest_runtest_teardown(item):
    """Write a line for the cell that has just run."""
    if getattr(item, "test_outputs", None) is None:
        return
    line = {"notebook": item.path.name, "cell": item.cell_num, **compare(item)}
    with open(os.environ["PROVE_CELLS"], "a", encoding="utf-8") as target:
        target.write(json.dumps(line) + "\n")
