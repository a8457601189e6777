"""Exercises of chapter 3: losses for regression."""

from lossutils.exercises._chapter_03_functions import HUBER, LOG_COSH, PINBALL
from lossutils.exercises.model import Array, Choice, Exercise, Number, Wrong

EXERCISES = (
    Exercise(
        "3.1",
        1,
        "Three forecasts by hand",
        (
            Number("mse", "the MSE", 17 / 3),
            Number("mae", "the MAE", 5 / 3),
        ),
        (
            "Begin with the three errors: prediction minus truth. One of them is zero.",
            "Square each error for one loss; drop each sign for the other. Then average.",
            "An error of zero adds nothing to the sum and still counts as a sample: n is 3.",
        ),
        (
            Wrong(0, 17, "That is the sum of the squares. The M says mean: divide by n."),
            Wrong(0, 17 / 2, "The perfect forecast counts too: n is 3, not 2."),
            Wrong(0, (17 / 3) ** 0.5, "That is the RMSE. Leave the root out."),
            Wrong(0, 17 / 6, "That is half of it. This course's MSE has no ½ in front."),
            Wrong(0, 1, "The mean of the errors was squared. Square each error, then average."),
            Wrong(1, 5, "That is the sum. The M says mean: divide by n."),
            Wrong(1, 5 / 2, "The perfect forecast counts too: n is 3, not 2."),
            Wrong(1, -1, "Too high and too low cancel here. Drop the signs before you average."),
            Wrong(1, 1, "Too high and too low cancel here. Drop the signs before you average."),
        ),
    ),
    HUBER,
    Exercise(
        "3.3",
        1,
        "Who pulls?",
        (
            Number("share_mse", "the share under MSE", 7 / 10),
            Number("share_mae", "the share under MAE", 1 / 4),
            Number("share_huber", "the share under Huber", 2 / 5),
        ),
        (
            "A share is one push divided by the sizes of all pushes. Write down four pushes.",
            "The factors 2/n and 1/n are the same for all four, so they cancel.",
            "The pushes: the errors themselves; their signs; the errors clipped to ±2.",
        ),
        (
            Wrong(0, 49 / 52, "That is its share of the *loss*. What trains is the gradient."),
            Wrong(0, 7 / 3, "That compares it with the others. Divide by all four together."),
            Wrong(1, 7 / 10, "That is its share of the *loss*. MAE's pushes are signs."),
            Wrong(1, 1 / 3, "That compares it with the others. Divide by all four together."),
            Wrong(2, 12 / 13.5, "That is its share of the *loss*. What trains is the gradient."),
            Wrong(2, 1 / 4, "At δ = 2, errors of 1 are not clipped and pull less than the 7."),
            Wrong(2, 2 / 3, "That compares it with the others. Divide by all four together."),
            Wrong(2, 7 / 10, "The 7 is beyond δ: how hard may it pull at most?"),
        ),
    ),
    LOG_COSH,
    PINBALL,
    Exercise(
        "3.6",
        3,
        "The ferry's three promises",
        (Array("best", "the best promises", (3.0, 8.0, 30.0), 0.06),),
        (
            "Try every whole minute from 0 to 60 as the promise, and look for the cheapest.",
            "The promise is one number: repeat it for all eleven waits, with np.full(11, promise).",
            "One loop over the quantiles, one over the promises; np.argmin finds the place of the "
            "smallest.",
        ),
        (
            Wrong(0, (30.0, 8.0, 3.0), "The outer two are swapped. Which one is rarely too low?"),
            Wrong(
                0,
                (8.0, 8.0, 8.0),
                "That is the median three times. Does the quantile reach the loss?",
            ),
            Wrong(
                0,
                (2.0, 8.0, 60.0),
                "Those are the shortest, the middle and the longest wait. How many waits may "
                "exceed the last promise, at a quantile of nine tenths?",
            ),
            Wrong(
                0,
                (1.0, 5.0, 9.0),
                "Those are places in the sorted list, counted from 0. Which waits are there?",
            ),
        ),
    ),
    Exercise(
        "3.7",
        3,
        "A leap at the threshold",
        (
            Choice("fault", "the fault", "b"),
            Number("leap", "the leap", 2.0),
        ),
        (
            "Plot it, or print its value for one sample with errors around the threshold.",
            "Compare both pieces at |e| = δ. What should they have in common there?",
            "Put |e| = δ into the straight piece: once as it stands, once as in the chapter.",
        ),
        (
            Wrong(0, "a", "Small errors do get half their square. Look at the other piece."),
            Wrong(0, "c", "The slope beyond δ is δ, as it should be. Look at the height."),
            Wrong(
                0,
                "d",
                "A constant everywhere would change nothing. This one is taken off beyond δ only.",
            ),
            Wrong(1, 0.5, "That is the leap at δ = 1. Here δ is 2, and it enters squared."),
            Wrong(1, 4.0, "That is all of δ². At the threshold, what does each piece charge?"),
            Wrong(1, 1.0, "That is half of δ. At the threshold the curve charges ½δ²."),
        ),
    ),
)
