"""Part 3: the source of every solution is mutated; its check must reject what comes out.

A solution runs as in the workbook, after the stubs and solutions before it. Each mutant runs in a
fork, so that it cannot spoil what comes after. An error, or no answer in ten times the time of the
solution and ten seconds more, counts as rejected: a learner sees both. A mutant that leaves every
answer what it was (many solutions try their function out, or print a table beside it) is no wrong
answer: it is counted apart.
"""

import contextlib
import hashlib
import importlib
import io
import os
import random
import signal
import sys
import time
import types
import warnings
from multiprocessing import Pool

import numpy as np

from tools.prove import breaking
from tools.prove.record import ROOT, Outcome, expected

SAMPLE = 6
LEAST_PATIENCE = 10  # seconds


def book_tasks():
    """Return the helpers of the tests of the workbooks, which read the exercises of the book."""
    for path in (ROOT, ROOT / "tests"):
        if str(path) not in sys.path:
            sys.path.insert(0, str(path))
    from tests.tools_tests import test_workbooks

    return test_workbooks


def mutants_of(task):
    """Return ``(mutant, cells of the solution with it)`` for every mutant of a solution."""
    found = []
    for number, cell in enumerate(task.solution):
        where = f"{task.id}" if len(task.solution) == 1 else f"{task.id} cell {number + 1}"
        for mutant in breaking.mutants(cell, where):
            cells = [*task.solution]
            cells[number] = mutant.text
            found.append((mutant, cells))
    return found


def chosen(found, amount, seed, listed):
    """Return a sample, with those that the list of survivors names."""
    picked = range(len(found))
    if amount is not None and amount < len(found):
        picked = random.Random(seed).sample(picked, amount)
    named = [i for i, (mutant, _) in enumerate(found) if mutant.name in listed]
    return [found[i] for i in sorted({*picked, *named})]


def plain(value, depth=0):
    """Return what an answer is made of, so that two of them can be compared as text."""
    if isinstance(value, types.FunctionType) and depth < 5:
        return [plain(value.__code__, depth), plain(value.__defaults__, depth)] + [
            plain(value.__globals__[name], depth + 1)
            for name in sorted(names_in(value.__code__))
            if isinstance(value.__globals__.get(name), OWN)
        ]
    if isinstance(value, types.CodeType):
        return value.co_code.hex(), value.co_names, [plain(c, depth) for c in value.co_consts]
    if isinstance(value, type):
        return [(k, plain(v, depth + 1)) for k, v in vars(value).items() if callable(v)]
    if isinstance(value, np.ndarray):
        return value.tolist()
    if isinstance(value, (list, tuple)):
        return [plain(item, depth) for item in value]
    return repr(value)


OWN = (types.FunctionType, np.ndarray, int, float, list, tuple, dict)


def names_in(code):
    """Return the names that a piece of code uses, also in functions inside it."""
    inner = [names_in(c) for c in code.co_consts if isinstance(c, types.CodeType)]
    return set(code.co_names).union(*inner)


def digest(answers):
    """Return a short text that is the same for the same answers."""
    return hashlib.sha256(repr(plain(answers)).encode()).digest()


def forked(work, patience):
    """Call a function in a fork; return its result, a few bytes, or b"" if it takes too long."""
    read, write = os.pipe()
    pid = os.fork()
    if not pid:
        try:
            signal.setitimer(signal.ITIMER_REAL, patience)
            with open(os.devnull, "w") as nowhere:
                os.dup2(nowhere.fileno(), 2)
            os.write(write, work())
        finally:
            os._exit(0)
    os.close(write)
    with os.fdopen(read, "rb") as pipe:
        result = pipe.read()
    os.waitpid(pid, 0)
    return result


def answer(helpers, task, cells, names, patience=600):
    """Run a solution in a fork; return whether its check passes, and a digest of the answers."""

    def work():
        helpers.run(task.stub + cells, names)
        answers = task.answers(names)
        before = digest(answers)
        with contextlib.redirect_stdout(io.StringIO()):
            passed = helpers.evaluate(helpers.DATA[task.id], answers).status == "passed"
        return bytes([passed]) + before

    result = forked(work, patience)
    return bool(result and result[0]), result[1:]


def try_chapter(job):
    """Try the mutants of one chapter; return ``(name, rejected)`` for each, and all names."""
    stem, amount, seed, listed = job
    warnings.simplefilter("ignore")
    helpers = book_tasks()
    names, tried, every = helpers.fresh_names(), [], []
    for task in helpers.TASKS[stem]:
        found = mutants_of(task)
        every += [mutant.name for mutant, _ in found]
        began = time.monotonic()
        passed, right = answer(helpers, task, task.solution, names)
        patience = LEAST_PATIENCE + 10 * (time.monotonic() - began)
        if not passed:
            tried.append((f"{task.id}: its own solution, unchanged", "rejected"))
        for mutant, cells in chosen(found, amount, f"{seed} {task.id}", listed):
            passed, given = answer(helpers, task, cells, names, patience)
            verdict = "rejected" if not passed else "same" if given == right else "passed"
            tried.append((mutant.name, verdict))
        helpers.run(task.stub + task.solution, names)
    return tried, every


def warm_up():
    """Import once what solutions import, so that no fork must."""
    import torch

    importlib.import_module("matplotlib.pyplot").switch_backend("agg")
    torch.set_num_threads(1)
    torch.optim.SGD([torch.zeros(1, requires_grad=True)])  # the first one imports as much again


def prove(everything, seed):
    """Mutate the solutions, and return which mutants the checks let through."""
    warm_up()
    found, listed = Outcome("exercises", complete=everything), expected("exercises")
    amount = None if everything else SAMPLE
    jobs = [(stem, amount, seed, set(listed)) for stem in book_tasks().STEMS]
    # The last chapters take longest.
    with contextlib.chdir(ROOT / "book"), Pool(2) as pool:
        results = pool.map(try_chapter, jobs[::-1], chunksize=1)[::-1]
    same = 0
    for name, verdict in (pair for tried, _ in results for pair in tried):
        if name.endswith("its own solution, unchanged"):
            found.problems.append(f"rejected: {name}")
        elif verdict == "same":
            same += 1
        else:
            found.add("mutants", verdict == "rejected", name)
    every = {name for _, names in results for name in names}
    found.gone += [f"{n} (no such mutant)" for n in listed if n not in every]
    found.gone += [f"{n} (rejected now)" for n in listed if n in every - set(found.survived)]
    total = same + sum(found.tried.values())
    found.notes.append(f"{total} of {len(every)} mutants; {same} of them changed no answer")
    return found
