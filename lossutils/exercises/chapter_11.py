"""Exercises of chapter 11: two that look back, and the capstone."""

from lossutils.exercises import _chapter_11_functions as f
from lossutils.exercises._chapter_11_capstone import CAPSTONE
from lossutils.exercises.model import Array, Choice, Exercise, Function, Wrong

EXERCISES = (
    Exercise(
        "11.1",
        1,
        "At most so hard",
        (
            Array("limits", "the five limits", (1.0, 3.0, 0.9, 9.0, 1.0)),
            Choice("unlimited", "the loss without a limit", "c"),
        ),
        (
            "Write down each gradient first. The picture of this chapter has them all.",
            "Pinball has two slopes, one for each side. Which one is larger at one tenth?",
            "BCE's gradient is a probability minus a label, and the weight multiplies a positive.",
        ),
        (
            Wrong(
                0,
                (1.0, 1.0, 0.9, 9.0, 1.0),
                "Huber's push is capped at δ. It is 1 for δ = 1 only, and for SmoothL1.",
            ),
            Wrong(
                0,
                (1.0, 3.0, 0.1, 9.0, 1.0),
                "Pinball at one tenth pushes gently up and hard down: 1 − τ is the larger.",
            ),
            Wrong(
                0,
                (1.0, 3.0, 0.9, 1.0, 1.0),
                "The positive weight multiplies the push of a positive: 9 votes.",
            ),
            Wrong(
                0,
                (1.0, 3.0, 0.9, 9.0, 2.0),
                "Hinge's push is a vote of 1. The 2 belongs to the square, where it has no limit.",
            ),
            Wrong(1, "a", "Its gradient is tanh e, and that stays below 1."),
            Wrong(1, "b", "Its push has a bump a little above 1, and no more."),
            Wrong(1, "d", "Its gradient is a difference of two probabilities."),
        ),
    ),
    Exercise(
        "11.2",
        2,
        "Counting swans",
        (
            Function("count_loss", "the loss", f.counts, f.COUNT_PROBES),
            Function("count_loss_grad", "the gradient", f.counts_grad, f.COUNT_PROBES),
        ),
        (
            "Take the negative logarithm of P(k). Which of its terms contains the rate?",
            "Put the exponential of z in place of the rate. The logarithm of the rate is then z.",
            "For the gradient: the exponential is its own derivative, and the other term is a "
            "straight line in z. Then think of the mean.",
        ),
        (
            Wrong(0, f.counts_of_rate, "z is the *logarithm* of the rate here; it may be below 0."),
            Wrong(0, f.counts_flipped, "The sign is flipped: likely counts must be cheap."),
            Wrong(0, f.counts_no_exp, "The rate itself costs something too: the exponential of z."),
            Wrong(
                0,
                f.counts_factorial,
                "Right up to a constant: leave out what does not contain z, the factorial.",
            ),
            Wrong(0, f.counts_squared, "That is the squared error, so Gaussian. Take Poisson."),
            Wrong(0, f.counts_sum, "That is the sum over the samples. Take the mean."),
            Wrong(1, f.counts_grad_of_rate, "That is the slope along the rate. z is asked for."),
            Wrong(1, f.counts_grad_no_exp, "The prediction is the rate, and z its logarithm."),
            Wrong(1, f.counts_grad_flipped, "The sign is flipped: prediction minus truth."),
            Wrong(1, f.counts_grad_sum, "It is n times too large: the mean's 1/n is missing."),
            Wrong(
                1,
                f.counts_grad_twice,
                "The slope of the exponential is in it once too often: it cancels here.",
            ),
        ),
    ),
    *CAPSTONE,
)
