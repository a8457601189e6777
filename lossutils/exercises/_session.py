"""What a notebook calls. It remembers, for this session, what was checked and hinted."""

import importlib
import pkgutil
import re
from pathlib import Path

from lossutils.exercises._engine import SECONDS, evaluate
from lossutils.exercises._words import wrapped

_checked = {}
_hinted = {}
_WORDS = {"passed": "done", None: "not yet"}


def chapters():
    """Return the exercises of each chapter that has some: ``{3: {"3.1": Exercise, ...}, ...}``."""
    found = {}
    for module in pkgutil.iter_modules([str(Path(__file__).parent)]):
        if re.fullmatch(r"chapter_\d\d", module.name):
            content = importlib.import_module(f"lossutils.exercises.{module.name}")
            found[int(module.name[-2:])] = {e.id: e for e in content.EXERCISES}
    return found


def find(exercise_id, example):
    """Return the exercise of this number, or None after saying which there are."""
    if not isinstance(exercise_id, str):
        print(f"Give the exercise's number in quotes, as in {example}; got {exercise_id!r}.")
        return None
    known = chapters()
    number, _, _ = exercise_id.strip().partition(".")
    chapter = known.get(int(number), {}) if number.isdecimal() else {}
    if exercise_id.strip() in chapter:
        return chapter[exercise_id.strip()]
    where = f"Chapter {int(number)} has" if chapter else "There are"
    there = chapter or [key for exercises in known.values() for key in exercises]
    print(f"There is no exercise {exercise_id!r}. {where} {', '.join(there)}.")
    return None


def check(exercise, *answers):
    """Check your answers to an exercise, and print what is right or what is wrong.

    Parameters
    ----------
    exercise : str
        The exercise's number, such as ``"3.2"``.
    *answers
        Your answers, in the order of the exercise's check cell: numbers, lists or arrays, letters
        of options, or functions (the function itself, without brackets). A check stops after 30
        seconds.

    Examples
    --------
    >>> check("3.1", 17 / 3, 5 / 3)
    3.1 passed. Right: the MSE and the MAE.
    """
    found = find(exercise, 'check("3.2", ...)')
    if found is None:
        return
    result = evaluate(found, answers, SECONDS)
    if result.status in ("passed", "failed"):
        _checked[found.id] = result.status
    elif result.status == "not started":
        # The chapter is the one to report on, even if nothing in it is begun.
        _checked.setdefault(found.id, None)
    print(wrapped(result.text))


def hint(exercise):
    """Print the next of an exercise's three hints; after the last one, say that it was the last.

    Parameters
    ----------
    exercise : str
        The exercise's number, such as ``"3.2"``.
    """
    found = find(exercise, 'hint("3.2")')
    if found is None:
        return
    given, total = _hinted.get(found.id, 0), len(found.hints)
    if given == total:
        print(f"{found.id}: that was the last hint, number {total}, and here it is once more.")
    else:
        _hinted[found.id] = given = given + 1
    print(wrapped(f"{found.id}, hint {given} of {total}: {found.hints[given - 1]}"))


def progress():
    """Print which exercises of this notebook are done, by the checks that ran in this session."""
    shown = {number: e for number, e in chapters().items() if set(e) & {*_checked, *_hinted}}
    if not shown:
        print('Nothing was checked yet. A check looks like this: check("3.2", my_huber)')
    for number, exercises in shown.items():
        states = {key: _checked.get(key) for key in exercises}
        done = sum(state == "passed" for state in states.values())
        print(f"Chapter {number}: {done} of {len(exercises)} done")
        for key, exercise in exercises.items():
            word = _WORDS.get(states[key], "tried")
            print(f"  {key:5} {'★' * exercise.stars:4} {word:8} {exercise.title}")
        left = [e for key, e in exercises.items() if states[key] != "passed"]
        print(f"Next: {left[0].id} {left[0].title}" if left else "All done.")
