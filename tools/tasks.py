"""The exercises of the book: what each asks, leaves open, solves and checks; and how to run it."""

import ast
import contextlib
import io
from dataclasses import dataclass, field

from tools import workbooks
from tools.book import BOOK, load, notebooks, tags

KINDS = ("stub", "solution", "check")


@dataclass
class Task:
    """An exercise as the chapter has it; code cells by kind, and the order of all its cells."""

    id: str
    title: str
    stars: int
    text: str
    stub: list = field(default_factory=list)
    solution: list = field(default_factory=list)
    fences: list = field(default_factory=list)
    check: list = field(default_factory=list)
    order: list = field(default_factory=list)

    def answers(self, names):
        """Evaluate what the check cell hands to `check`."""
        call = ast.parse(self.check[0]).body[-1].value
        return [eval(ast.unparse(argument), names) for argument in call.args[1:]]


def tasks_of(notebook):
    """Return the exercises of a chapter in their order."""
    found = []
    for cell in notebook["cells"]:
        text = cell["source"]
        box = workbooks.EXERCISE.search(text)
        if box:
            found.append(Task(f"{box[3]}.{box[4]}", box[2], len(box[1]), text))
            continue
        for kind in (kind for kind in KINDS if kind in tags(cell)):
            found[-1].order.append(kind)
            if cell["cell_type"] == "code":
                getattr(found[-1], kind).append(text)
            elif workbooks.FENCE.match(text):
                found[-1].fences.append(text)
    return found


def all_tasks(book=BOOK):
    """Return the exercises of every chapter that has some, by the chapter's stem."""
    chapters = {path.stem: load(path) for path in notebooks(book)}
    return {
        s: tasks_of(chapter) for s, chapter in chapters.items() if workbooks.has_exercises(chapter)
    }


def fresh_names():
    """Return the names that a workbook begins with."""
    names = {}
    exec(workbooks.IMPORTS, names)
    return names


def run(sources, names):
    """Run cells, and return what they print."""
    with contextlib.redirect_stdout(io.StringIO()) as said:
        for source in sources:
            exec(source, names)
    return said.getvalue()
