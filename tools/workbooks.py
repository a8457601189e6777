"""Workbooks: the exercises of a chapter as a notebook of their own, for learners and teachers.

    python -m tools.workbooks OUTDIR
    python -m tools.workbooks --begin FOLDER

For each chapter with exercises this writes `NN_name_workbook.ipynb`, without solutions, and
`NN_name_instructor.ipynb`, with them; and each kind as a zip. No MyST is left in them that plain
Jupyter or Colab would show raw. The same book gives the same bytes.

With `--begin` only the learner's workbooks are written, and only those that FOLDER does not hold
yet: one that somebody has begun is never overwritten.

In a chapter, tags tell the parts of an exercise: `stub`, `solution` (every cell of it) and
`check`; the text is a markdown cell with an `{exercise}` box. The tag `capstone` brings any other
cell along.
"""

import re
import shutil
import sys
import tempfile
from pathlib import Path

from tools import plain_markdown
from tools.book import BOOK, KERNEL, load, notebooks, save, tags, write_zip

EXERCISE = re.compile(r"(?ms)^:::\{exercise\} (★+) ([^\n]+)\n:label: ex-(\d+)-(\d+)\n+(.*?)^:::$")
CHECKED = re.compile(r'(?m)^check\("(\d+\.\d+)"')
FENCE = re.compile(r"(?ms)\A\s*:::\{solution-(start|end)\}.*:::\s*\Z")

PURPOSE = """\
This is the workbook of chapter {number}. Replace each `...` with your answer, run the cell, then \
run the check below it. A check says what is wrong; `hint("{first}")` helps, up to three times an \
exercise. Nothing here prints a solution."""
TEACHER = """\
This is the instructor's edition of the workbook of chapter {number}: the same exercises, each \
with its solution. Run from top to bottom, every check passes. Learners get the file \
`{stem}_workbook.ipynb`."""
INSTALL = """\
try:
    import lossutils
except ImportError:
    %pip install --quiet "{address}"
"""
# Without an address there is nothing to install from; the message says what to do instead.
ADVISE = """\
try:
    import lossutils
except ImportError:
    raise SystemExit(
        "lossutils is not installed. Get it from the place where you got this "
        "workbook: pip install, then the file lossutils-....whl"
    ) from None
"""
IMPORTS = """
import numpy as np

import lossutils as lu
from lossutils.exercises import check, hint, progress
"""


def markdown(text):
    """Return a markdown cell, still without an id."""
    return {"cell_type": "markdown", "metadata": {}, "source": text.strip()}


def code(text):
    """Return a code cell that was never run, still without an id."""
    return {
        "cell_type": "code",
        "execution_count": None,
        "metadata": {},
        "outputs": [],
        "source": text.strip(),
    }


def has_exercises(notebook):
    """Tell whether a notebook has exercises, and so a workbook."""
    return any("stub" in tags(cell) for cell in notebook["cells"])


def section(notebook, heading):
    """Return the text under a heading of the second level, or an empty string."""
    text = "\n\n".join(c["source"] for c in notebook["cells"] if c["cell_type"] == "markdown")
    found = re.search(rf"(?ms)^## {re.escape(heading)}\n(.*?)(?=^## |\Z)", text)
    return found[1].strip() if found else ""


def title(notebook):
    """Return the text of the first heading."""
    return next(
        match[1]
        for cell in notebook["cells"]
        if cell["cell_type"] == "markdown" and (match := re.search(r"(?m)^# (.+)$", cell["source"]))
    )


def exercise_text(match):
    """Return the box of an exercise as a heading and its text."""
    stars, name, chapter, number, text = match.groups()
    return f"### Exercise {chapter}.{number} {stars} {name}\n\n{text.strip()}"


