"""What mutants of the drawing code do to the book: nbval compares every figure and every output.

The tests of lossutils look at what a figure holds, not at where it stands; the notebooks store
every coordinate. A mutant of these modules that lives through the tests meets the notebooks that
show what the module makes, one after the other, until a stored output differs.
"""

import json
import re
from concurrent.futures import ThreadPoolExecutor
from queue import SimpleQueue

from tools.prove import scratch
from tools.prove.notebooks import COMMAND, failed_cells, load

SHOWN = {
    "lossutils/course/choosing.py": ("08_choosing",),
    "lossutils/course/sliders.py": ("02_role_of_losses",),
    "lossutils/course/figures.py": ("11_conclusion", "01_introduction", "03_regression",
                              "04_binary_classification", "05_multiclass", "06_specialized",
                              "07_metric_learning"),
    "lossutils/course/publishing.py": ("01_introduction",),
    "lossutils/course/quiz.py": ("01_introduction",),
}  # fmt: skip


def differs(root, notebook):
    """Return the first cell of a notebook of the copy that gives not what it stores, or None."""
    done = scratch.pytest(root, *COMMAND[5:], "-q", "-x", f"book/{notebook}.ipynb")
    if done.returncode not in (0, 1):
        raise RuntimeError(f"{notebook}: {(done.stdout + done.stderr)[-2000:]}")
    cells = failed_cells(done.stdout)
    if (done.returncode == 1) != bool(cells):
        raise RuntimeError(f"{notebook}: no cell is named in {done.stdout[-2000:]}")
    return min((cell for _, cell in cells), default=None)


def shorten(path, last):
    """Cut a notebook off after one of its code cells, which are counted from 0."""
    notebook = load(path)
    code = [n for n, cell in enumerate(notebook["cells"]) if cell["cell_type"] == "code"]
    notebook["cells"] = notebook["cells"][: code[last] + 1]
    path.write_text(json.dumps(notebook, ensure_ascii=False), encoding="utf-8")


def notebooks_for(root, module, mutant):
    """Return the notebooks that show what a mutant draws; for one loss's look, those with it."""
    names = SHOWN[module]
    loss = re.match(r'"([^"]+)": \(', mutant.was)
    if not loss:
        return names
    stored = {name: load(root / f"book/{name}.ipynb") for name in names}
    return [
        name
        for name, notebook in stored.items()
        if any(
            f'"{loss[1]}"' in "".join(cell["source"])
            for cell in notebook["cells"]
            if cell["cell_type"] == "code"
        )
    ]


def noticed(mutants):
    """Return, for each ``(module, mutant)``, whether a notebook that shows its work differs.

    A cell that differed must be the same with nothing changed, or its verdict is worth nothing.
    """
    copies = SimpleQueue()

    def in_a_copy(work, *arguments):
        root = copies.get()
        try:
            return work(root, *arguments)
        finally:
            copies.put(root)

    def judge(root, module, mutant):
        with scratch.kept(root, module):
            (root / module).write_text(mutant.text, encoding="utf-8")
            for name in notebooks_for(root, module, mutant):
                if (cell := differs(root, name)) is not None:
                    return name, cell
        return None

    def unchanged(root, name, last):
        path = f"book/{name}.ipynb"
        with scratch.kept(root, path):
            shorten(root / path, last)
            return differs(root, name) is None

    with scratch.copy() as one, scratch.copy() as two, ThreadPoolExecutor(2) as pool:
        copies.put(one)
        copies.put(two)
        verdicts = list(pool.map(lambda pair: in_a_copy(judge, *pair), mutants))
        used = {}
        for name, cell in filter(None, verdicts):
            used[name] = max(cell, used.get(name, 0))
        same = pool.map(lambda pair: in_a_copy(unchanged, *pair), used.items())
        wrong = [name for name, good in zip(used, same, strict=True) if not good]
        if wrong:
            raise RuntimeError(f"{wrong} differ with nothing changed: run make check-notebooks")
    return [verdict is not None for verdict in verdicts]
