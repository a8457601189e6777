"""Exercises of chapter 1: what is a loss good for."""

import numpy as np

from lossutils.exercises.model import Choice, Exercise, Function, Number, Probe, Wrong
from lossutils.exercises.probes import regression_probes


def beyond(y_true, y_pred):
    """Return by how much each prediction is outside five minutes, with its sign."""
    e = np.asarray(y_pred, dtype=float) - y_true
    return e - np.clip(e, -5, 5)


def patience(y_true, y_pred):
    """Return the mean of the minutes beyond five."""
    return np.mean(np.abs(beyond(y_true, y_pred)))


def patience_grad(y_true, y_pred):
    """Return its gradient."""
    return np.sign(beyond(y_true, y_pred)) / np.size(y_true)


def _error(y_true, y_pred):
    return np.asarray(y_pred, dtype=float) - y_true


def _cliff(y_true, y_pred):
    e = np.abs(_error(y_true, y_pred))
    return np.mean(np.where(e > 5, e, 0))


def _one_sided(y_true, y_pred):
    return np.mean(np.maximum(0, _error(y_true, y_pred) - 5))


def _may_be_negative(y_true, y_pred):
    return np.mean(np.abs(_error(y_true, y_pred)) - 5)


def _averaged_first(y_true, y_pred):
    return np.maximum(0, np.mean(np.abs(_error(y_true, y_pred))) - 5)


def _sign_everywhere(y_true, y_pred):
    return np.sign(_error(y_true, y_pred)) / np.size(y_true)


def _no_direction(y_true, y_pred):
    return np.abs(patience_grad(y_true, y_pred))


def _size_kept(y_true, y_pred):
    return beyond(y_true, y_pred) / np.size(y_true)


def _steep_at_the_edge(y_true, y_pred):
    e = _error(y_true, y_pred)
    return np.where(np.abs(e) >= 5, np.sign(e), 0) / np.size(y_true)


_PROBES = (
    *regression_probes(),
    Probe(
        "errors of exactly five",
        {"y_true": np.array([0.0, 10.0, 0.0]), "y_pred": np.array([5.0, 5.0, 7.0])},
    ),
)

EXERCISES = (
    Exercise(
        "1.1",
        1,
        "Waiting for the elevator",
        (
            Number("best_mse", "the best guess under MSE", 4.0),
            Number("best_mae", "the best guess under MAE", 2.0),
            Number("best_zero_one", "the best guess under the 0–1 loss", 1.0),
        ),
        (
            "Chapter 1 asked the same of nine mornings: each loss has its own kind of middle.",
            "One of the three adds everything up, one sorts and looks at the middle, one counts.",
            "MSE asks for the mean, MAE for the median, the 0–1 loss for the mode.",
        ),
        (
            Wrong(0, 2.0, "That is the median, which MAE asks for. MSE lets the twelve pull."),
            Wrong(0, 6.5, "That is halfway from the smallest to the largest. MSE weighs all five."),
            Wrong(0, 5.0, "Is the second 1 missing? A value that occurs twice counts twice."),
            Wrong(1, 4.0, "That is the mean, which MSE asks for. To MAE, a minute is a minute."),
            Wrong(1, 3.0, "Is the second 1 missing? Sort all five, then take the middle one."),
            Wrong(2, 0.0, "Zero hits nothing: nobody ever waited 0 minutes. Which value is hit?"),
            Wrong(2, 2.0, "How often is 2 an exact hit? Another value is hit more often."),
        ),
    ),
    Exercise(
        "1.2",
        2,
        "Five minutes' grace",
        (
            Function("my_loss", "the loss", patience, _PROBES),
            Function("my_loss_grad", "the gradient", patience_grad, _PROBES),
        ),
        (
            "Begin with the size of each error, and think about one morning before all of them.",
            "What is charged for an error of 7? Of 3? The charge must never fall below zero.",
            "Where nothing is charged, the slope is 0. Beyond, it only says which way. Mind 1/n.",
        ),
        (
            Wrong(0, _cliff, "An error of 6 is charged 6 here. Only what exceeds 5 costs: 1."),
            Wrong(
                0, _one_sided, "Predictions that are too low cost nothing here. Both ways count."
            ),
            Wrong(
                0,
                _may_be_negative,
                "A good prediction is charged a negative price, and so pays for a bad one. "
                "Within five minutes the charge is 0.",
            ),
            Wrong(
                0,
                _averaged_first,
                "The grace is given to the average error. It is given to each morning; "
                "average last.",
            ),
            Wrong(
                1,
                _sign_everywhere,
                "That is the slope of MAE. Within five minutes nothing is charged: how steep is "
                "that?",
            ),
            Wrong(1, _no_direction, "Too low and too high get the same slope. Which way is down?"),
            Wrong(
                1,
                _size_kept,
                "The slope grows with the error here. Beyond five, each minute costs one minute.",
            ),
            Wrong(
                1,
                _steep_at_the_edge,
                "At an error of exactly 5 or −5 the slope is to be 0: > or >=, which is it?",
            ),
        ),
    ),
    Exercise(
        "1.3",
        1,
        "Good enough",
        (Choice("answer", "the behavior", "b"),),
        (
            "Think of the slope, not of the loss's value.",
            "All errors are within five minutes. What is the gradient there?",
            "Gradient descent steps by learning rate times gradient. Put the gradient in.",
        ),
        (
            Wrong(0, "a", "What would pull it there? Look at the slope within five minutes."),
            Wrong(0, "c", "MAE bounces, as its slope is never small. What is the slope here?"),
            Wrong(0, "d", "To diverge, a step must be longer than the last. How long is it here?"),
        ),
    ),
)
