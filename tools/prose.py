"""Numbers in prose: filled in from what the notebooks computed, and checked against it.

    python -m tools.prose            fill in
    python -m tools.prose --check    compare only; exit 1 if a number differs

A sentence shows a computed value followed by an invisible marker::

    The outlier takes **95%**<!--v outlier_share:.0%--> of the gradient.

The marker names a value that a cell of the same notebook published, and its format. A page that
has no cells, or another chapter, names the chapter too: ``regression.outlier_share``. The text in
front of the marker, within its bold, math or code marks, is the number as the reader sees it.
"""

import re
import sys
from dataclasses import dataclass
from fractions import Fraction
from math import isfinite

from tools.book import BOOK, all_published, key, load, pages, save

# The number begins after a space, a bracket, a currency's sign, or a sign that joins it to what
# stands before it, as in ≈0.5, n=5 or 0.5–0.7; it never begins with a comma.
CURRENCIES = "€£¥¢₩₽₹₺"
SHOWN = rf"(?:(?![,;:])[^\s*$`<>|()\[\]“”=≈~–—/×±{CURRENCIES}]+)?"
# What a value can look like: whatever else is in front of a marker would be lost.
VALUE = re.compile(r"[+−-]?(?:[\d.,]+(?:e[+−-]?\d+)?(?:\\?%)?|inf|∞)|(?:[^\W\d][\w-]*)?")
MARKER = re.compile(
    rf"(?P<open>\*\*|\*|\$|`|)(?P<shown>{SHOWN})(?P=open)"
    r"<!--v (?P<name>[A-Za-z0-9_.]+)(?::(?P<format>[^>]*?))?-->"
)
ANY_MARKER = re.compile(r"<!--\s*v\b.*?(?:-->|$)", re.MULTILINE)
MINUS = re.compile(r"(?<!\w)-(?=[\d.]|inf)|(?<=\de)-(?=\d)")


@dataclass
class Problem:
    """A prose number that is not what its marker says."""

    where: str
    message: str

    def __str__(self):
        """Return one line, for people."""
        return f"{self.where}: {self.message}"


def formatted(value, spec):
    """Return a published value as prose shows it, with a real minus sign outside code."""
    text = format(value, spec or "")
    if re.fullmatch(r"-[0.,]+%?", text):  # what is left of a small negative number is no minus
        text = text.replace("-", "+" if (spec or "").startswith("+") else "")
    return MINUS.sub("−", text)


def halfway(value, spec):
    """Return whether a value lies exactly between two numbers of that format.

    A published value is rounded already. Where that lands halfway, rounding it again can go the
    other way than rounding once, and the prose would contradict what the cell printed.
    """
    digits = re.fullmatch(r"[+,]*\.(\d+)([f%])", spec or "")
    if not digits or not isinstance(value, float) or not isfinite(value):
        return False
    shift = int(digits[1]) + (2 if digits[2] == "%" else 0)
    return abs(Fraction(repr(value)) * 10**shift) % 1 == Fraction(1, 2)


def substitute(text, values, here, where, problems):
    """Return `text` with every marked number set to its value; append what cannot be set."""

    def replace(match):
        name, spec = match["name"], match["format"]
        full = name if "." in name else f"{here}.{name}"
        if full not in values:
            problems.append(
                Problem(where, f"no cell publishes {full!r}: publish it, or mend the marker")
            )
            return match[0]
        # A sign behind the number ends it: "9€" and a marker show nothing of their own.
        cut = re.search(rf"\d[{CURRENCIES}]$", text[: match.start()]) and not match["shown"]
        if cut or not VALUE.fullmatch(match["shown"]):
            extra = text[: match.start()].split()[-1] if cut else match["shown"]
            problems.append(
                Problem(where, f"{extra!r} is more than a number: put its unit behind the marker")
            )
            return match[0]
        try:
            number = formatted(values[full], spec)
        except ValueError:
            problems.append(Problem(where, f"{spec!r} is no format for {full} = {values[full]!r}"))
            return match[0]
        if not re.fullmatch(SHOWN, number) or not number:
            problems.append(
                Problem(where, f"{full} is {number!r}, not one number or word: write it by hand")
            )
            return match[0]
        if halfway(values[full], spec):
            problems.append(
                Problem(
                    where,
                    f"{full} is stored as {values[full]!r}, halfway for {spec!r}: publish it with "
                    "the decimals you show (decimals=N), or show another number",
                )
            )
        if match["open"] in ("$", "`"):
            number = number.replace("−", "-").replace("%", r"\%" if match["open"] == "$" else "%")
        marker = f"<!--v {name}{':' + spec if spec else ''}-->"
        return f"{match['open']}{number}{match['open']}{marker}"

    problems.extend(
        Problem(where, f"{broken!r} is no marker: write <!--v name:.4f--> right after the number")
        for broken in ANY_MARKER.findall(MARKER.sub("", text))
    )
    return MARKER.sub(replace, text)


def fill(book, check=False, only=None):
    """Fill in (or with `check` only compare) the prose numbers; return the problems.

    `only` limits this to some notebooks; pages without cells are always included.
    """
    values, problems = all_published(book), []
    for path in pages(book):
        notebook = load(path) if path.suffix == ".ipynb" else None
        if only is not None and notebook is not None and path not in only:
            continue
        here, changed = key(path), False
        if notebook is None:
            old = path.read_text(encoding="utf-8")
            new = substitute(old, values, here, path.name, problems)
            compare(old, new, path.name, problems, check)
            if new != old and not check:
                path.write_text(new, encoding="utf-8")
            continue
        for number, cell in enumerate(notebook["cells"]):
            if cell["cell_type"] != "markdown":
                continue
            where = f"{path.name} cell {number}"
            old = cell["source"]
            new = substitute(old, values, here, where, problems)
            compare(old, new, where, problems, check)
            if new != old:
                changed = True
                cell["source"] = new
        if changed and not check:
            save(path, notebook)
    return problems


def compare(old, new, where, problems, check):
    """Note each marked number whose shown text is not its value."""
    for was, now in zip(MARKER.finditer(old), MARKER.finditer(new), strict=True):
        if was["shown"] == now["shown"]:
            continue
        if check:
            problems.append(
                Problem(
                    where,
                    f"the prose says {was['shown']!r}, but {now['name']} is {now['shown']!r}: "
                    "run `make refresh`, then read the sentence again",
                )
            )
        else:
            print(f"  {where}: {was['shown'] or '(empty)'} -> {now['shown']}  ({now['name']})")


def main(arguments):
    """Fill in or check the book's prose numbers."""
    problems = fill(BOOK, check="--check" in arguments)
    for problem in problems:
        print(problem)
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main(sys.argv[1:])
