"""What all tools share: where things are, and how the book's pages and notebooks are read."""

import ast
import json
import re
import shutil
import tomllib
import zipfile
from pathlib import Path

import nbformat

ROOT = Path(__file__).resolve().parents[1]
BOOK = ROOT / "book"
SITE = ROOT / "site"  # how pages look and behave
BUILD = ROOT / "_build"
HTML = BUILD / "html"  # the built site
ZIP = BUILD / "loss-functions-book.zip"  # the last thing that a build of the site writes
PDF = BUILD / "loss-functions-book.pdf"

KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}
RECORD = "application/papermill.record/text/plain"  # a published value
SVG = "image/svg+xml"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
DATE = (1980, 1, 1, 0, 0, 0)  # of every file in a zip: the first that the format knows


def find_browser():
    """Return the path of an installed Chromium or Chrome, or None."""
    return next(filter(None, map(shutil.which, BROWSERS)), None)


def version():
    """Return the version that pyproject.toml states."""
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)["project"]["version"]


def pages(book=BOOK):
    """Return the paths of all pages of a book: notebooks, and pages without cells."""
    return sorted([*book.glob("*.ipynb"), *book.glob("*.md")])


def notebooks(book=BOOK):
    """Return the paths of a book's notebooks in reading order."""
    return sorted(p for p in book.glob("*.ipynb") if not p.name.startswith("."))


def key(path):
    """Return the name a chapter's values are reached by: 03_regression.ipynb -> regression."""
    return re.sub(r"^\d+_", "", Path(path).stem)


def parse(text):
    """Return a notebook as a dict, every source and every output's text as one string."""
    notebook = json.loads(text)
    for cell in notebook["cells"]:
        for holder in (cell, *cell.get("outputs", [])):
            for part in (holder, holder.get("data", {})):
                for name in part.keys() - {"cells", "outputs", "traceback"}:
                    if isinstance(part[name], list):
                        part[name] = "".join(part[name])
    return notebook


def load(path):
    """Return the notebook in a file as `parse` does."""
    return parse(path.read_text(encoding="utf-8"))


def save(path, notebook):
    """Write a notebook as Jupyter does, with sorted keys and its texts as lists of lines."""
    text = nbformat.v4.writes(nbformat.from_dict(notebook))
    path.write_text(text.rstrip("\n") + "\n", encoding="utf-8")


def tags(cell):
    """Return a cell's tags."""
    return cell.get("metadata", {}).get("tags", [])


def code_cells(notebook):
    """Return the cells of code."""
    return [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]


def texts(path):
    """Return the texts of a page: its one text, or those of a notebook's markdown cells."""
    if path.suffix != ".ipynb":
        return [path.read_text(encoding="utf-8")]
    return [c["source"] for c in load(path)["cells"] if c["cell_type"] == "markdown"]


def published(notebook):
    """Return the values that a notebook published, by name."""
    values = {}
    for cell in notebook["cells"]:
        for output in cell.get("outputs", []):
            name = output.get("metadata", {}).get("scrapbook", {}).get("name")
            if name and RECORD in output.get("data", {}):
                values[name] = ast.literal_eval(output["data"][RECORD])
    return values


def all_published(book=BOOK):
    """Return the published values of every notebook: ``{"regression.mse": 0.05, ...}``."""
    return {
        f"{key(path)}.{name}": value
        for path in notebooks(book)
        for name, value in published(load(path)).items()
    }


def write_zip(target, files):
    """Write ``{name in the zip: file}``, the same bytes for the same files; return the path."""
    partial = target.with_suffix(".part")
    with zipfile.ZipFile(partial, "w") as archive:
        for name, path in sorted(files.items()):
            entry = zipfile.ZipInfo(name, DATE)
            entry.external_attr = 0o644 << 16
            entry.create_system = 3  # the same on every system
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, path.read_bytes(), compresslevel=9)
    # A run that was stopped leaves the last whole file.
    partial.replace(target)
    return target
