"""The sentences about wrong answers, at the borders where one sentence gives way to another."""

import numpy as np
import pytest

from lossutils.exercises.judge import (
    SECONDS,
    agree,
    describe_array,
    describe_number,
    evaluate,
    ratio,
)
from lossutils.exercises.model import Array, Exercise, Function, Number, Probe
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
    assert plain(np.arange(6.0)) == "[0.0, 1.0, 2.0, 3.0, 4.0, 5.0]"
    assert plain(np.arange(7.0)) == "[0.0, 1.0, 2.0, 3.0, 4.0, 5.0, ... 7 numbers]"
    assert plain(np.arange(14.0).reshape(2, 7)[:, :2]) == "[[0.0, 1.0], [7.0, 8.0]]"
    assert [joined("abc"[:n]) for n in (1, 2, 3)] == ["a", "a and b", "a, b and c"]


def test_a_line_has_76_letters_at_most():
    assert wrapped("x" * 70 + " loss.") == "x" * 70 + " loss."
    assert wrapped("x" * 70 + " losses").splitlines() == ["x" * 70, "losses"]


def test_a_line_is_not_broken_inside_a_word():
    text = "x" * 66 + " cross-entropy"  # "cross-" alone would fit
    assert wrapped(text).splitlines() == ["x" * 66, "cross-entropy"]
    assert wrapped("  " + text) == "  " + text
