"""Judge the answers to an exercise."""

from itertools import permutations

from lossutils.exercises._compare import (
    describe,
    describe_array,
    describe_number,
    differences,
    smallest,
)
from lossutils.exercises._model import Choice, Function, Number, Result
from lossutils.exercises._observe import expected, observe, untouched
from lossutils.exercises._run import TimeUp, limited, own_line, quiet
from lossutils.exercises._words import joined

SECONDS = 30


def evaluate(exercise, answers, seconds=SECONDS):
    """Return what there is to say about the answers to an exercise, within a time limit."""
    parts = exercise.parts
    if len(answers) != len(parts):
        return Result("misused", _count(exercise, answers))
    started = [not untouched(answer) for answer in answers]
    if not any(started):
        names = joined(part.name for part in parts)
        return Result("not started", f"{exercise.id} not started yet: replace the ... ({names}).")
    try:
        with quiet(), limited(seconds):
            problem = _first_problem(exercise, answers, started)
    except TimeUp as error:
        place = own_line(error)
        text = (
            f"{exercise.id} stopped after {seconds:g} seconds: is there a loop that never ends?"
            + (f"\n  {place}" if place else "")
        )
        return Result("failed", text)
    if problem is not None:
        return problem
    if not all(started):
        return Result("failed", _half_done(exercise, started))
    return Result("passed", _passed(exercise))


def _count(exercise, answers):
    names = [part.name for part in exercise.parts]
    call = f'check("{exercise.id}", {", ".join(names)})'
    if not answers:
        return f"{exercise.id}: no answer was given. Write {call}."
    takes = "one answer" if len(names) == 1 else f"{len(names)} answers"
    return f"{exercise.id} takes {takes}, and got {len(answers)}. Write {call}."


def _half_done(exercise, started):
    right = [p.label for p, s in zip(exercise.parts, started, strict=True) if s]
    left = [p.name for p, s in zip(exercise.parts, started, strict=True) if not s]
    return (
        f"{exercise.id} right so far: {joined(right)}. Not started yet: {joined(left)}; "
        "replace the ... there."
    )


def _passed(exercise):
    parts = exercise.parts
    functions = [part for part in parts if isinstance(part, Function)]
    labels = joined(part.label for part in parts)
    if len(functions) < len(parts):
        return f"{exercise.id} passed. Right: {labels}."
    probes = functions[0].probes
    kinds = dict.fromkeys(probe.kind for probe in probes)
    telling = [kind for kind in kinds if kind not in ("a single sample", "hand-size", "random")]
    among = f", among them {joined(telling)}" if telling else ""
    return f"{exercise.id} passed: {labels} on {len(probes)} inputs{among}."


def _first_problem(exercise, answers, started):
    """Return the result for the first part that is not right, or None."""
    for place, part in enumerate(exercise.parts):
        if not started[place]:
            continue
        right = expected(part)
        got, problem = observe(part, answers[place])
        places = differences(part, right, got)
        if not places and problem is None:
            continue
        if exercise.exchangeable and all(started) and _swapped(exercise, answers):
            order = ", ".join(p.name for p in exercise.parts)
            return Result(
                "misused",
                f"{exercise.id}: the right answers are there, in another order. It is: {order}.",
            )
        # What Python would stop at comes first: a comparison of the rest would mislead.
        if problem is not None:
            if problem.misuse:
                return Result("misused", f"{exercise.id}: {problem.text}")
            return Result("failed", f"{exercise.id} not yet: {part.label}. {problem.text}")
        says = _known(exercise, place, right, got) or _describe(part, right, got, places)
        return Result("failed", f"{exercise.id} not yet: {part.label}. {says}")
    return None


def _is_right(part, answer):
    got, problem = observe(part, answer)
    return problem is None and not differences(part, expected(part), got)


def _swapped(exercise, answers):
    return any(
        all(map(_is_right, exercise.parts, order)) for order in list(permutations(answers))[1:]
    )


def _known(exercise, place, right, got):
    """Return the diagnosis of the known-wrong answer that this one is, or None.

    It is, if both agree wherever the known-wrong one differs from the right answer. Of several,
    the one that agrees most often overall is meant.
    """
    part, best, says = exercise.parts[place], None, None
    for wrong in exercise.wrong:
        if wrong.part != place:
            continue
        theirs, _ = observe(part, wrong.answer)
        telling = differences(part, right, theirs)
        apart = differences(part, theirs, got)
        if not telling or set(telling) & set(apart):
            continue
        if best is None or len(apart) < best:
            best, says = len(apart), wrong.says
    return says


def _describe(part, right, got, places):
    """Return a general diagnosis."""
    if isinstance(part, Function):
        return describe(part, right, got, smallest(part, places))
    if isinstance(part, Choice):
        return "Try each option on a small example."
    if isinstance(part, Number):
        return describe_number(float(right[0]), float(got[0]))
    return describe_array(right[0], got[0], part.tolerance)
