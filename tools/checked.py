"""Write down what a test run compared, so that the site can say it.

    python tools/checked.py _build/nbval.xml

`make test` calls this after nbval has passed, with nbval's own report. The record holds a digest
of every notebook: a site built from other notebooks does not show it.
"""

import json
import re
import sys
import xml.etree.ElementTree as ET
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "site" / "extensions")]

from course_meta import BOOK, CHECKED, notebook_digests  # noqa: E402

from tools import prose  # noqa: E402


def cells_passed(report):
    """Return how many cells of each notebook passed, from the report that pytest wrote."""
    passed = Counter()
    for case in ET.parse(report).iter("testcase"):
        notebook = re.search(r"(\w+)(?:\.ipynb)?$", case.get("classname", ""))
        if notebook and not list(case):  # a child says that it failed or was skipped
            passed[f"{notebook[1]}.ipynb"] += 1
    return passed


def code_cells(notebook):
    """Return the cells of a notebook (a dict) that nbval runs."""
    return [c for c in notebook["cells"] if c["cell_type"] == "code" and "".join(c["source"])]


def count(notebook):
    """Count what nbval compares in one notebook: outputs that are text or HTML, and figures."""
    found = Counter()
    for cell in code_cells(notebook):
        for output in cell["outputs"]:
            data = output.get("data", {})
            frames = "".join(data.get("text/html", "")).count('src="data:image/svg+xml')
            figures = frames + ("image/svg+xml" in data)
            found["figures"] += figures
            found["outputs"] += not figures
    return found


def record(report, book=BOOK):
    """Return the record of a test run; raise ValueError where it does not cover the book."""
    passed, compared = cells_passed(report), Counter()
    for path in sorted(book.glob("*.ipynb")):
        notebook = json.loads(path.read_text(encoding="utf-8"))
        wanted = len(code_cells(notebook))
        if passed[path.name] != wanted:
            raise ValueError(
                f"{path.name} has {wanted} code cells, but {passed[path.name]} of them passed in "
                f"{report}: run `make check-notebooks`"
            )
        compared += count(notebook)
    problems = prose.fill(book, check=True)
    if problems:
        raise ValueError(f"{problems[0]} ({len(problems)} such numbers)")
    pages = sorted([*book.glob("*.ipynb"), *book.glob("*.md")])
    compared["prose"] = sum(
        len(prose.MARKER.findall(text)) for path in pages for text in prose_of(path)
    )
    return {"compared": dict(compared), "notebooks": notebook_digests(book)}


def prose_of(path):
    """Return the texts of a page that may hold marked numbers."""
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".ipynb":
        return [text]
    cells = json.loads(text)["cells"]
    return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown"]


def main(report):
    """Write the record."""
    try:
        found = record(Path(report))
    except ValueError as error:
        sys.exit(str(error))
    CHECKED.parent.mkdir(exist_ok=True)
    CHECKED.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    print("compared:", ", ".join(f"{n} {what}" for what, n in found["compared"].items()))


if __name__ == "__main__":
    main(*sys.argv[1:])
