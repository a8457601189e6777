"""Run notebooks again in place, fill in the prose numbers, and show every output that changed.

    python -m tools.refresh [book/03_regression.ipynb ...]

This is the only program that writes stored outputs. It runs each notebook from top to bottom in
a fresh kernel, keeps only what is the same on every machine (no times, no paths, no versions),
and prints each output and prose number that is not what it was, so that you read a changed number
before you commit it. A notebook that fails is left untouched.
"""

import difflib
import os
import re
import sys
import time
import zlib
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

from tools import compare_figures, prose
from tools.book import BOOK, KERNEL, SVG, notebooks

LANGUAGE = {"name": "python", "file_extension": ".py", "mimetype": "text/x-python"}
ANSI = re.compile(r"\x1b\[[0-9;]*m")


def execute(path):
    """Return the notebook at `path`, run from top to bottom in a fresh kernel."""
    notebook = nbformat.read(path, as_version=4)
    NotebookClient(
        notebook,
        timeout=300,
        kernel_name="python3",
        resources={"metadata": {"path": str(path.parent)}},
    ).execute()
    return notebook


def normalize(notebook):
    """Keep only what is the same on every machine."""
    notebook.metadata = nbformat.from_dict({"kernelspec": KERNEL, "language_info": LANGUAGE})
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    for number, cell in enumerate(notebook.cells):
        cell.setdefault("id", f"cell-{number}")  # older editors give none
        cell.metadata.pop("execution", None)
        for transient in ("collapsed", "scrolled", "editable", "slideshow", "trusted", "jupyter"):
            cell.metadata.pop(transient, None)
        for output in cell.get("outputs", []):
            if output.output_type == "error":
                # A traceback names files of this machine; its last line is what a reader needs.
                output.evalue = ANSI.sub("", output.evalue)
                output.traceback = [f"{output.ename}: {output.evalue}"]
        merge_streams(cell)
    return notebook


def merge_streams(cell):
    """Join neighboring pieces of stdout: how a kernel cuts them up depends on timing.

    Stored values, which no reader sees, go to the end: the rows between them are one text.
    """
    if cell.cell_type != "code":
        return
    merged = []
    for output in sorted(cell.outputs, key=lambda o: "scrapbook" in o.get("metadata", {})):
        last = merged[-1] if merged else None
        if last and output.output_type == last.output_type == "stream" and output.name == last.name:
            last.text += output.text
        else:
            merged.append(output)
    cell.outputs = merged


def keep_figures(before, after):
    """Keep the stored figures where a figure of now looks the same: only what changed is new."""
    old = {cell.id: cell.get("outputs", []) for cell in before.cells}
    for cell in after.cells:
        for number, (was, now) in enumerate(
            zip(old.get(cell.id, []), cell.get("outputs", []), strict=False)
        ):
            same = compare_figures.settled(was, now)
            if compare_figures.drawings(now) and same[0] == same[1]:
                cell.outputs[number] = was


def describe(output):
    """Return an output as lines of text that a person can compare."""
    if output.output_type == "stream":
        return [f"{output.name}: {line}" for line in output.text.splitlines()]
    if output.output_type == "error":
        return output.traceback
    name = output.get("metadata", {}).get("scrapbook", {}).get("name")
    lines = []
    for mime, data in output.data.items():
        if name:
            lines.append(f"published {name} = {data}")
        elif mime == SVG:
            lines.append(f"figure {zlib.crc32(data.encode()):08x}")
        elif mime != "text/plain" or len(output.data) == 1:
            lines += f"{data}".splitlines()
    return lines


def report_changes(path, before, after):
    """Print the outputs that differ and return how many cells they belong to."""
    old = {cell.id: cell for cell in before.cells if cell.cell_type == "code"}
    changed = 0
    for cell in after.cells:
        if cell.cell_type != "code":
            continue
        was = [line for out in old.get(cell.id, {}).get("outputs", []) for line in describe(out)]
        now = [line for out in cell.outputs for line in describe(out)]
        if was == now:
            continue
        changed += 1
        print(f"  {path.name} [{cell.execution_count}] {first_line(cell.source)}")
        lines = list(difflib.unified_diff(was, now, lineterm="", n=0))[2:]
        shown = [line for line in lines if not line.startswith("@@")]
        shown += moved(old.get(cell.id, {}).get("outputs", []), cell.outputs)
        for line in shown[:12]:
            print(f"      {line[:150]}")
        if len(shown) > 12:
            print(f"      ... and {len(shown) - 12} more lines")
    return changed


def moved(before, after):
    """Return how far the figures of a cell are from the stored ones, in words."""
    pairs = [
        pair
        for outputs in zip(before, after, strict=False)
        for pair in zip(*map(compare_figures.drawings, outputs), strict=False)
    ]
    return [f"figure: {word}" for pair in pairs if (word := compare_figures.difference(*pair))]


def first_line(source):
    """Return the first line of a cell, for people to find it by."""
    return next((line for line in source.splitlines() if line.strip()), "")


def refresh(path):
    """Run one notebook, store its outputs and prose numbers; return the number of changes."""
    start = time.perf_counter()
    before = normalize(nbformat.read(path, as_version=4))
    after = normalize(execute(path))
    keep_figures(before, after)
    changed = report_changes(path, before, after)
    temporary = path.with_suffix(".tmp")
    nbformat.write(after, temporary)
    os.replace(temporary, path)
    print(
        f"{path.name}: {changed} changed outputs, {time.perf_counter() - start:.1f} s", flush=True
    )
    return changed


def main(arguments):
    """Refresh the notebooks named on the command line, or all of them."""
    paths = [Path(a).resolve() for a in arguments] or notebooks(BOOK)
    missing = [str(p) for p in paths if not p.is_file()]
    if missing:
        sys.exit(f"no such notebook: {', '.join(missing)}; run `make refresh NB=book/NAME.ipynb`")
    failed = []
    for number, path in enumerate(paths, 1):
        print(f"{path.name}: running, {number} of {len(paths)} ...", flush=True)
        try:
            refresh(path)
        except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
            failed.append(path)
            print(
                f"{path.name}: left as it was, because a cell failed:\n{ANSI.sub('', str(error))}"
            )
    problems = prose.fill(BOOK, only=[path for path in paths if path not in failed])
    for problem in problems:
        print(problem)
    stale = {problem.where.split()[0] for problem in prose.fill(BOOK, check=True)}
    for name in sorted(stale - {path.name for path in paths}):
        print(f"{name} quotes a number that has changed: make refresh NB=book/{name}")
    if failed or problems:
        sys.exit(1)


if __name__ == "__main__":
    main(sys.argv[1:])
