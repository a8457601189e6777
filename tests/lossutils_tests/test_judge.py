"""The sentences about wrong answers, at the borders where one sentence gives way to another."""

from dataclasses import replace
from inspect import unwrap
from types import SimpleNamespace

import numpy as np
import pytest

import lossutils as lu
from lossutils.exercises.judge import (
    SECONDS,
    agree,
    describe_array,
    describe_number,
    evaluate,
    ratio,
)
from lossutils.exercises.model import Array, Exercise, Function, Number, Probe
from lossutils.exercises.run import borrowed_by
from lossutils.exercises.words import joined, plain, told_apart, wrapped

HINTS = ("one", "two", "three")


def answer(function, sizes):
    """Return what is said of a function that should give the sum, on inputs of these sizes."""
    probes = tuple(Probe("random", {"x": np.arange(1.0, 1.0 + size)}) for size in sizes)
    part = Function("total", "the sum", np.sum, probes)
    return evaluate(Exercise("9.1", 1, "Sum", (part,), HINTS), (function,), 5).text


@pytest.mark.parametrize(
    ("factor", "sizes", "sentence"),
    [
        # One number an input: n times is no diagnosis there.
        (lambda n: -1, (1, 1), "the sum. The sign is flipped: is it prediction minus truth? For"),
        (lambda n: -1, (2, 3), "the sum. The sign is flipped: is it prediction minus truth? For"),
        (lambda n: 2, (2, 2), "the sum. It is n times too large: a sum where the mean is wanted?"),
        (lambda n: 2, (1, 2, 3), "the sum. On every input it is the right one times 2.0. For"),
        (lambda n: n * 1.0005, (1, 2, 3), "the sum. It is n times too large"),
        (lambda n: 1 / n, (1, 2, 3), "the sum. It is n times too small: is the mean taken twice?"),
        (lambda n: 2.34567, (1, 2, 3), "On every input it is the right one times 2.346. For"),
        (lambda n: 2 + n / 1e4, (1, 2, 3), "On every input it is the right one times 2.0. For"),
        (lambda n: n**2, (1, 2, 3), "9.1 not yet: the sum. For"),
    ],
)
def test_one_factor_is_named(factor, sizes, sentence):
    said = answer(lambda x: factor(x.size) * x.sum(), sizes)
    assert sentence in " ".join(said.split())


def test_the_ratio_is_one_number_or_none():
    assert ratio([1.0, 2.0, 0.0], [2.0, 4.0002, 0.0]) == 2
    assert ratio([1.0, 2.0], [2.0, 4.2]) is None
    assert ratio([1.0, 0.0], [2.0, 1e-3]) is None
    assert ratio([1.0, 2.0], [2.0, np.inf]) is None
    assert ratio([1.0, 2.0], [2.0]) is None


@pytest.mark.parametrize(
    ("got", "sentence"),
    [
        (-4.001, "The size is right and the sign is flipped."),
        (-5, "-5 is too small."),
        (400.1, "400.1 is too large."),
        (500, "500 is too large."),
        (np.nan, "It is not a finite number."),
    ],
)
def test_a_wrong_number(got, sentence):
    assert describe_number(4.0, got) == sentence


def test_what_is_within_the_tolerance_is_right():
    assert agree(Number("n", "n", 2.0, 1, 0.5), 0, 2.0, 2.4)
    assert not agree(Number("n", "n", 2.0, 1, 0.5), 0, 2.0, 2.6)
    assert agree(Array("a", "a", (2.0, 4.0), 1, 0.5), 0, (2.0, 4.0), np.array([2.4, 3.6]))
    # The border itself still counts, in the verdict and in the sentence.
    assert describe_array(np.array([1.0, 2.0]), np.array([1.5, 4.0]), 0.5) == (
        "Wrong is the element at 1."
    )