def task_cells(notebook, instructor, reader):
    """Return the exercises, in the order of the chapter: text, stub, (solution,) hint, check."""
    cells, in_solution = [], False
    for cell in notebook["cells"]:
        kind, text = tags(cell), cell["source"]
        if "remove-cell" in kind:
            continue
        if "solution" in kind:
            if instructor and not FENCE.match(text):
                if not in_solution:
                    cells.append(markdown("**Solution**"))
                make = code if cell["cell_type"] == "code" else reader_cell(reader)
                cells.append(make(text))
                in_solution = True
            continue
        in_solution = False
        if "stub" in kind:
            cells.append(code(text))
        elif "check" in kind:
            number = CHECKED.search(text)[1]
            cells.append(code(f'# hint("{number}")\n{text}'))
        elif cell["cell_type"] == "markdown" and (match := EXERCISE.search(text)):
            cells.append(markdown(reader.read(exercise_text(match))))
        elif "capstone" in kind:
            make = code if cell["cell_type"] == "code" else reader_cell(reader)
            cells.append(make(text))
    return cells


def reader_cell(reader):
    """Return a function that makes a markdown cell of MyST text."""
    return lambda text: markdown(reader.read(text))


def workbook(notebook, edition="learner", *, stem, reader, install_from=""):
    """Return a chapter's workbook as a notebook.

    `edition` is "learner" or "instructor", `stem` the chapter's file name without its ending,
    `reader` a `plain_markdown.Reader` of the book, and `install_from` the address of the wheel
    that the set-up cell installs, empty while nobody knows it.
    """
    if edition not in ("learner", "instructor"):
        raise ValueError(f"edition must be 'learner' or 'instructor'; got {edition!r}")
    instructor, number = edition == "instructor", int(stem.partition("_")[0])
    reader = reader.of_page(stem)
    tasks = task_cells(notebook, instructor, reader)
    purpose = (TEACHER if instructor else PURPOSE).format(
        number=number, first=f"{number}.1", stem=stem
    )
    name = "Instructor's edition" if instructor else "Workbook"
    setup = INSTALL.format(address=install_from) if install_from else ADVISE
    cells = [
        markdown(f"# {name}: {reader.read(title(notebook))}\n\n{purpose}"),
        code(setup + IMPORTS),
        markdown(f"## Recap\n\n{reader.read(section(notebook, 'Recap'))}"),
        markdown("## Exercises"),
        *tasks,
        markdown("## How far you are\n\nRun this cell whenever you like."),
        code("progress()"),
    ]
    for place, cell in enumerate(cells):
        cell["id"] = f"cell-{place:03d}"
    return {"cells": cells, "metadata": {"kernelspec": KERNEL}, "nbformat": 4, "nbformat_minor": 5}


def raw_myst(notebook):
    """Return the MyST left in a notebook's markdown cells, which plain Jupyter would show raw."""
    return [
        leftover
        for cell in notebook["cells"]
        if cell["cell_type"] == "markdown"
        for leftover in plain_markdown.leftovers(cell["source"])
    ]


def write_all(book, outdir, *, install_from="", site=""):
    """Write both editions of every chapter that has exercises, and the zips; return the paths."""
    outdir = Path(outdir)
    outdir.mkdir(parents=True, exist_ok=True)
    reader = plain_markdown.Reader(book, site=site)
    written = {"learner": [], "instructor": []}
    for path in notebooks(Path(book)):
        notebook = load(path)
        if not has_exercises(notebook):
            continue
        for edition, ending in (("learner", "workbook"), ("instructor", "instructor")):
            made = workbook(
                notebook, edition, stem=path.stem, reader=reader, install_from=install_from
            )
            target = outdir / f"{path.stem}_{ending}.ipynb"
            save(target, made)
            written[edition].append(target)
    for edition, name in (("learner", "workbooks.zip"), ("instructor", "instructor.zip")):
        write_zip(outdir / name, {path.name: path for path in written[edition]})
    return written["learner"] + written["instructor"]


def begin(book, folder):
    """Put the learner's workbooks into a folder, except those it holds; return the new ones."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as fresh:
        new = [
            path
            for path in write_all(book, fresh)
            if path.name.endswith("_workbook.ipynb") and not (folder / path.name).exists()
        ]
        return [Path(shutil.copy(path, folder)) for path in new]


def main(arguments):
    """Write the workbooks into a folder and name them."""
    write = begin if arguments[:1] == ["--begin"] else write_all
    folders = arguments[1:] if write is begin else arguments
    if len(folders) != 1:
        sys.exit("usage: python -m tools.workbooks [--begin] FOLDER")
    for path in write(BOOK, folders[0]):
        print(path.name)


if __name__ == "__main__":
    main(sys.argv[1:])
