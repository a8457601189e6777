"""Workbooks: the exercises of a chapter as a notebook of their own, for learners and teachers.

    python tools/workbooks.py OUTDIR
    python tools/workbooks.py --begin FOLDER

For each chapter with exercises this writes `NN_name_workbook.ipynb`, without solutions, and
`NN_name_instructor.ipynb`, with them; and each kind as a zip. No MyST is left in them that plain
Jupyter or Colab would show raw. The same book gives the same bytes.

With `--begin` only the learner's workbooks are written, and only those that FOLDER does not hold
yet: one that somebody has begun is never overwritten.

In a chapter, tags tell the parts of an exercise: `stub`, `solution` (every cell of it) and
`check`; the text is a markdown cell with an `{exercise}` box. The tag `capstone` brings any other
cell along.
"""

import json
import re
import shutil
import sys
import tempfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tools import plain_markdown  # noqa: E402

EXERCISE = re.compile(r"(?ms)^:::\{exercise\} (★+) ([^\n]+)\n:label: ex-(\d+)-(\d+)\n+(.*?)^:::$")
CHECKED = re.compile(r'(?m)^check\("(\d+\.\d+)"')
FENCE = re.compile(r"(?ms)\A\s*:::\{solution-(start|end)\}.*:::\s*\Z")
KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}

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


def tags(cell):
    """Return a cell's tags."""
    return cell.get("metadata", {}).get("tags", [])


def source(cell):
    """Return a cell's source as one string."""
    return "".join(cell["source"])


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
    text = "\n\n".join(source(c) for c in notebook["cells"] if c["cell_type"] == "markdown")
    found = re.search(rf"(?ms)^## {re.escape(heading)}\n(.*?)(?=^## |\Z)", text)
    return found[1].strip() if found else ""


def title(notebook):
    """Return the text of the first heading."""
    return next(
        match[1]
        for cell in notebook["cells"]
        if cell["cell_type"] == "markdown" and (match := re.search(r"(?m)^# (.+)$", source(cell)))
    )


def exercise_text(match):
    """Return the box of an exercise as a heading and its text."""
    stars, name, chapter, number, text = match.groups()
    return f"### Exercise {chapter}.{number} {stars} {name}\n\n{text.strip()}"


def task_cells(notebook, instructor, reader):
    """Return the exercises, in the order of the chapter: text, stub, (solution,) hint, check."""
    cells, in_solution = [], False
    for cell in notebook["cells"]:
        kind, text = tags(cell), source(cell)
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
        cell["source"] = cell["source"].splitlines(keepends=True)
    return {"cells": cells, "metadata": {"kernelspec": KERNEL}, "nbformat": 4, "nbformat_minor": 5}


def raw_myst(notebook):
    """Return the MyST left in a notebook's markdown cells, which plain Jupyter would show raw."""
    return [
        leftover
        for cell in notebook["cells"]
        if cell["cell_type"] == "markdown"
        for leftover in plain_markdown.leftovers(source(cell))
    ]


def write_zip(path, files):
    """Write files into a zip that is the same whenever it is written."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(files):
            entry = zipfile.ZipInfo(file.name, date_time=(2020, 1, 1, 0, 0, 0))
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            archive.writestr(entry, file.read_bytes())


def write_all(book, outdir, *, install_from="", site=""):
    """Write both editions of every chapter that has exercises, and the zips; return the paths."""
    outdir = Path(outdir)
    outdir.mkdir(parents=True, exist_ok=True)
    reader = plain_markdown.Reader(book, site=site)
    written = {"learner": [], "instructor": []}
    for path in sorted(Path(book).glob("[0-9][0-9]_*.ipynb")):
        notebook = json.loads(path.read_text(encoding="utf-8"))
        if not has_exercises(notebook):
            continue
        for edition, ending in (("learner", "workbook"), ("instructor", "instructor")):
            made = workbook(
                notebook, edition, stem=path.stem, reader=reader, install_from=install_from
            )
            target = outdir / f"{path.stem}_{ending}.ipynb"
            text = json.dumps(made, indent=1, ensure_ascii=False, sort_keys=True) + "\n"
            target.write_text(text, encoding="utf-8")
            written[edition].append(target)
    for edition, name in (("learner", "workbooks.zip"), ("instructor", "instructor.zip")):
        write_zip(outdir / name, written[edition])
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
        sys.exit("usage: python tools/workbooks.py [--begin] FOLDER")
    for path in write(ROOT / "book", folders[0]):
        print(path.name)


if __name__ == "__main__":
    main(sys.argv[1:])
