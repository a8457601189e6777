"""The exercises of chapter 7 that ask for a function."""

from lossutils.exercises import _chapter_07_batches as b
from lossutils.exercises import _chapter_07_lineup as q
from lossutils.exercises import _chapter_07_pairs as p
from lossutils.exercises.model import Choice, Exercise, Function, Wrong

CONTRASTIVE = Exercise(
    "7.2",
    2,
    "Contrastive from scratch",
    (
        Function("my_contrastive", "value", p.contrastive, p.PAIRS),
        Function("my_contrastive_grad", "gradient", p.contrastive_grad, p.PAIRS),
    ),
    (
        "One distance for each pair first: add the squared differences along axis 1.",
        "Both charges can be computed for every pair; np.where and the labels pick one of them.",
        "Each gradient row is a - b times a number: 1 for relatives, minus the missing room over D "
        "for strangers. Replace a D of 0 before you divide, and mind the 1/n.",
    ),
    (
        Wrong(0, p.no_half, "It is twice too large: the ½ in front is missing."),
        Wrong(0, p.swapped_labels, "The labels are swapped: 1 is a similar pair, which pulls."),
        Wrong(0, p.unsquared_push, "What strangers lack to the margin is squared too."),
        Wrong(0, p.no_maximum, "Strangers beyond the margin are charged. They cost nothing."),
        Wrong(0, p.squared_in_margin, "The margin is compared with D², and it is a length: D."),
        Wrong(0, p.contrastive_sum, "That is the sum over the pairs. Take the mean."),
        Wrong(
            1,
            p.grad_nan,
            "Two strangers on one point give 0/0. The subgradient chosen there is 0.",
        ),
        Wrong(1, p.grad_flipped, "That is the gradient for b. For a it points the other way."),
        Wrong(1, p.grad_sum, "It is n times too large: the mean's 1/n is missing."),
        Wrong(1, p.grad_push_long, "The push on strangers needs a *unit* vector: divide by D."),
        Wrong(
            1, p.grad_pull_unit, "The pull on relatives is a - b itself: D cancels the unit vector."
        ),
        Wrong(1, p.grad_inward, "Strangers are pulled together: the inner derivative is minus 1."),
    ),
)

AXIS = Exercise(
    "7.3",
    2,
    "Along which axis?",
    (
        Choice("fault", "the fault", "b"),
        Function("fixed_triplet", "the repaired loss", p.triplet, p.TRIPLETS),
    ),
    (
        "Hand it two triplets with two coordinates, and print the shape and values on the way.",
        "How many distances to a positive should there be for n triplets?",
        "An axis that is summed over disappears. Which of the two axes are the coordinates?",
    ),
    (
        Wrong(0, "a", "The root is there. How many distances come out of it, and how many should?"),
        Wrong(0, "c", "Each triplet is hinged on its own, then averaged. Look further up."),
        Wrong(
            0,
            "d",
            "It runs, as any mean of numbers does. Print how many distances it has for "
            "seven triplets with two coordinates.",
        ),
        Wrong(1, p.over_photos, "It still adds over the triplets; the coordinates are axis 1."),
        Wrong(1, p.over_all, "All triplets together make one distance here: name the axis."),
        Wrong(1, p.no_root, "The root is gone. That is the squared triplet loss."),
        Wrong(1, p.averaged_first, "Easy triplets pay for hard ones here: hinge each, then mean."),
        Wrong(1, p.mean_of_squares, "The squares of the coordinates are added, not averaged."),
        Wrong(1, p.swapped_distances, "Positive and negative are swapped."),
    ),
)

MINING = Exercise(
    "7.4",
    2,
    "Semi-hard, please",
    (Function("pick_semi_hard", "the choice", b.semi_hard, b.MINING),),
    (
        "Take the anchor's row of the table. What three conditions must a semi-hard one meet?",
        "Another sheep; farther than the positive; nearer than the positive plus the margin. "
        "The edges do not count.",
        "Set the distance of all others to np.inf before you look for the smallest, so that the "
        "index still counts all photos. If nothing is left, say -1.",
    ),
    (
        Wrong(0, b.any_sheep, "It may return a photo of the same sheep: look at the labels."),
        Wrong(0, b.hardest, "That is the nearest negative of all, which may be a hard one."),
        Wrong(
            0,
            b.no_outer_edge,
            "It can return an easy one. What is wanted lies in the ring, and is -1 if it is empty.",
        ),
        Wrong(0, b.with_edges, "On the edges a triplet is hard or easy, not semi-hard."),
        Wrong(0, b.with_inner_edge, "As near as the positive: that is hard, not semi-hard."),
        Wrong(0, b.with_outer_edge, "Farther by exactly the margin: that is easy, not semi-hard."),
        Wrong(
            0, b.hard_too, "It lets hard ones in: the positive must be nearer than the negative."
        ),
        Wrong(0, b.farthest, "That is the farthest in the ring, and the nearest is wanted."),
        Wrong(
            0,
            b.place_in_ring,
            "It counts within the ring. The index among all photos is wanted.",
        ),
    ),
)

INFO_NCE = Exercise(
    "7.5",
    2,
    "The line-up",
    (
        Function("my_info_nce", "value", q.info_nce, q.QUIZZES),
        Function("my_info_nce_grad", "gradient", q.info_nce_grad, q.QUIZZES),
    ),
    (
        "Make the table of scores first: one row for each query, one column for each key.",
        "Row by row, subtract the largest score before you exponentiate: chapter 5's trick.",
        "The gradient: softmax of the rows, minus 1 on the diagonal, matrix-times the keys. Two "
        "factors are left, one from the mean and one from the scores.",
    ),
    (
        Wrong(0, q.over_columns, "The columns sum to one here. Each *query* chooses: a row."),
        Wrong(0, q.naive, "Right for small scores. Large ones overflow: subtract the maximum."),
        Wrong(
            0,
            q.log_of_softmax,
            "A probability underflows to 0, and ln 0 is infinite: take the log first, as "
            "log-sum-exp.",
        ),
        Wrong(
            0, q.normalized, "Queries and keys were scaled to length one. Leave them as they are."
        ),
        Wrong(0, q.no_temperature, "Right at temperature 1 only: the scores are not divided."),
        Wrong(0, q.times_temperature, "The scores are multiplied by the temperature. Divide."),
        Wrong(0, q.wrong_keys_only, "The right key is in the sum too: it is one of the options."),
        Wrong(0, q.info_nce_sum, "That is the sum over the queries. Take the mean."),
        Wrong(1, q.grad_no_temperature, "The scores' own slope is missing: k over temperature."),
        Wrong(1, q.grad_sum, "It is n times too large: the mean's 1/n is missing."),
        Wrong(1, q.grad_expected_only, "Only the expected key is here. Subtract the right one."),
        Wrong(1, q.grad_flipped, "The sign is flipped: expected key minus right key."),
        Wrong(1, q.grad_of_keys, "That is the gradient for the keys: the table is transposed."),
        Wrong(1, q.grad_transposed, "The table is transposed: p of query i is row i."),
    ),
)
