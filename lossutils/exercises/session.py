"""What a notebook calls. It remembers, for this session, what was checked and hinted."""

import importlib

from lossutils.exercises.judge import SECONDS, evaluate
from lossutils.exercises.words import wrapped

# The chapters in their order: the first is chapter 1.
CHAPTERS = (
    "introduction",
    "role_of_losses",
    "regression",
    "binary_classification",
    "multiclass",
    "specialized",
    "metric_learning",
    "choosing",
    "implementation",
    "pitfalls",
    "conclusion",
)
_checked = {}
_hinted = {}
_WORDS = {"passed": "done", None: "not yet"}


def chapter(number):
    """Return a chapter's exercises by their ids; only this chapter's module is imported."""
    if not 1 <= number <= len(CHAPTERS):
        return {}
    module = importlib.import_module(f"lossutils.exercises.{CHAPTERS[number - 1]}")
    return {exercise.id: exercise for exercise in module.EXERCISES}


def chapters():
    """Return the exercises of all chapters: ``{3: {"3.1": Exercise, ...}, ...}``."""
    return {number: chapter(number) for number in range(1, len(CHAPTERS) + 1)}


def chapter_of(exercise_id):
    """Return the number before the point, or 0 if there is none."""
    number, _, _ = exercise_id.partition(".")
    return int(number) if number.isdecimal() else 0


def find(exercise_id, example):
    """Return the exercise of this number, or None after saying which there are."""
    if not isinstance(exercise_id, str):
        print(f"Give the exercise's number in quotes, as in {example}; got {exercise_id!r}.")
        return None
    key = exercise_id.strip()
    number = chapter_of(key)
    known = chapter(number)
    if key in known:
        return known[key]
    where = f"Chapter {number} has" if known else "There are"
    there = known or [each for exercises in chapters().values() for each in exercises]
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
        of options, or functions (the function itself, without brackets).

    Notes
    -----
    An answer is stopped after 30 seconds, also one that catches all errors. What cannot be stopped
    is a loop without end inside one call of compiled code, such as ``sum(itertools.repeat(1))``:
    interrupt or restart the kernel then. Of what an answer prints, logs, displays or draws, the
    beginning is shown, once.

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
    begun = sorted({chapter_of(key) for key in (*_checked, *_hinted)})
    if not begun:
        print('Nothing was checked yet. A check looks like this: check("3.2", my_huber)')
    for number in begun:
        exercises = chapter(number)
        states = {key: _checked.get(key) for key in exercises}
        done = sum(state == "passed" for state in states.values())
        print(f"Chapter {number}: {done} of {len(exercises)} done")
        for key, exercise in exercises.items():
            word = _WORDS.get(states[key], "tried")
            print(f"  {key:5} {'★' * exercise.stars:4} {word:8} {exercise.title}")
        left = [e for key, e in exercises.items() if states[key] != "passed"]
        print(f"Next: {left[0].id} {left[0].title}" if left else "All done.")
