"""Exercises of the introduction: what a loss is good for."""

import numpy as np

from lossutils.exercises.model import Choice, Exercise, Function, Number, Probe
from lossutils.exercises.probes import regression_probes

ELEVATOR = Exercise(
    "1.1",
    1,
    "Waiting for the elevator",
    (
        Number("best_mse", "the best guess under MSE", 4.0).mistakes(
            (2.0, "That is the median, which MAE asks for. MSE lets the twelve pull."),
            (6.5, "That is halfway from the smallest to the largest. MSE weighs all five."),
            (5.0, "Is the second 1 missing? A value that occurs twice counts twice."),
        ),
        Number("best_mae", "the best guess under MAE", 2.0).mistakes(
            (4.0, "That is the mean, which MSE asks for. To MAE, a minute is a minute."),
            (3.0, "Is the second 1 missing? Sort all five, then take the middle one."),
        ),
        Number("best_zero_one", "the best guess under the 0–1 loss", 1.0).mistakes(
            (0.0, "Zero hits nothing: nobody ever waited 0 minutes. Which value is hit?"),
            (2.0, "How often is 2 an exact hit? Another value is hit more often."),
        ),
    ),
    (
        "Chapter 1 asked the same of nine mornings: each loss has its own kind of middle.",
        "One of the three adds everything up, one sorts and looks at the middle, one counts.",
        "MSE asks for the mean, MAE for the median, the 0–1 loss for the mode.",
    ),
)


def _beyond(y_true, y_pred):
    """Return by how much each prediction is outside five minutes, with its sign."""
    e = np.asarray(y_pred, dtype=float) - y_true
    return e - np.clip(e, -5, 5)


def patience(y_true, y_pred):
    return np.mean(np.abs(_beyond(y_true, y_pred)))


def patience_grad(y_true, y_pred):
    return np.sign(_beyond(y_true, y_pred)) / np.size(y_true)


GRACE_PROBES = (
    # Errors within five are charged nothing, tiny or not.
    *(probe for probe in regression_probes() if probe.kind != "tiny errors"),
    Probe("a single sample", {"y_true": np.array([0.0]), "y_pred": np.array([7.0])}),
    Probe("hand-size", {"y_true": np.array([1.0, 2.0]), "y_pred": np.array([1.5, -6.0])}),
    Probe(
        "errors of exactly five",
        {"y_true": np.array([0.0, 10.0, 0.0]), "y_pred": np.array([5.0, 5.0, 7.0])},
    ),
)


MY_LOSS = Function("my_loss", "the loss", patience, GRACE_PROBES)
MY_LOSS_GRAD = Function("my_loss_grad", "the gradient", patience_grad, GRACE_PROBES)
GRACE = Exercise(
    "1.2",
    2,
    "Five minutes' grace",
    (MY_LOSS, MY_LOSS_GRAD),
    (
        "Begin with the size of each error, and think about one morning before all of them.",
        "What is charged for an error of 7? Of 3? The charge must never fall below zero.",
        "Where nothing is charged, the slope is 0. Beyond, it only says which way. Mind 1/n.",
    ),
)


def _error(y_true, y_pred):
    return np.asarray(y_pred, dtype=float) - y_true


@MY_LOSS.mistake("An error of 6 is charged 6 here. Only what exceeds 5 costs: 1.")
def cliff(y_true, y_pred):
    e = np.abs(_error(y_true, y_pred))
    return np.mean(np.where(e > 5, e, 0))


@MY_LOSS.mistake("Predictions that are too low cost nothing here. Both ways count.")
def one_sided(y_true, y_pred):
    return np.mean(np.maximum(0, _error(y_true, y_pred) - 5))


@MY_LOSS.mistake(
    "A good prediction is charged a negative price, and so pays for a bad one. Within five minutes "
    "the charge is 0."
)
def may_be_negative(y_true, y_pred):
    return np.mean(np.abs(_error(y_true, y_pred)) - 5)


@MY_LOSS.mistake(
    "The grace is given to the average error. It is given to each morning; average last."
)
def averaged_first(y_true, y_pred):
    return np.maximum(0, np.mean(np.abs(_error(y_true, y_pred))) - 5)


@MY_LOSS_GRAD.mistake(
    "That is the slope of MAE. Within five minutes nothing is charged: how steep is that?"
)
def sign_everywhere(y_true, y_pred):
    return np.sign(_error(y_true, y_pred)) / np.size(y_true)


@MY_LOSS_GRAD.mistake("Too low and too high get the same slope. Which way is down?")
def no_direction(y_true, y_pred):
    return np.abs(patience_grad(y_true, y_pred))


@MY_LOSS_GRAD.mistake(
    "The slope grows with the error here. Beyond five, each minute costs one minute."
)
def size_kept(y_true, y_pred):
    return _beyond(y_true, y_pred) / np.size(y_true)


@MY_LOSS_GRAD.mistake("At an error of exactly 5 or −5 the slope is to be 0: > or >=, which is it?")
def steep_at_the_edge(y_true, y_pred):
    e = _error(y_true, y_pred)
    return np.where(np.abs(e) >= 5, np.sign(e), 0) / np.size(y_true)


GOOD_ENOUGH = Exercise(
    "1.3",
    1,
    "Good enough",
    (
        Choice("answer", "the behavior", "b").mistakes(
            a="What would pull it there? Look at the slope within five minutes.",
            c="MAE bounces, as its slope is never small. What is the slope here?",
            d="To diverge, a step must be longer than the last. How long is it here?",
        ),
    ),
    (
        "Think of the slope, not of the loss's value.",
        "All errors are within five minutes. What is the gradient there?",
        "Gradient descent steps by learning rate times gradient. Put the gradient in.",
    ),
)


EXERCISES = (
    ELEVATOR,
    GRACE,
    GOOD_ENOUGH,
)
