"""One digit of a sentence is changed, at every marked number, and each is noticed.

That a wrong output of a cell is noticed is part of the gates: nbval compares letter by letter.
"""

import random
import re

from tools import book, prose
from tools.prove import scratch
from tools.prove.record import Outcome

TEST = "tests/book_tests/test_prose.py::test_marked_numbers_are_what_the_cells_computed"


def changes(text):
    """Yield ``(description, changed text)`` for every digit in front of a marker."""
    for match in prose.MARKER.finditer(text):
        for digit in re.finditer(r"[0-9]", match["shown"]):
            place = match.start("shown") + digit.start()
            other = str((int(digit[0]) + 1) % 10)
            yield f"{match['shown']!r} of {match['name']}", text[:place] + other + text[place + 1 :]


def prove_check(found):
    """Change each digit in front of a marker, one at a time, and ask the prose check."""
    values = book.all_published()

    def complaints(path, text):
        problems = []
        new = prose.substitute(text, values, book.key(path), path.name, problems)
        prose.compare(text, new, path.name, problems, True)
        return problems

    for path in book.pages():
        for text in book.texts(path):
            if wrong := complaints(path, text):
                found.problems.append(f"with nothing changed, {wrong[0]}")
                continue
            for says, broken in changes(text):
                problems = complaints(path, broken)
                named = len(problems) == 1 and path.name in str(problems[0])
                found.add("numbers", named, f"{path.name}: {says}")


def prove_test(found, root, seed):
    """Change one prose number on every page; the test must name each of them."""
    wanted = []
    for path in book.pages(root / "book"):
        text = path.read_text(encoding="utf-8")
        options = list(changes(text))
        if options:
            says, broken = random.Random(f"{seed} {path.name}").choice(options)
            path.write_text(broken, encoding="utf-8")
            wanted.append((path.name, says))
    done = scratch.pytest(root, "-q", TEST)
    for name, says in wanted:
        named = re.search(rf"(?m)^E .*{name}\b.*the prose says", done.stdout)
        found.add("runs of the test", done.returncode == 1 and named, f"{name}: {says}")


def prove(everything, seed):
    """Change the numbers of sentences, and return what noticed."""
    found = Outcome("prose", complete=True)
    prove_check(found)
    with scratch.copy() as root:
        prove_test(found, root, seed)
    return found
