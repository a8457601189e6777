"""Exercises of chapter 2: from the loss to the weights."""

import math

import numpy as np

from lossutils.exercises import _chapter_02_answers as a
from lossutils.exercises.model import Exercise, Function, Number, Wrong

EXERCISES = (
    Exercise(
        "2.1",
        1,
        "One step by hand",
        (
            Number("gradient", "the gradient", -6.0),
            Number("new_w", "the new weight", 1.6),
        ),
        (
            "Write down both predictions and both errors first.",
            "Each error is multiplied by its own x: that is the chain rule's second factor.",
            "The gradient is 2/n times the sum of error times x; the step goes against it.",
        ),
        (
            Wrong(0, 6.0, "The sign: the error is prediction minus truth, and both are too low."),
            Wrong(0, -12.0, "That is the sum over the two houses. MSE is a mean: divide by n."),
            Wrong(0, -3.0, "The 2 is missing: the derivative of a square is twice the inside."),
            Wrong(0, -4.0, "That is the gradient for an offset b. For w, each error meets its x."),
            Wrong(1, 0.4, "That is a step along the gradient. The update goes against it."),
            Wrong(1, 7.0, "The learning rate is missing: a tenth of the gradient is enough."),
            Wrong(1, 0.6, "That is the length of the step. Where does it lead from w = 1?"),
        ),
    ),
    Exercise(
        "2.2",
        2,
        "The update",
        (Function("train_step", "the new w and b", a.step, a.STEP_PROBES),),
        (
            "Four steps: forward, loss, backward, update. The loss's value is not needed here.",
            "lu.mse_loss_grad gives the gradient for each prediction. Pass it on to w and to b.",
            "For w, each slope is multiplied by its x before they are added up; for b they are "
            "only added up. Find both before you change either.",
        ),
        (
            Wrong(0, a.uphill, "This climbs. The update subtracts learning rate times gradient."),
            Wrong(0, a.summed, "The gradient is n times too large: it is that of the mean."),
            Wrong(0, a.without_x, "w's gradient lacks x: w acts on a prediction through w · x."),
            Wrong(
                0,
                a.one_after_the_other,
                "b's gradient is taken with the new w. Compute both gradients first, then step.",
            ),
            Wrong(0, a.averaged_twice, "1/n comes twice: lu.mse_loss_grad has it in it already."),
            Wrong(0, a.only_gradients, "These are the gradients. Subtract them from w and b."),
        ),
    ),
    Exercise(
        "2.3",
        2,
        "Another link",
        (Function("slope_of_w", "the gradient", a.slope, a.SLOPE_PROBES),),
        (
            "Two links: from the loss to each prediction, and from each prediction to w.",
            "The first link is 2/n times the error. For the second: what is the derivative of "
            "e to the w?",
            "The exponential is its own derivative, so the second link equals the prediction.",
        ),
        (
            Wrong(0, a.linear_link, "That is the link of ŷ = w x. Here w sits in an exponent."),
            Wrong(0, a.missing_link, "Only the loss's part is here. Multiply by how ŷ follows w."),
            Wrong(0, a.half_slope, "The 2 is missing: the derivative of a square is twice ..."),
            Wrong(0, a.summed_slope, "It is n times too large: the 1/n of the mean is missing."),
            Wrong(0, a.flipped_slope, "The sign is flipped: the error is prediction minus truth."),
        ),
    ),
    Exercise(
        "2.4",
        1,
        "How far is too far",
        (
            Number("largest_rate", "the largest rate", 1 / 3),
            Number("one_step_rate", "the rate that arrives in one step", 1 / 6),
        ),
        (
            "Write the update for w and subtract 5 on both sides, as the chapter did with 2.",
            "Each step multiplies the distance from 5 by 1 minus rate times curvature.",
            "Diverging begins where that factor is -1. One step arrives where it is 0.",
        ),
        (
            Wrong(0, 2 / 3, "The curvature is not the 3: differentiate twice. What comes out?"),
            Wrong(0, 1 / 6, "That rate arrives in one step. How far beyond it may you go?"),
            Wrong(0, 1 / 4, "That is the limit of the chapter's parabola. This one is flatter."),
            Wrong(1, 1 / 3, "There the factor is -1 or, if you took 3 for the curvature, wrong."),
            Wrong(1, 1 / 8, "That rate is the chapter's, for a curvature of 8. Which is it here?"),
        ),
    ),
    Exercise(
        "2.5",
        2,
        "From Laplace to MAE",
        (
            Number("scale", "the scale", 4.0),
            Number("constant", "the constant", -math.log(2)),
        ),
        (
            "Take the negative logarithm of the density before you put in a number.",
            "The logarithm turns the product into a sum, and undoes the exponential.",
            "The NLL is MAE divided by s, plus the logarithm of 2 s. It may be negative.",
        ),
        (
            Wrong(0, 0.25, "That is s itself. The error is divided by it."),
            Wrong(0, 8.0, "That is 1 / (2σ²) with σ = ¼: the factor of the Gaussian."),
            Wrong(0, -4.0, "The sign: the *negative* logarithm turns minus |e| / s around."),
            Wrong(1, math.log(2), "The sign: 2 s is less than 1. Is its logarithm positive?"),
            Wrong(
                1,
                math.log(math.sqrt(2 * math.pi) / 4),
                "That is the constant of the Gaussian. Laplace's has no root and no π.",
            ),
            Wrong(1, -math.log10(2), "That is the logarithm to base 10. Here it is np.log."),
            Wrong(1, 0.5, "That is 2 s. Its logarithm is still to be taken."),
        ),
    ),
    Exercise(
        "2.6",
        3,
        "The limit of a line",
        (
            Number("limit_mean", "the limit with the mean", a.LIMIT, 0.006),
            Number("limit_sum", "the limit with the sum, four copies", a.LIMIT / 32, 0.0002),
        ),
        (
            "Try rates: train for a few hundred steps, and see whether the loss explodes.",
            "Halve the interval: if the middle rate explodes it is the new upper end.",
            "By formula: 2 divided by the largest curvature, an eigenvalue of the matrix of second "
            "derivatives. For the sum, how many houses are in the batch?",
        ),
        (
            Wrong(0, a.LIMIT / 2, "Half of the limit: it is 2 divided by the curvature, not 1."),
            Wrong(0, 0.3, "That is the rate the chapter used. The limit is larger."),
            Wrong(
                0,
                1 / np.mean(a.SIZE**2),
                "That is the limit if only w learns. With b there is a steeper direction.",
            ),
            Wrong(1, a.LIMIT / 8, "That is for the eight houses once. The batch holds 32."),
            Wrong(1, a.LIMIT, "That is the mean's limit. The sum's gradient is n times as long."),
            Wrong(1, a.LIMIT / 4, "Four copies are 32 houses: divide by the houses."),
        ),
    ),
)
