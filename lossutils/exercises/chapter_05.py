"""Exercises of chapter 5: losses for many classes."""

import math

from lossutils.exercises import _chapter_05_decisions as a
from lossutils.exercises._chapter_05_functions import SPARSE, WEIGHTED
from lossutils.exercises.model import Array, Choice, Exercise, Function, Number, Wrong

_LOSS = -(math.log(0.6) + math.log(0.2)) / 2
_FLOOR = math.log(1 + 2 / math.e)

EXERCISES = (
    Exercise(
        "5.1",
        1,
        "Two photos on paper",
        (
            Number("loss", "the loss", _LOSS),
            Array("push", "the gradient", (0.25, 0.15, -0.4)),
        ),
        (
            "Which entry of each row belongs to the true class? Nothing else enters the loss.",
            "Take the negative natural logarithm of these two entries, and their mean.",
            "For the logits the gradient is prediction minus truth, and the mean's 1/n.",
        ),
        (
            Wrong(0, 2 * _LOSS, "That is the sum over the two photos. Take the mean."),
            Wrong(0, -math.log(0.2), "That is the second photo alone. Take the mean of both."),
            Wrong(0, _LOSS / 3, "That is divided by the classes too. The mean is over photos."),
            Wrong(0, _LOSS / math.log(10), "That is the logarithm to base 10. Here it is np.log."),
            Wrong(0, _LOSS / math.log(2), "Those are bits. The course measures in nats: np.log."),
            Wrong(
                0,
                -(math.log(0.3) + math.log(0.5)) / 2,
                "Those are the first entries. Read each row at the place of its true class.",
            ),
            Wrong(0, 0.4, "That is the mean of the two probabilities. The logarithm is missing."),
            Wrong(1, (0.5, 0.3, -0.8), "The 1/n is missing: it is the gradient of a mean."),
            Wrong(1, (0.25 / 3, 0.05, -0.4 / 3), "That is divided by the classes too."),
            Wrong(1, (-0.25, -0.15, 0.4), "The sign is flipped: prediction minus truth."),
            Wrong(
                1,
                (0.0, 0.0, -2.5),
                "That is the gradient with respect to the probabilities. Asked for are the logits.",
            ),
            Wrong(1, (0.25, 0.15, 0.1), "The truth was not subtracted: which class is it?"),
            Wrong(1, (0.15, -0.2, 0.05), "That is the first photo. Asked for is the second."),
        ),
    ),
    SPARSE,
    WEIGHTED,
    Exercise(
        "5.4",
        2,
        "What a miss costs",
        (Function("cheapest", "the cheapest answers", a.cheapest, a.BILL_PROBES),),
        (
            "For one photo and one answer: what does it cost on average, over the possible truths?",
            "It is the sum over the true classes of probability times cost: a matrix product.",
            "The table has the truth in its rows, so the probabilities multiply it from the left.",
        ),
        (
            Wrong(0, a.likeliest, "That is the likeliest class. The costs do not enter."),
            Wrong(
                0,
                a.cheapest_transposed,
                "The table is read with its axes swapped: its rows are the truth.",
            ),
            Wrong(0, a.counted_from_one, "Each number is one too large: classes count from 0."),
            Wrong(
                0,
                a.weighed_by_dearest,
                "Each class was weighted by its dearest miss. What a miss costs depends on what "
                "you answer instead.",
            ),
            Wrong(0, a.dearest, "Those are the dearest answers."),
            Wrong(0, a.bills, "Those are the costs. Asked for is which answer has the lowest."),
            Wrong(
                0,
                a.weighed,
                "Each class was weighted by all that missing it can cost. What it costs depends "
                "on what you answer instead.",
            ),
        ),
    ),
    Exercise(
        "5.5",
        3,
        "One softmax too many",
        (
            Number("floor", "the floor of the loss", _FLOOR),
            Number("steps_once", "the steps with one softmax", a.steps_to(a.push_once)),
            Number("steps_twice", "the steps with two", a.steps_to(a.push_twice)),
        ),
        (
            "The floor: which probabilities are best, and what is *their* softmax, as logits?",
            "For the steps you need the gradient with respect to z. One softmax: the chapter has "
            "it.",
            "Two: the gradient arrives at p, and the Jacobian of the softmax carries it to z.",
        ),
        (
            Wrong(0, 0.0, "That would need probabilities that lead by infinitely many units."),
            Wrong(0, math.log(3), "That is the loss of equal probabilities. How low can it go?"),
            Wrong(0, math.log(1 + 1 / math.e), "That is for two classes. Here there are three."),
            Wrong(0, math.exp(-_FLOOR), "That is the best probability. What is its surprise?"),
            Wrong(1, a.steps_to(a.push_once, 0.5), "There the cat has a half. Go on to 0.9."),
            Wrong(1, a.steps_to(a.push_once) - 1, "One short: count the step that arrives, too."),
            Wrong(1, a.steps_to(a.push_once) + 1, "One too many: stop as soon as it has arrived."),
            Wrong(2, a.steps_to(a.push_once), "As fast as before? Which z does the loss see?"),
            Wrong(
                2,
                a.steps_to(a.push_without_jacobian),
                "The gradient stopped at p. The chain rule leads on through the first softmax.",
            ),
            Wrong(2, a.steps_to(a.push_twice) - 1, "One short: count the step that arrives, too."),
            Wrong(2, a.steps_to(a.push_twice) + 1, "One too many: stop once it has arrived."),
        ),
    ),
    Exercise(
        "5.6",
        3,
        "Too good a start",
        (
            Choice("fault", "the fault", "b"),
            Number("first_loss", "the first loss", math.log(10) / 10, 0.0005),
        ),
        (
            "Call it with equal logits. Which value should come out, and which one does?",
            "By which factor is it off with three classes? With ten? What has that size?",
            "Each row of the table has C entries. Over how many numbers is the mean?",
        ),
        (
            Wrong(
                0, "a", "Add up a row of the soft truth: the share s is spread over all classes."
            ),
            Wrong(0, "c", "log_softmax takes the largest logit out first; it holds at a thousand."),
            Wrong(0, "d", "s / C is there already when the rest is added. Print one row."),
            Wrong(1, math.log(10), "That is what it *should* print. Call the faulty one."),
            Wrong(1, 0.9 * math.log(10) / 10, "Wherever its truth is, equal logits cost the same."),
            Wrong(1, math.log(3) / 3, "That is for three classes. Here there are ten."),
            Wrong(1, 1.0, "That is its logarithm to base 10 or so. Run it and read the value."),
        ),
    ),
)
