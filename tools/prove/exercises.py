"""The source of every solution is changed in small ways; its check must reject what comes out.

A solution runs as in the workbook, after the stubs and solutions before it. Each change runs in a
fork, so that it cannot spoil what comes after. An error, or no answer in ten times the time of the
solution and ten seconds more, counts as rejected: a learner sees both. A change that leaves every
answer what it was (many solutions try their function out, or print a table beside it) is no wrong
answer: it is counted apart.
"""

import ast
import contextlib
import hashlib
import importlib
import io
import os
import random
import re
import signal
import time
import tokenize
import types
import warnings
from collections import Counter
from itertools import pairwise
from multiprocessing import Pool

import numpy as np

from tools.book import BOOK
from tools.prove import scratch
from tools.prove.record import Outcome, Progress, expected
from tools.tasks import all_tasks, fresh_names, run

SAMPLE = 6
# `make test` spoils the value of each solution in thirty ways.
NUMBERS = "tests/tools_tests/test_workbooks.py"
SPOILED = 300
LEAST_PATIENCE = 10  # seconds
# A change of < to <= moves the border, one to > turns the branch round.
SWAPS = {
    **{"+": ("-",), "-": ("+",), "*": ("/",), "/": ("*",), "**": ("*",), "//": ("/",)},
    **{"%": ("//",), "&": ("|",), "|": ("&",), "==": ("!=",), "!=": ("==",)},
    **{"<": ("<=", ">"), "<=": ("<", ">="), ">": (">=", "<"), ">=": (">", "<=")},
    **{"and": ("or",), "or": ("and",), "not": ("",), "is": ("is not",)},
    **{"True": ("False",), "False": ("True",), "break": ("continue",), "continue": ("break",)},
}


def swaps(token, before):
    """Return what may stand in the place of a token."""
    if token.type == tokenize.NUMBER:
        value = ast.literal_eval(token.string)
        return repr(value + 1), repr(value - 1)
    if token.string in ("*", "**") and before.string in ("(", ","):
        return ()  # it is no product
    return SWAPS.get(token.string, ())


def plan(source):
    """Return what a source means, or None where it is no Python."""
    try:
        return ast.dump(ast.parse(source))
    except SyntaxError:
        return None


def mutants(source, where):
    """Return ``{name: changed source}`` for all changes that mean something else."""
    lines, found, seen = source.splitlines(keepends=True), {}, {None, plan(source)}
    scopes = [
        n for n in ast.walk(ast.parse(source)) if isinstance(n, (ast.FunctionDef, ast.ClassDef))
    ]
    counts = Counter()
    for before, token in pairwise(tokenize.generate_tokens(io.StringIO(source).readline)):
        (row, first), end = token.start, token.end[1]
        for new in swaps(token, before):
            old = lines[row - 1]
            now = old[:first] + new + old[end:]
            text = "".join([*lines[: row - 1], now, *lines[row:]])
            if plan(text) in seen:
                continue
            seen.add(plan(text))
            scope = ".".join(n.name for n in scopes if n.lineno <= row <= n.end_lineno)
            place = f"{where} {scope}".strip()
            says = f"{' '.join(old.split())} -> {' '.join(now.split())}"
            counts[place, says] += 1
            again = f" ({counts[place, says]})" if counts[place, says] > 1 else ""
            found[f"{place}{again}: {says}"] = text
    return found


def mutants_of(task):
    """Return ``(name, cells of the solution)`` for every change of a solution."""
    found = []
    for number, cell in enumerate(task.solution):
        where = task.id if len(task.solution) == 1 else f"{task.id} cell {number + 1}"
        for name, text in mutants(cell, where).items():
            found.append((name, [*task.solution[:number], text, *task.solution[number + 1 :]]))
    return found


def chosen(found, amount, seed, listed):
    """Return a sample, with those that the list of survivors names."""
    picked = range(len(found))
    if amount is not None and amount < len(found):
        picked = random.Random(seed).sample(picked, amount)
    named = [i for i, (name, _) in enumerate(found) if name in listed]
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


def answer(task, cells, names, patience=600):
    """Run a solution in a fork; return whether its check passes, and a digest of the answers."""

    def work():
        run(task.stub + cells, names)
        given = digest(task.answers(names))
        return bytes([f"{task.id} passed" in run(task.check, names)]) + given

    result = forked(work, patience)
    return bool(result and result[0]), result[1:]


def try_chapter(job):
    """Try the changes of one chapter's solutions; return ``(name, verdict)``, and all names."""
    tasks, amount, seed, listed = job
    warnings.simplefilter("ignore")
    names, tried, every = fresh_names(), [], []
    for task in tasks:
        found = mutants_of(task)
        every += [name for name, _ in found]
        began = time.monotonic()
        passed, right = answer(task, task.solution, names)
        patience = LEAST_PATIENCE + 10 * (time.monotonic() - began)
        if not passed:
            tried.append((f"{task.id}: its own solution, unchanged", "rejected"))
        for name, cells in chosen(found, amount, f"{seed} {task.id}", listed):
            passed, given = answer(task, cells, names, patience)
            verdict = "rejected" if not passed else "same" if given == right else "passed"
            tried.append((name, verdict))
        run(task.stub + task.solution, names)
    return tried, every


def warm_up():
    """Import once what solutions import, so that no fork must."""
    import torch

    importlib.import_module("matplotlib.pyplot").switch_backend("agg")
    torch.set_num_threads(1)
    torch.optim.SGD([torch.zeros(1, requires_grad=True)])  # the first one imports as much again


def prove_numbers(found):
    """Spoil the values of the solutions as `make test` does, ten times as often."""
    options = ("-q", "-n", "2", "-k", "mutations", NUMBERS)
    done = scratch.pytest(scratch.ROOT, *options, MUTATIONS=str(SPOILED))
    counted = re.search(r"(\d+) passed", done.stdout)
    found.notes.append(f"{SPOILED} spoiled values of each of {counted[1] if counted else 0} tasks")
    if done.returncode or not counted:
        found.problems.append(f"{NUMBERS} failed: {done.stdout[-2000:]}")


def prove(everything, seed):
    """Change the solutions, and return which changes the checks let through."""
    warm_up()
    found, listed = Outcome("exercises", complete=everything), expected("exercises")
    amount = None if everything else SAMPLE
    jobs = [(tasks, amount, seed, set(listed)) for tasks in all_tasks().values()]
    # The last chapters take longest.
    with contextlib.chdir(BOOK), Pool(2) as pool:
        results = []
        progress = Progress("exercises", len(jobs))
        for result in pool.imap(try_chapter, jobs[::-1]):
            results.insert(0, result)
            progress.step(f"chapters, {len(result[0])} changes in this one")
    same = 0
    for name, verdict in (pair for tried, _ in results for pair in tried):
        if name.endswith("its own solution, unchanged"):
            found.problems.append(f"rejected: {name}")
        elif verdict == "same":
            same += 1
        else:
            found.add("changes", verdict == "rejected", name)
    every = {name for _, names in results for name in names}
    found.gone += [f"{n} (no such change)" for n in listed if n not in every]
    found.gone += [f"{n} (rejected now)" for n in listed if n in every - set(found.survived)]
    total = same + sum(found.tried.values())
    found.notes.append(f"{total} of {len(every)} changes; {same} of them changed no answer")
    prove_numbers(found)
    return found
