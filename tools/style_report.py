"""Print, for each notebook, how long its cells are and how much prose a line of code gets.

    python tools/style_report.py

House style asks for a median of 4 lines a cell or fewer, and for 8 words of prose a line of code
or more. The hard limit of 20 lines a cell is a test.
"""

import json
import re
import statistics
from pathlib import Path

BOOK = Path(__file__).resolve().parents[1] / "book"
NOT_WORDS = re.compile(r"\$\$.*?\$\$|\$[^$]*\$|`[^`]*`|<!--.*?-->", re.DOTALL)


def lines_of_code(cell):
    """Return the lines of a cell that hold code which a reader reads: no blanks, no `publish`."""
    lines = "".join(cell["source"]).splitlines()
    return sum(bool(line.strip()) and not line.startswith("publish(") for line in lines)


def words(cell):
    """Return how many words of prose a cell has, formulas and code left out."""
    text = re.sub(
        r"\$\$.*?\$\$|\$[^$]*\$|`[^`]*`|<!--.*?-->", " ", "".join(cell["source"]), flags=re.S
    )
    return len(re.findall(r"[A-Za-z]{2,}", text))


def main():
    """Print the report."""
    print(f"{'notebook':24}{'cells':>7}{'median':>8}{'longest':>9}{'words':>8}{'words/line':>12}")
    for path in sorted(BOOK.glob("*.ipynb")):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        lengths = [lines_of_code(c) for c in cells if c["cell_type"] == "code"]
        prose = sum(words(c) for c in cells if c["cell_type"] == "markdown")
        print(
            f"{path.stem:24}{len(lengths):7}{statistics.median(lengths):8.1f}{max(lengths):9}"
            f"{prose:8}{prose / sum(lengths):12.1f}"
        )


if __name__ == "__main__":
    main()
