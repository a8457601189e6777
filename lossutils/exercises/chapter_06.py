"""Exercises of chapter 6: hinge, KL, Dice."""

import math

from lossutils.exercises import _chapter_06_divergence as divergence
from lossutils.exercises import _chapter_06_hinge as hinge
from lossutils.exercises._chapter_06_later import LATER
from lossutils.exercises.model import Choice, Exercise, Function, Number, Wrong

_LN2, _LN3 = math.log(2), math.log(3)

EXERCISES = (
    Exercise(
        "6.1",
        1,
        "Four more bottles",
        (
            Number("loss", "the hinge loss", 17 / 16),
            Number("third", "the third entry of the gradient", 1 / 4),
        ),
        (
            "Write down the four products of label and score first. Two labels are minus one: mind "
            "the signs.",
            "Each bottle pays what its product lacks to reach one, and never less than nothing.",
            "A bottle that pays pulls with minus its label, divided by the number of bottles.",
        ),
        (
            Wrong(0, 17 / 4, "That is the sum of the four charges. The loss is their mean."),
            Wrong(0, 17 / 12, "The satisfied bottle counts as a sample too: n is 4, not 3."),
            Wrong(0, 1 / 2, "The margin is missing: being right by a quarter is not enough."),
            Wrong(
                0,
                9 / 16,
                "Look at two things: no bottle pays less than 0, and the label counts in each "
                "product.",
            ),
            Wrong(1, 0.0, "Zero is for a satisfied bottle. This green one has the score 2: is it?"),
            Wrong(1, 1.0, "The 1/n of the mean is missing: there are four bottles."),
            Wrong(1, -1 / 4, "The sign: a green bottle's score is too high. Which way is that?"),
            Wrong(1, 3 / 4, "Its charge is in there. Hinge pulls equally, however much is owed."),
        ),
    ),
    Exercise(
        "6.2",
        2,
        "Squared hinge from scratch",
        (
            Function("my_loss", "the loss", hinge.squared_hinge, hinge.HINGE_PROBES),
            Function("my_loss_grad", "the gradient", hinge.squared_hinge_grad, hinge.HINGE_PROBES),
        ),
        (
            "First the shortfall of each sample, which is never negative. All else is made of it.",
            "The loss squares the shortfall and then averages. np.maximum compares element by "
            "element.",
            "Chain rule: twice the shortfall, times what the shortfall does when the score grows.",
        ),
        (
            Wrong(0, hinge.not_squared, "That is the plain hinge. Square each shortfall."),
            Wrong(
                0,
                hinge.squared_without_maximum,
                "A sample that is right by far is charged for it. Cut at 0 before you square.",
            ),
            Wrong(
                0, hinge.squared_last, "The mean was squared. Square each shortfall, then average."
            ),
            Wrong(0, hinge.margin_of_one, "The margin is taken as 1. It is an argument."),
            Wrong(
                0, hinge.label_free, "Every label is taken for +1. Where does the label come in?"
            ),
            Wrong(
                1, hinge.votes_grad, "That is the plain hinge's: one vote each. Here size matters."
            ),
            Wrong(
                1, hinge.never_silent_grad, "Satisfied samples pull back here. They must be silent."
            ),
            Wrong(
                1, hinge.unsigned_grad, "Green and brown pull the same way. Which factor is lost?"
            ),
            Wrong(
                1,
                hinge.flipped_grad,
                "A brown bottle that lacks something must be pushed up: which sign does its slope "
                "have?",
            ),
            Wrong(1, hinge.half_grad, "The 2 is missing: the derivative of a square is twice ..."),
        ),
    ),
    Exercise(
        "6.3",
        2,
        "KL with zeros",
        (Function("my_kl", "the divergence", divergence.kl, divergence.KL_PROBES),),
        (
            "Sum over a row, then average over the rows. Without zeros it is one line.",
            "Terms with p = 0 are 0, whatever q is. Replace their p and q before the logarithm.",
            "np.where picks element by element; with np.errstate(divide='ignore') the zero in q "
            "becomes an infinity in peace.",
        ),
        (
            Wrong(
                0,
                divergence.kl_naive,
                "Zero times the logarithm of zero comes out as nan. It counts 0.",
            ),
            Wrong(
                0,
                divergence.kl_clipped,
                "A forecaster who rules out what happens gets a finite number. Do not clip: it "
                "is infinite.",
            ),
            Wrong(0, divergence.kl_swapped, "p and q are the wrong way round. The truth averages."),
            Wrong(
                0,
                divergence.kl_cross_entropy,
                "That is the cross-entropy. Its zero is not at p = q.",
            ),
            Wrong(0, divergence.kl_bits, "That is in bits. The course uses the natural logarithm."),
            Wrong(0, divergence.kl_summed, "The rows are added up. Average over them."),
            Wrong(
                0,
                divergence.kl_every_element,
                "It is divided by all elements. The mean is over rows.",
            ),
        ),
    ),
    Exercise(
        "6.4",
        2,
        "The student's loss",
        (
            Choice("fault", "the fault", "b"),
            Number("wanted", "the value that was wanted", _LN2 - _LN3 / 2),
            Number("computed", "the value that the line computes", 3 / 4 * _LN3 - _LN2),
        ),
        (
            "PyTorch: kl_div(input, target). The input is the logarithm of the prediction.",
            "Which of the two distributions is taken for the truth, and so does the averaging?",
            "Write both sums with two terms each. The quotients are 2/3, 2, and their inverses.",
        ),
        (
            Wrong(0, "a", "Values near each other can hide it: compute both on this example."),
            Wrong(0, "c", "The target is not in log-space unless log_target=True."),
            Wrong(0, "d", "The mean over all elements is the one that is not the KL."),
            Wrong(1, 3 / 4 * _LN3 - _LN2, "That is the other way round. The teacher averages."),
            Wrong(1, 1 - _LN3 / 2 / _LN2, "That is in bits. The natural logarithm is wanted."),
            Wrong(1, _LN2 / 2 - _LN3 / 4, "That is half of it. There is one row: divide by 1."),
            Wrong(1, 2 * _LN2 - _LN3 / 2, "That is the cross-entropy. Subtract the entropy."),
            Wrong(2, _LN2 - _LN3 / 2, "That is what was wanted. In the line, who averages?"),
            Wrong(2, (3 / 4 * _LN3 - _LN2) / _LN2, "That is in bits. Use the natural logarithm."),
            Wrong(2, _LN2 - 3 / 4 * _LN3, "The sign: a KL is never negative."),
        ),
        exchangeable=False,  # that the two values are confused is what the exercise is about
    ),
    *LATER,
)
