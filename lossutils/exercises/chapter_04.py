"""Exercises of chapter 4: binary classification."""

from math import log

from lossutils.exercises import _chapter_04_functions as f
from lossutils.exercises import _chapter_04_probes as p
from lossutils.exercises._chapter_04_losses import FOCAL, LOGITS, SWAPPED
from lossutils.exercises.model import Array, Exercise, Function, Number, Wrong

EXERCISES = (
    Exercise(
        "4.1",
        1,
        "Three surprises by hand",
        (
            Number("bce", "the BCE", 5 * log(2) / 3, 0.002),
            Number("push", "the push on the third logit", -1 / 4),
        ),
        (
            "For each sample, first write down the probability that was given to the truth.",
            "They are one half and two quarters. The logarithm of a quarter is twice that of a "
            "half.",
            "For the push: through the sigmoid the fractions cancel. What is left of the third "
            "sample is its probability, its label, and n.",
        ),
        (
            Wrong(0, 5 * log(2), "That is the sum of the surprises. Divide by n."),
            Wrong(0, 5 / 3, "That is in bits. This course uses the natural logarithm."),
            Wrong(0, -5 * log(2) / 3, "Surprises are positive: minus the logarithm."),
            Wrong(
                0,
                (log(2) - 2 * log(3 / 4)) / 3,
                "The branches are swapped: for a lentil it is 1 − p that counts.",
            ),
            Wrong(
                0,
                (log(2) - log(3 / 4) + log(4)) / 3,
                "The second is a lentil: its truth got the probability 1 − p.",
            ),
            Wrong(1, -3 / 4, "That is the push of its own loss. The mean carries a 1/n."),
            Wrong(1, 1 / 4, "The sign is flipped: this pebble's logit must go *up*."),
            Wrong(1, 1 / 12, "That is a lentil's push. The third is a pebble: its label is 1."),
            Wrong(
                1,
                -4 / 3,
                "That is the push on the probability. Carry it through the sigmoid.",
            ),
            Wrong(
                1,
                -3 / 64,
                "The sigmoid's slope is in it once more than needed: it cancels.",
            ),
        ),
    ),
    LOGITS,
    SWAPPED,
    FOCAL,
    Exercise(
        "4.5",
        2,
        "A threshold for four costs",
        (
            Function("best_threshold", "the threshold", f.threshold, p.cost_probes()),
            Number("threshold", "the threshold of the sorting plant", 1 / 5),
        ),
        (
            "Write down what each decision costs on average, for a thing with probability p.",
            "Four costs, two decisions: each decision has one cost for a lentil and one for a "
            "pebble. Set the two averages equal.",
            "Only differences matter: what a mistake costs *more* than the right decision.",
        ),
        (
            Wrong(
                0,
                f.threshold_mistakes,
                "Right decisions cost something too: only the *extra* cost of a mistake counts.",
            ),
            Wrong(0, f.threshold_odds, "Those are odds. As a probability: odds / (1 + odds)."),
            Wrong(
                0,
                f.threshold_turned,
                "Turned around: if misses are dear, the threshold must be *low*.",
            ),
            Wrong(0, f.threshold_half, "One half is right only if both mistakes cost the same."),
            Wrong(1, 4 / 5, "Turned around: if misses are dear, the threshold must be *low*."),
            Wrong(1, 1 / 4, "Those are odds. As a probability: odds / (1 + odds)."),
            Wrong(1, 3 / 13, "Right decisions cost something too: take differences."),
        ),
    ),
    Exercise(
        "4.6",
        2,
        "Taking a weight back",
        (
            Function("unweighted", "the probability", f.unweighted, p.weight_probes()),
            Number("same_decision", "the threshold", 0.99, 0.00005),
        ),
        (
            "A weight multiplies the odds. Turn the probability into odds first.",
            "Divide the odds by the weight, then turn odds o back: p = o / (1 + o).",
            "For the threshold: go the other way. Which odds does a plain one half have, and "
            "what does the weight make of them?",
        ),
        (
            Wrong(0, f.unweighted_divided, "Divide the *odds* by the weight, not p itself."),
            Wrong(0, f.unweighted_again, "That weights a second time. Divide the odds."),
            Wrong(0, f.unweighted_odds, "Those are odds. Turn them into a probability."),
            Wrong(1, 0.01, "That is where the *plain* model must cut to act like the weighted."),
            Wrong(1, 99.0, "Those are the odds. As a probability: odds / (1 + odds)."),
            Wrong(1, 98 / 99, "Close. Odds of 99 to 1 are 99 in a hundred."),
            Wrong(1, 0.5, "One half of the weighted model is one hundredth of the plain one."),
        ),
    ),
    Exercise(
        "4.7",
        3,
        "What focal loss wants to hear",
        (Array("answers", "the cheapest answers", (0.9, 0.6942, 0.5974), 0.006),),
        (
            "The expected charge is nine tenths of a pebble's plus one tenth of a lentil's.",
            "Try every answer on a fine grid, and let np.argmin find the cheapest.",
            "Leave the class weight out with alpha=None, and use reduction='none' to get one "
            "charge for each answer.",
        ),
        (
            Wrong(0, (0.9, 0.9, 0.9), "Three times the truth: does gamma reach the loss?"),
            Wrong(
                0,
                (0.75, 0.6012, 0.5492),
                "That is with the default α of a quarter. Leave the class weight out.",
            ),
            Wrong(0, (0.1, 0.3058, 0.4026), "Turned around: nine in ten are *pebbles*."),
        ),
    ),
)