@pytest.mark.parametrize(
    ("right", "got", "text"),
    [
        (17 / 3, 5.67, "5.67 is right, but rounded: give more digits, three decimals."),
        (17 / 3, 5.66, "5.66 is right, but rounded: give more digits, three decimals."),
        (17 / 3, 5.7, "5.7 is right, but rounded: give more digits, three decimals."),
        (-17 / 3, -5.67, "-5.67 is right, but rounded: give more digits, three decimals."),
        # One digit is a guess, and another last digit is another number.
        (17 / 3, 6, "6 is too large."),
        (17 / 3, 5.68, "5.68 is too large."),
        (17 / 3, 5.65, "5.65 is too small."),
        (17 / 3, -5.67, "The size is right and the sign is flipped."),
        (1 / 3, 33, "That is a percentage; give the share itself, between 0 and 1."),
        (0.0, 0.1, "0.1 is too large."),
    ],
)
def test_a_rounded_number_is_not_too_large(right, got, text):
    assert describe_number(right, got) == text


@pytest.mark.parametrize(
    ("got", "text"),
    [
        ([0.33, 0.67], "Right, but rounded: give more digits, three decimals."),
        ([0.33, 0.6], "Wrong is the element at 1."),
        ([-0.33, -0.667], "The sizes are right and the signs are flipped."),
        ([33.3, 66.7], "Those are percentages; give the shares themselves, between 0 and 1."),
        ([33.3, 0.5], "Wrong are the elements at 0, 1."),
    ],
)
def test_rounded_elements_are_not_wrong(got, text):
    assert describe_array(np.array([1 / 3, 2 / 3]), np.array(got), 0.001) == text


def mean_of(*arrays):
    probes = tuple(
        Probe("two axes" if np.ndim(x) == 2 else "random", {"x": np.array(x)}) for x in arrays
    )
    part = Function("average", "the mean", np.mean, probes)
    return Exercise("9.3", 1, "Mean", (part,), HINTS)


@pytest.mark.parametrize(
    "function",
    [
        lambda x: sum(float(v) for v in x) / len(x),
        lambda x: x.sum() / len(x),
        lambda x: sum(v if v > 0 else 0.0 for v in x) / len(x),
    ],
)
def test_a_loop_that_meets_a_second_axis_is_told_so(function):
    text = evaluate(mean_of([1.0], [1.0, 2.0], [[1.0, 2.0], [3.0, 5.0]]), (function,), 5).text
    assert "Right where the arrays have one axis. These have two, and the text says any" in text
    assert "Right where" not in evaluate(mean_of([[1.0, 2.0]]), (function,), 5).text
    assert "Right where" not in evaluate(mean_of([1.0], [2.0, 3.0]), (np.sum,), 5).text


def test_float32_is_enough_or_told():
    exercise = mean_of([1.1, 2.3], [1e6, 1.7])
    assert evaluate(exercise, (lambda x: np.mean(np.float32(x)),), 5).status == "passed"
    # Two roundings of float32, taken out of it.
    rounded = evaluate(exercise, (lambda x: float(np.mean(x) * (1 - 2e-6)),), 5).text
    assert rounded.startswith("9.3 not yet: the mean. Right to about four digits, and not beyond")
    bit = evaluate(exercise, (lambda x: np.mean(x) * (1 + 1e-5),), 5).text
    assert "or is a small number added on the way?" in bit
    assert "four digits" not in evaluate(exercise, (lambda x: np.mean(x) * 1.001,), 5).text
    tiny = Probe("tiny", {"x": np.array([1e-9])}, absolute=0.0)
    part = replace(exercise.parts[0], probes=(*exercise.parts[0].probes, tiny))
    exercise = Exercise("9.3", 1, "Mean", (part,), HINTS)
    assert "four digits" in evaluate(exercise, (lambda x: np.mean(x) * (1 - 2e-6) + 1e-12,), 5).text
    assert "four digits" not in evaluate(exercise, (lambda x: np.mean(x) + 1e-12,), 5).text
    assert "four digits" not in evaluate(exercise, (lambda x: x * (1 - 2e-6),), 5).text
    single = evaluate(exercise, (lambda x: np.float32(np.mean(x) * (1 - 2e-6)),), 5)
    assert single.status == "passed"


