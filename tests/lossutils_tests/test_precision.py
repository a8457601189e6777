"""Every function, on many inputs, against arithmetic of enough digits (`exact.py`).

The bound is 8 eps (1 + kappa) for each number. `make prove PART=precision` tries 10,000 inputs of
each function, which these variables of the environment ask for; here 200 must do.
"""

import json
import os
from pathlib import Path

import mpmath as mp
import numpy as np
import pytest

import lossutils

from . import exact
from .cases import HELPERS
from .references import TRIALS

INPUTS = int(os.environ.get("PRECISION_INPUTS", "200"))
SEED = int(os.environ.get("PRECISION_SEED", "0"))
REPORT = os.environ.get("PRECISION_REPORT")


def test_every_public_function_is_tried():
    tried = {trial.name for trial in TRIALS}
    tried |= {f"{trial.name}_grad" for trial in TRIALS if trial.predictions}
    assert tried | set(HELPERS) == set(lossutils.__all__)


@pytest.mark.parametrize("trial", TRIALS, ids=lambda trial: trial.name)
def test_rounding_is_what_the_inputs_allow(trial):
    worst = exact.worst(trial, INPUTS, SEED)
    if REPORT:
        lines = [json.dumps([one.trial, one.part, one.rounding, one.call]) for one in worst]
        with Path(REPORT).open("a", encoding="utf-8") as file:
            file.write("".join(f"{line}\n" for line in lines))
    for one in worst:
        assert one.rounding <= exact.ALLOWED, str(one)


def test_the_comparison_finds_what_it_looks_for():
    """An error of 9 eps, a minus zero, and infinity in place of a number."""
    eps = np.finfo(float).eps
    for got, number, moves in (
        (1 + 9 * eps, 1, 0),
        (1 + 18 * eps, 1, 1),
        (-0.0, 0, 0),
        (np.inf, 1e300, 0),
        (1e308, mp.inf, 0),
        (np.nan, 1, 0),
        (1e-300, 0, 0),
    ):
        wrong = exact.Compared(
            "mse_loss", "value", np.float64(got), exact.Exact(mp.mpf(number), mp.mpf(moves)), ""
        )
        assert wrong.rounding > exact.ALLOWED, got
    for got, number, moves in (
        (1 + 7 * eps, 1, 0),
        (1 + 15 * eps, 1, 1),
        (np.inf, 1e309, 0),
        (0.0, 0, 0),
    ):
        number = mp.mpf(10) ** 309 if number == 1e309 else mp.mpf(number)
        right = exact.Compared(
            "mse_loss", "value", np.float64(got), exact.Exact(number, mp.mpf(moves)), ""
        )
        assert right.rounding <= exact.ALLOWED, got


def test_more_digits_are_taken_until_two_precisions_agree():
    """At a logit of 400, p - 1 is -2e-174, which 60 digits show as 0."""
    trial = next(t for t in TRIALS if t.name == "binary_cross_entropy_with_logits")
    value, slope = exact.conditioned(trial, ((1.0,), (400.0,)), {"pos_weight": 1.0})
    with mp.workdps(400):
        assert abs(slope.number / (1 / (1 + mp.exp(mp.mpf(400)))) + 1) < mp.mpf(10) ** -20
        assert abs(value.number / mp.log1p(mp.exp(mp.mpf(-400))) - 1) < mp.mpf(10) ** -20


@pytest.mark.parametrize("step", [None, 1e-3, 1e-5])
def test_numerical_gradient_is_as_near_as_it_says(step):
    """It promises less: h^2 times the third derivative, and eps / h times the values."""
    rng = np.random.default_rng(0)
    for _ in range(INPUTS):
        c, x = 10 ** rng.uniform(-6, 6) * rng.normal(), 10 ** rng.uniform(-3, 3) * rng.normal()
        gradient = lossutils.numerical_gradient(lambda x, c=c: c * x**3, x, step=step)
        h = step or np.finfo(float).eps ** (1 / 3) * max(1, abs(x))
        largest = abs(c) * (abs(x) + h) ** 3
        exact_slope = mp.mpf(3) * mp.mpf(c) * mp.mpf(x) ** 2
        allowed = abs(c) * h**2 * 1.01 + 8 * np.finfo(float).eps * largest / h
        assert abs(mp.mpf(float(gradient)) - exact_slope) <= allowed
        if step is None:
            error = lossutils.assert_gradient_matches(
                lambda x, c=c: c * x**3, gradient + allowed, x, rtol=0, atol=2 * allowed
            )
            assert error == pytest.approx(allowed, rel=1e-6, abs=4e-16 * abs(gradient))
