"""Exercises of chapter 7: metric learning."""

from lossutils.exercises._chapter_07_functions import AXIS, CONTRASTIVE, INFO_NCE, MINING
from lossutils.exercises.model import Choice, Exercise, Number, Wrong

EXERCISES = (
    Exercise(
        "7.1",
        1,
        "Two pairs and a triplet",
        (
            Number("similar", "the similar pair", 0.5),
            Number("dissimilar", "the dissimilar pair", 6.125),
            Number("plain", "the plain triplet", 4.5),
            Number("squared", "the squared triplet", 0.75),
        ),
        (
            "Two distances are all you need. Both triangles are the one with sides 3, 4, 5, made "
            "smaller.",
            "The distances are 1 and 2½. Relatives pay for all of theirs, strangers for what they "
            "lack to the margin.",
            "Contrastive: half of a square, twice. Triplet: first distance minus second plus "
            "margin; for the last answer square both distances, and not the margin.",
        ),
        (
            Wrong(0, 1.0, "The ½ in front of the square is missing."),
            Wrong(0, 12.5, "That is what strangers would pay. Relatives pay for their distance."),
            Wrong(1, 12.25, "The ½ in front of the square is missing."),
            Wrong(1, 3.125, "That is what relatives would pay. Strangers pay for what they lack."),
            Wrong(1, 1.75, "What is lacking to the margin is squared, before it is halved."),
            Wrong(2, 7.5, "The distances are swapped: positive minus negative."),
            Wrong(2, -1.5, "The margin is missing: there must be room to spare."),
            Wrong(3, 11.25, "The distances are swapped: positive minus negative."),
            Wrong(3, 20.25, "That is the square of the plain loss. Square the two distances."),
            Wrong(3, 30.75, "The margin was squared too. It stays as it is."),
        ),
    ),
    CONTRASTIVE,
    AXIS,
    MINING,
    INFO_NCE,
    Exercise(
        "7.6",
        3,
        "Charged nothing, and still wrong",
        (
            Number("charged_strangers", "the strangers charged at a margin of two", 5),
            Number("found", "the share found", 2 / 3),
            Number("charged_triplets", "the charged triplets", 30),
        ),
        (
            "Make the table of all distances once: map_[:, None] - map_ gives all differences.",
            "For the share: set the diagonal of the table to np.inf, then argmin along a row finds "
            "the nearest other photo.",
            "For the triplets: three loops, over anchors, positives and negatives. Skip a positive "
            "that is the anchor. lu.triplet_loss takes one triplet at a time as well.",
        ),
        (
            Wrong(0, 10, "Each pair of photos counts once. In the table it stands twice."),
            Wrong(0, 9, "Those are all pairs of strangers. How many are nearer than 2?"),
            Wrong(0, 7, "Pairs of the same sheep have slipped in. Compare the labels."),
            Wrong(0, 3, "Those at 1.5 are found. There are more pairs below 2."),
            Wrong(1, 1.0, "Each photo is its own nearest: leave the diagonal out."),
            Wrong(1, 1 / 3, "That is the share that goes wrong."),
            Wrong(1, 4, "That is how many. Divide by the six photos."),
            Wrong(2, 36, "Those are all triplets. How many of them are charged?"),
            Wrong(
                2,
                14,
                "As many have the wrong order, or are charged with squared distances. Plain "
                "triplet loss also charges those without the room of 1.",
            ),
            Wrong(2, 15, "Anchor and positive can change roles: those are two triplets."),
        ),
    ),
    Exercise(
        "7.7",
        3,
        "Zero by multiplication",
        (
            Number("scale_plain", "the factor for plain distances", 5.0, 0.01),
            Number("scale_squared", "the factor for squared ones", 1 / 0.44**0.5, 0.005),
            Choice("effect", "the effect", "c", "abc"),
        ),
        (
            "Multiply all points by s. What does each distance become, and each squared distance?",
            "The triplet with the smallest room decides. Which is it for plain distances?",
            "Ask for s times the smallest gap to be the margin; for squares, s² times the smallest "
            "gap of the squares. For the last answer: who is nearest before, and after?",
        ),
        (
            Wrong(
                0,
                2.0,
                "That is enough for the second and the third triplet. Which has the least room?",
            ),
            Wrong(0, 0.2, "That is the smallest gap. By which factor must it grow to reach 1?"),
            Wrong(0, 25.0, "A plain distance grows by the factor itself, not by its square."),
            Wrong(1, 5.0, "That is the factor for plain distances. Square the distances first."),
            Wrong(1, 1 / 0.44, "Squares grow by s², so a root is still to be taken."),
            Wrong(1, 5**0.5, "The gap of the squares is not the square of the gap, nor the gap."),
            Wrong(2, "a", "The loss falls to zero. But who is nearest to whom: does it change?"),
            Wrong(2, "b", "No distance changes its rank when all are multiplied by one number."),
        ),
    ),
)