def test_an_array_of_one_whole_number_lacks_no_mean():
    probes = (Probe("random", {"x": np.array([3.0, 1.0])}),)
    part = Function("place", "the place", lambda x: int(np.argmin(x)), probes)
    exercise = Exercise("9.4", 1, "Place", (part,), HINTS)
    text = evaluate(exercise, (lambda x: np.where(x == x.min())[0],), 5).text
    assert "An array of shape (1,) comes back, and one whole number is wanted. For" in text


def test_rows_are_samples_too():
    probes = tuple(Probe("random", {"x": np.ones((n, 3))}) for n in (2, 3))
    part = Function("f", "it", lambda x: np.mean(x.sum(axis=1)), probes)
    text = evaluate(Exercise("9.5", 1, "Rows", (part,), HINTS), (np.sum,), 5).text
    assert "It is n times too large" in text


def test_a_known_answer_that_stops_at_an_error():
    part = Function("f", "it", abs, tuple(Probe("random", {"x": x}) for x in (2.0, 0.0, 3.0)))

    @part.mistake("No logarithm of zero.")
    def known(x):
        if not x:
            raise ValueError("x must be > 0")
        return x

    def alike(x):
        return known(x)

    def another(x):
        return known(x) + 1

    exercise = Exercise("9.6", 1, "Error", (part,), HINTS)
    assert evaluate(exercise, (alike,), 5).text == "9.6 not yet: it. No logarithm of zero."
    assert "raises ValueError: x must be > 0" in evaluate(exercise, (another,), 5).text


def test_what_a_known_answer_praises_must_be_right():
    part = Function("f", "it", np.log, tuple(Probe("random", {"x": x}) for x in (2.0, 3.0, 5.0)))
    part.mistake("The formula is right, and the last overflows.")(
        lambda x: np.log(x) if x < 4 else np.inf
    )
    exercise = Exercise("9.7", 1, "Praise", (part,), HINTS)

    def says(function):
        return evaluate(exercise, (function,), 5).text

    assert "The formula is right" in says(lambda x: np.log(x) if x < 4 else np.nan)
    assert "The formula is right" not in says(lambda x: 2 * np.log(x) if x < 4 else np.inf)
    assert "The formula is right" not in says(lambda x: np.log(x) if x < 4 else np.ones(2))
    assert "The formula is right" not in says(lambda x: np.log(x) if x < 4 else 7.0)


def test_of_known_numbers_the_nearest_is_meant():
    near = Number("n", "n", 7.0018).mistakes((7, "rounded too far"), (7.01, "not that far"))
    exercise = Exercise("9.8", 1, "Near", (near,), HINTS)

    def says(value):
        return evaluate(exercise, (value,), 5).text.partition("n. ")[2]

    assert says(7) == "rounded too far"
    assert says(6.99) == "rounded too far"
    assert says(7.008) == "not that far"
    assert says(7.004) == "7.004 is too large."
    whole = Number("n", "n", 500, 0).mistakes((501, "one too many"))
    exercise = Exercise("9.9", 1, "Whole", (whole,), HINTS)
    assert says(501) == "one too many"
    assert says(503) == "503.0 is too large."


def test_of_a_long_result_the_place_is_shown_where_it_differs():
    probes = (Probe("random", {"x": np.arange(40.0).reshape(20, 2)}),)
    part = Function("f", "it", lambda x: x / 3, probes)
    exercise = Exercise("9.3", 1, "Long", (part,), HINTS)

    def off(x, change):
        result = x / 3
        result[9, 1] += change
        return result

    for change, got in ((1.0, 7.33333), (np.nan, np.nan)):
        text = evaluate(exercise, (lambda x, change=change: off(x, change),), 5).text
        assert f"expected [9]: [6.0, 6.33333]\n  got      [9]: [6.0, {got}]" in text
        assert len(text) < 300


def test_no_factor_is_named_if_zero_does_not_stay_zero():
    part = Function("f", "it", lambda x: x, tuple(Probe("random", {"x": x}) for x in (0.0, 2.0)))
    exercise = Exercise("9.4", 1, "Zero", (part,), HINTS)
    assert "times 3.0" in evaluate(exercise, (lambda x: 3 * x,), 5).text
    assert "times" not in evaluate(exercise, (lambda x: 3 * x or 1.0,), 5).text


