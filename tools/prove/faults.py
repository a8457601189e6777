"""What a fault is: one thing broken in one file, and the test that must say so."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass

from tools.book import SVG, parse, tags


@dataclass(frozen=True)
class Fault:
    """One thing broken: `change` turns the text of `file` into a wrong one.

    `test` is the node id of the test that must fail (or how it begins, for a test with
    parameters); `says` must be in its message, so that somebody can find the fault by it.
    """

    name: str
    file: str
    change: Callable[[str], str]
    test: str
    says: str


def sub(pattern, replacement, count=1):
    """Return a change: replace a pattern, which must be there."""

    def change(text):
        new, found = re.subn(pattern, replacement, text, count=count)
        if not found:
            raise ValueError(f"nothing matches {pattern!r}")
        return new

    return change


def append(addition):
    """Return a change: add to the end."""
    return lambda text: text + addition


def notebook(change):
    """Return a change of a notebook's text from a function that changes it as a dict."""

    def changed(text):
        book = parse(text)
        change(book["cells"], book)
        return json.dumps(book, ensure_ascii=False)

    return changed


def code_cell(change, wanted=lambda cell: True):
    """Return a change of the middle one of the code cells that are wanted."""

    def changed(cells, book):
        found = [c for c in cells if c["cell_type"] == "code" and c["source"] and wanted(c)]
        change(found[len(found) // 2])

    return notebook(changed)


def draws(cell):
    """Tell whether a cell draws a figure."""
    return any(SVG in out.get("data", {}) for out in cell["outputs"])


def figure_cell(change):
    """Return a change of a cell that draws a figure."""
    return code_cell(change, draws)


def tagged(tag, change):
    """Return a change of a code cell with a tag."""
    return code_cell(change, lambda cell: tag in tags(cell))


def prose_cell(change, wanted=lambda source: True):
    """Return a change of the text of the first markdown cell that is wanted."""

    def changed(cells, book):
        found = [c for c in cells if c["cell_type"] == "markdown" and wanted(c["source"])]
        found[0]["source"] = change(found[0]["source"])

    return notebook(changed)


def edited(key, value):
    """Return a function that sets one entry of a cell."""

    def change(cell):
        cell[key] = value(cell[key]) if callable(value) else value

    return change