def test_who_calls_the_library_is_the_answer_or_the_library_itself():
    def frame(code, back=None):
        return SimpleNamespace(f_code=code, f_back=back)

    ours, chapter = unwrap(lu.mse_loss).__code__, describe_number.__code__
    learner = frame(mean_of.__code__)
    assert borrowed_by(frame(ours, learner), "call") == "mse_loss"
    assert borrowed_by(frame(ours, learner), "return") is None
    assert borrowed_by(learner, "call") is None
    assert borrowed_by(frame(ours, frame(ours)), "call") is None
    assert borrowed_by(frame(chapter, learner), "call") is None
    # A function around it makes it silent under any np.seterr.
    around = frame(lu.mse_loss.__code__, learner)
    assert borrowed_by(around, "call") is None
    assert borrowed_by(frame(ours, around), "call") == "mse_loss"
    assert borrowed_by(frame(ours, frame(around.f_code, frame(ours))), "call") is None


def test_a_part_may_forbid_what_the_library_has():
    part = Function("f", "it", lu.mse_loss, (), may_use=())
    allowed = Function("f", "it", lu.mse_loss, (), may_use=("mae_loss",))
    arguments = {"y_true": np.array([1.0]), "y_pred": np.array([3.0])}
    for may, names in ((part, "nothing from lossutils"), (allowed, "it may use lu.mae_loss only")):
        may = replace(may, probes=(Probe("random", arguments),))
        text = evaluate(Exercise("9.1", 1, "MSE", (may,), HINTS), (lu.mse_loss,), 5).text
        assert "f calls lu.mse_loss" in text
        assert names in " ".join(text.split())


def test_a_pass_counts_the_inputs_of_the_first_function():
    probes = tuple(Probe("random", {"x": float(n)}) for n in range(3))
    parts = (Function("f", "f", abs, probes), Function("g", "g", abs, probes[:1]))
    exercise = Exercise("9.2", 1, "Two", parts, HINTS)
    assert evaluate(exercise, (abs, abs), SECONDS).text == "9.2 passed: f and g on 3 inputs."


@pytest.mark.parametrize(
    ("one", "other", "texts"),
    [
        (1.23456789, 1.23456, ("1.23457", "1.23456")),
        (1.123456789, 1.123456799, ("1.12345679", "1.1234568")),
        (1.12345678901234, 1.12345678909, ("1.12345678901", "1.12345678909")),
        (1.0, 1.0 + 2**-52, ("1.0", "1.0000000000000002")),
    ],
)
def test_two_numbers_are_shown_with_as_many_digits_as_tell_them_apart(one, other, texts):
    assert told_apart(one, other) == texts


def test_numbers_and_lists_of_words():
    assert plain(1 / 3) == "0.333333"
    assert plain(np.array([-0.0, 1, -2])) == "[0.0, 1.0, -2.0]"
    assert plain(np.arange(6.0)) == "[0.0, 1.0, 2.0, 3.0, 4.0, 5.0]"
    assert plain(np.arange(7.0)) == "[0.0, 1.0, 2.0, 3.0, 4.0, 5.0, ... 7 numbers]"
    assert plain(np.arange(14.0).reshape(2, 7)[:, :2]) == "[[0.0, 1.0], [7.0, 8.0]]"
    assert plain(np.arange(8.0).reshape(8, 1)).endswith("[5.0], ... 8 rows]")
    assert [joined("abc"[:n]) for n in (1, 2, 3)] == ["a", "a and b", "a, b and c"]


def test_a_line_has_76_letters_at_most():
    assert wrapped("x" * 70 + " loss.") == "x" * 70 + " loss."
    assert wrapped("x" * 70 + " losses").splitlines() == ["x" * 70, "losses"]


def test_a_line_is_not_broken_inside_a_word():
    text = "x" * 66 + " cross-entropy"  # "cross-" alone would fit
    assert wrapped(text).splitlines() == ["x" * 66, "cross-entropy"]
    assert wrapped("  " + text) == "  " + text
