"""Exercises on metric learning."""

import numpy as np

import lossutils as lu
from lossutils.exercises.model import Choice, Exercise, Function, Number, Probe

TWO_PAIRS = Exercise(
    "7.1",
    1,
    "Two pairs and a triplet",
    (
        Number("similar", "the similar pair", 0.5).mistakes(
            (1.0, "The ½ in front of the square is missing."),
            (12.5, "That is what strangers would pay. Relatives pay for their distance."),
        ),
        Number("dissimilar", "the dissimilar pair", 6.125).mistakes(
            (12.25, "The ½ in front of the square is missing."),
            (3.125, "That is what relatives would pay. Strangers pay for what they lack."),
            (1.75, "What is lacking to the margin is squared, before it is halved."),
        ),
        Number("plain", "the plain triplet", 4.5).mistakes(
            (7.5, "The distances are swapped: positive minus negative."),
            (-1.5, "The margin is missing: there must be room to spare."),
        ),
        Number("squared", "the squared triplet", 0.75).mistakes(
            (11.25, "The distances are swapped: positive minus negative."),
            (20.25, "That is the square of the plain loss. Square the two distances."),
            (30.75, "The margin was squared too. It stays as it is."),
        ),
    ),
    (
        "Two distances are all you need. Both triangles are the one with sides 3, 4, 5, made "
        "smaller.",
        "The distances are 1 and 2½. Relatives pay for all of theirs, strangers for what they "
        "lack to the margin.",
        "Contrastive: half of a square, twice. Triplet: first distance minus second plus margin; "
        "for the last answer square both distances, and not the margin.",
    ),
)


def _points(parts):
    """Return ``(kind, points, tolerance)`` with as many arrays of points as there are parts."""
    rng = np.random.default_rng(70)
    for size in ((1, 2), (2, 2), (3, 2)):
        yield "hand-size", rng.integers(-3, 4, size=(parts, *size)) / 2, 1e-6
    for size in ((4, 3), (7, 2), (5, 5), (12, 8)):
        yield "random", rng.normal(size=(parts, *size)), 1e-6
    yield "whole numbers", rng.integers(-4, 5, size=(parts, 5, 2)), 1e-6
    yield "float32", rng.normal(size=(parts, 4, 3)).astype(np.float32), 1e-4
    yield "points a thousand apart", 1000 * rng.normal(size=(parts, 4, 2)), 1e-6


def _pair_probes():
    rng = np.random.default_rng(71)
    found = [
        ("a single sample", [1], [[0.0, 0.0]], [[0.3, 0.4]], 1.0),
        ("a single sample", [0], [[0.0, 0.0]], [[0.3, 0.4]], 1.0),
        ("a single sample", [0], [[0.0, 0.0]], [[3.0, 4.0]], 1.0),
        ("a single sample", [0], [[0.0, 0.0]], [[3.0, 4.0]], 6.0),
        ("distance zero", [0], [[1.0, 2.0]], [[1.0, 2.0]], 1.0),
        ("distance zero", [1, 0], [[1.0, 2.0], [0.0, 0.5]], [[1.0, 2.0], [0.0, 0.5]], 2.0),
    ]
    probes = [(kind, np.array(y), np.array(a), np.array(b), m, 1e-6) for kind, y, a, b, m in found]
    for kind, (a, b), tolerance in _points(2):
        for margin in (1.0, 2.5):
            probes.append((kind, rng.integers(0, 2, len(a)), a, b, margin, tolerance))
    return tuple(
        Probe(kind, {"is_similar": y, "a": a, "b": b, "margin": m}, tolerance)
        for kind, y, a, b, m, tolerance in probes
    )


PAIR_PROBES = _pair_probes()


def contrastive(is_similar, a, b, margin):
    return lu.contrastive_loss(is_similar, a, b, margin=margin)


def contrastive_grad(is_similar, a, b, margin):
    return lu.contrastive_loss_grad(is_similar, a, b, margin=margin)[0]


MY_CONTRASTIVE = Function("my_contrastive", "value", contrastive, PAIR_PROBES, may_use=())
MY_CONTRASTIVE_GRAD = Function(
    "my_contrastive_grad", "gradient", contrastive_grad, PAIR_PROBES, may_use=()
)
CONTRASTIVE = Exercise(
    "7.2",
    2,
    "Contrastive from scratch",
    (MY_CONTRASTIVE, MY_CONTRASTIVE_GRAD),
    (
        "One distance for each pair first: add the squared differences along axis 1.",
        "Both charges can be computed for every pair; np.where and the labels pick one of them.",
        "Each gradient row is a - b times a number: 1 for relatives, minus the missing room over "
        "D for strangers. Replace a D of 0 before you divide, and mind the 1/n.",
    ),
)


def _distance(a, b):
    return np.sqrt(((np.asarray(a, dtype=float) - b) ** 2).sum(axis=-1))


def _rows(is_similar, a, b, margin, pull, push):
    """Return a gradient whose rows are the difference times a factor for each kind of pair."""
    d = _distance(a, b)
    with np.errstate(all="ignore"):
        factor = np.where(is_similar == 1, pull(d), push(np.maximum(0, margin - d), d))
    return factor[:, None] * (np.asarray(a, dtype=float) - b) / len(d)


def _safe(d):
    return np.where(d == 0, 1, d)


@MY_CONTRASTIVE.mistake("It is twice too large: the ½ in front is missing.")
def no_half(is_similar, a, b, margin):
    return 2 * contrastive(is_similar, a, b, margin)


@MY_CONTRASTIVE.mistake("The labels are swapped: 1 is a similar pair, which pulls.")
def swapped_labels(is_similar, a, b, margin):
    return contrastive(1 - is_similar, a, b, margin)


@MY_CONTRASTIVE.mistake("What strangers lack to the margin is squared too.")
def unsquared_push(is_similar, a, b, margin):
    d = _distance(a, b)
    return np.mean(np.where(is_similar == 1, d**2, np.maximum(0, margin - d))) / 2


@MY_CONTRASTIVE.mistake("Strangers beyond the margin are charged. They cost nothing.")
def no_maximum(is_similar, a, b, margin):
    d = _distance(a, b)
    return np.mean(np.where(is_similar == 1, d**2, (margin - d) ** 2)) / 2


@MY_CONTRASTIVE.mistake("The margin is compared with D², and it is a length: D.")
def squared_in_margin(is_similar, a, b, margin):
    d = _distance(a, b)
    return np.mean(np.where(is_similar == 1, d**2, np.maximum(0, margin - d**2))) / 2


@MY_CONTRASTIVE.mistake("The margin is taken as 1. It is an argument.")
def contrastive_margin_of_one(is_similar, a, b, margin):
    return contrastive(is_similar, a, b, 1.0 + 0 * margin)


@MY_CONTRASTIVE_GRAD.mistake("The margin is taken as 1. It is an argument.")
def contrastive_grad_margin_of_one(is_similar, a, b, margin):
    return contrastive_grad(is_similar, a, b, 1.0 + 0 * margin)


@MY_CONTRASTIVE_GRAD.mistake("The labels are swapped: 1 is a similar pair, which pulls.")
def contrastive_grad_swapped_labels(is_similar, a, b, margin):
    return contrastive_grad(1 - is_similar, a, b, margin)


@MY_CONTRASTIVE.mistake("That is the sum over the pairs. Take the mean.")
def contrastive_sum(is_similar, a, b, margin):
    return lu.contrastive_loss(is_similar, a, b, margin=margin, reduction="sum")


@MY_CONTRASTIVE_GRAD.mistake(
    "Two strangers on one point give 0/0. The subgradient chosen there is 0."
)
def contrastive_grad_nan(is_similar, a, b, margin):
    return _rows(is_similar, a, b, margin, np.ones_like, lambda gap, d: -gap / d)


@MY_CONTRASTIVE_GRAD.mistake("That is the gradient for b. For a it points the other way.")
def contrastive_grad_flipped(is_similar, a, b, margin):
    return -contrastive_grad(is_similar, a, b, margin)


@MY_CONTRASTIVE_GRAD.mistake("It is n times too large: the mean's 1/n is missing.")
def contrastive_grad_sum(is_similar, a, b, margin):
    return contrastive_grad(is_similar, a, b, margin) * len(a)


@MY_CONTRASTIVE_GRAD.mistake("The push on strangers needs a *unit* vector: divide by D.")
def contrastive_grad_push_long(is_similar, a, b, margin):
    return _rows(is_similar, a, b, margin, np.ones_like, lambda gap, d: -gap)


@MY_CONTRASTIVE_GRAD.mistake("The pull on relatives is a - b itself: D cancels the unit vector.")
def contrastive_grad_pull_unit(is_similar, a, b, margin):
    return _rows(is_similar, a, b, margin, lambda d: 1 / _safe(d), lambda gap, d: -gap / _safe(d))


@MY_CONTRASTIVE_GRAD.mistake("Strangers are pulled together: the inner derivative is minus 1.")
def contrastive_grad_inward(is_similar, a, b, margin):
    return _rows(is_similar, a, b, margin, np.ones_like, lambda gap, d: gap / _safe(d))


def _triplet_probes():
    probes = [
        Probe(
            "a single sample",
            {"anchor": np.zeros((1, 2)), "positive": np.array([[3.0, 4.0]])}
            | {"negative": np.array([[0.0, 2.0]]), "margin": margin},
        )
        for margin in (1.0, 0.5)
    ]
    for kind, (a, p, n), tolerance in _points(3):
        for margin in (1.0, 3.0):
            arguments = {"anchor": a, "positive": p, "negative": n, "margin": margin}
            probes.append(Probe(kind, arguments, tolerance))
    return tuple(probes)


TRIPLET_PROBES = _triplet_probes()


def triplet(anchor, positive, negative, margin):
    return lu.triplet_loss(anchor, positive, negative, margin=margin)


FIXED_TRIPLET = Function("fixed_triplet", "the repaired loss", triplet, TRIPLET_PROBES)
WHICH_AXIS = Exercise(
    "7.3",
    2,
    "Along which axis?",
    (
        Choice("fault", "the fault", "b").mistakes(
            a="The root is there. How many distances come out of it, and how many should?",
            c="Each triplet is hinged on its own, then averaged. Look further up.",
            d=(
                "It runs, as any mean of numbers does. Print how many distances it has for seven "
                "triplets with two coordinates."
            ),
        ),
        FIXED_TRIPLET,
    ),
    (
        "Hand it two triplets with two coordinates, and print the shape and values on the way.",
        "How many distances to a positive should there be for n triplets?",
        "An axis that is summed over disappears. Which of the two axes are the coordinates?",
    ),
)


def _hinged(to_positive, to_negative, margin):
    return np.mean(np.maximum(0, to_positive - to_negative + margin))


@FIXED_TRIPLET.mistake("It still adds over the triplets; the coordinates are axis 1.")
def over_photos(anchor, positive, negative, margin):
    p, n = (np.sqrt(((anchor - x) ** 2.0).sum(axis=0)) for x in (positive, negative))
    return _hinged(p, n, margin)


@FIXED_TRIPLET.mistake("All triplets together make one distance here: name the axis.")
def over_all(anchor, positive, negative, margin):
    p, n = (np.sqrt(((anchor - x) ** 2.0).sum()) for x in (positive, negative))
    return _hinged(p, n, margin)


@FIXED_TRIPLET.mistake("The root is gone. That is the squared triplet loss.")
def no_root(anchor, positive, negative, margin):
    return lu.triplet_loss(anchor, positive, negative, margin=margin, squared=True)


@FIXED_TRIPLET.mistake("Easy triplets pay for hard ones here: hinge each, then mean.")
def averaged_first(anchor, positive, negative, margin):
    p, n = _distance(anchor, positive), _distance(anchor, negative)
    return np.maximum(0, np.mean(p - n) + margin)


@FIXED_TRIPLET.mistake("The squares of the coordinates are added, not averaged.")
def mean_of_squares(anchor, positive, negative, margin):
    p, n = (np.sqrt(((anchor - x) ** 2.0).mean(axis=1)) for x in (positive, negative))
    return _hinged(p, n, margin)


@FIXED_TRIPLET.mistake("That is the sum over the triplets. Take the mean.")
def triplet_sum(anchor, positive, negative, margin):
    return triplet(anchor, positive, negative, margin) * len(anchor)


@FIXED_TRIPLET.mistake("Positive and negative are swapped.")
def swapped_distances(anchor, positive, negative, margin):
    return triplet(anchor, negative, positive, margin)


def _mining_probes():
    line = np.array([0.0, 1.0, 1.5, 1.75, 3.0])
    table = np.abs(line[:, None] - line)
    found = [
        ("hand-size", table, [0, 0, 1, 1, 1], 0, 1, 1.0),
        ("hand-size", table, [0, 0, 1, 0, 1], 0, 1, 0.25),
        ("hand-size", table, [0, 0, 0, 0, 1], 0, 1, 1.0),
        ("a negative on the edge", table, [0, 0, 1, 1, 1], 0, 1, 0.5),
        ("a negative as near as the positive", np.abs(table), [0, 0, 0, 1, 1], 4, 3, 2.0),
    ]
    line = np.array([0.0, 1.0, -1.0, 1.5])
    found.append(
        ("a negative as near as the positive", np.abs(line[:, None] - line), [0, 0, 1, 1], 0, 1, 1)
    )
    rng = np.random.default_rng(72)
    for size in (6, 9, 9, 12, 12, 20):
        points = rng.normal(size=(size, 2))
        table = np.linalg.norm(points[:, None] - points, axis=2)
        labels = np.arange(size) % 3
        for margin in (0.3, 1.0):
            found.append(("random", table, labels, int(rng.integers(3)), 3, margin))
    found = [
        (kind, table, np.array(labels), anchor, positive, float(margin))
        for kind, table, labels, anchor, positive, margin in found
    ]
    return tuple(
        Probe(
            kind,
            {"distances": table, "labels": labels, "anchor": anchor}
            | {"positive": _relative(labels, anchor, positive), "margin": margin},
        )
        for kind, table, labels, anchor, positive, margin in found
    )


def _relative(labels, anchor, positive):
    """Return the positive, or if it is of another sheep the next photo of the anchor's."""
    if labels[anchor] == labels[positive]:
        return positive
    same = np.flatnonzero(labels == labels[anchor])
    return int(same[same != anchor][0])


MINING_PROBES = _mining_probes()


def _nearest(distances, allowed):
    return int(np.where(allowed, distances, np.inf).argmin()) if allowed.any() else -1


def semi_hard(distances, labels, anchor, positive, margin):
    row, start = distances[anchor], distances[anchor, positive]
    ring = (row > start) & (row < start + margin) & (labels != labels[anchor])
    return _nearest(row, ring)


PICK_SEMI_HARD = Function("pick_semi_hard", "the choice", semi_hard, MINING_PROBES)
SEMI_HARD = Exercise(
    "7.4",
    2,
    "Semi-hard, please",
    (PICK_SEMI_HARD,),
    (
        "Take the anchor's row of the table. What three conditions must a semi-hard one meet?",
        "Another sheep; farther than the positive; nearer than the positive plus the margin. The "
        "edges do not count.",
        "Set the distance of all others to np.inf before you look for the smallest, so that the "
        "index still counts all photos. If nothing is left, say -1.",
    ),
)


@PICK_SEMI_HARD.mistake("It may return a photo of the same sheep: look at the labels.")
def any_sheep(distances, labels, anchor, positive, margin):
    row, start = distances[anchor], distances[anchor, positive]
    return _nearest(row, (row > start) & (row < start + margin))


@PICK_SEMI_HARD.mistake("That is the nearest negative of all, which may be a hard one.")
def hardest(distances, labels, anchor, positive, margin):
    return _nearest(distances[anchor], labels != labels[anchor])


@PICK_SEMI_HARD.mistake(
    "It can return an easy one. What is wanted lies in the ring, and is -1 if it is empty."
)
def no_outer_edge(distances, labels, anchor, positive, margin):
    row = distances[anchor]
    return _nearest(row, (row > row[positive]) & (labels != labels[anchor]))


@PICK_SEMI_HARD.mistake("On the edges a triplet is hard or easy, not semi-hard.")
def with_edges(distances, labels, anchor, positive, margin):
    row, start = distances[anchor], distances[anchor, positive]
    ring = (row >= start) & (row <= start + margin) & (labels != labels[anchor])
    return _nearest(row, ring)


@PICK_SEMI_HARD.mistake("As near as the positive: that is hard, not semi-hard.")
def with_inner_edge(distances, labels, anchor, positive, margin):
    row, start = distances[anchor], distances[anchor, positive]
    return _nearest(row, (row >= start) & (row < start + margin) & (labels != labels[anchor]))


@PICK_SEMI_HARD.mistake("Farther by exactly the margin: that is easy, not semi-hard.")
def with_outer_edge(distances, labels, anchor, positive, margin):
    row, start = distances[anchor], distances[anchor, positive]
    return _nearest(row, (row > start) & (row <= start + margin) & (labels != labels[anchor]))


@PICK_SEMI_HARD.mistake("It lets hard ones in: the positive must be nearer than the negative.")
def hard_too(distances, labels, anchor, positive, margin):
    row = distances[anchor]
    return _nearest(row, (row < row[positive] + margin) & (labels != labels[anchor]))


@PICK_SEMI_HARD.mistake("That is the farthest in the ring, and the nearest is wanted.")
def farthest(distances, labels, anchor, positive, margin):
    row, start = distances[anchor], distances[anchor, positive]
    ring = (row > start) & (row < start + margin) & (labels != labels[anchor])
    return int(np.where(ring, row, -1).argmax()) if ring.any() else -1


@PICK_SEMI_HARD.mistake("It counts within the ring. The index among all photos is wanted.")
def place_in_ring(distances, labels, anchor, positive, margin):
    row, start = distances[anchor], distances[anchor, positive]
    ring = (row > start) & (row < start + margin) & (labels != labels[anchor])
    return int(row[ring].argmin()) if ring.any() else -1


def _quiz_probes():
    rng = np.random.default_rng(73)
    found = [
        ("hand-size", np.eye(2), np.eye(2), 1.0),
        ("hand-size", np.eye(2), np.eye(2)[::-1].copy(), 0.5),
        ("hand-size", np.array([[1.0, 0.0], [0.0, 2.0]]), np.array([[1.0, 1.0], [0.0, 1.0]]), 1.0),
    ]
    for n, d in ((3, 2), (5, 3), (4, 4), (9, 2)):
        for temperature in (1.0, 0.5, 0.1):
            queries, keys = rng.normal(size=(2, n, d))
            found.append(("random", queries, keys, temperature))
    queries, keys = rng.normal(size=(2, 4, 2))
    found.append(("whole numbers", np.array([[1, 0], [0, 2]]), np.array([[2, 1], [1, 1]]), 1.0))
    found.append(("scores of a thousand", 30 * queries, 30 * keys, 0.5))
    return tuple(
        Probe(kind, {"queries": q, "keys": k, "temperature": t}) for kind, q, k, t in found
    )


LINE_UP_PROBES = _quiz_probes()


def info_nce(queries, keys, temperature):
    return lu.info_nce_loss(queries, keys, temperature=temperature)


def info_nce_grad(queries, keys, temperature):
    return lu.info_nce_loss_grad(queries, keys, temperature=temperature)[0]


MY_INFO_NCE = Function("my_info_nce", "value", info_nce, LINE_UP_PROBES, may_use=())
MY_INFO_NCE_GRAD = Function(
    "my_info_nce_grad", "gradient", info_nce_grad, LINE_UP_PROBES, may_use=()
)
LINE_UP = Exercise(
    "7.5",
    2,
    "The line-up",
    (MY_INFO_NCE, MY_INFO_NCE_GRAD),
    (
        "Make the table of scores first: one row for each query, one column for each key.",
        "Row by row, subtract the largest score before you exponentiate: chapter 5's trick.",
        "The gradient: softmax of the rows, minus 1 on the diagonal, matrix-times the keys. Two "
        "factors are left, one from the mean and one from the scores.",
    ),
)


def _scores(queries, keys, temperature):
    return np.asarray(queries, dtype=float) @ keys.T / temperature


@MY_INFO_NCE.mistake("The columns sum to one here. Each *query* chooses: a row.")
def over_columns(queries, keys, temperature):
    return info_nce(keys, queries, temperature)


@MY_INFO_NCE.mistake(
    "That is the mean of both directions, as CLIP takes it. Here only queries look for keys."
)
def both_directions(queries, keys, temperature):
    return (info_nce(queries, keys, temperature) + info_nce(keys, queries, temperature)) / 2


@MY_INFO_NCE_GRAD.mistake(
    "That is the gradient of the mean of both directions, as CLIP takes it. Here only queries look "
    "for keys."
)
def both_directions_grad(queries, keys, temperature):
    there = lu.info_nce_loss_grad(queries, keys, temperature=temperature)[0]
    back = lu.info_nce_loss_grad(keys, queries, temperature=temperature)[1]
    return (there + back) / 2


@MY_INFO_NCE.mistake("Right for small scores. Large ones overflow: subtract the maximum.")
def naive(queries, keys, temperature):
    with np.errstate(all="ignore"):
        raised = np.exp(_scores(queries, keys, temperature))
        return np.mean(-np.log(np.diagonal(raised) / raised.sum(axis=1)))


@MY_INFO_NCE.mistake(
    "A probability underflows to 0, and ln 0 is infinite: take the log first, as log-sum-exp."
)
def log_of_softmax(queries, keys, temperature):
    table = _scores(queries, keys, temperature)
    chances = np.exp(table - table.max(axis=1, keepdims=True))
    with np.errstate(divide="ignore"):
        return -np.mean(np.log(np.diagonal(chances / chances.sum(axis=1, keepdims=True))))


@MY_INFO_NCE.mistake("Queries and keys were scaled to length one. Leave them as they are.")
def normalized(queries, keys, temperature):
    q, k = (x / np.linalg.norm(x, axis=1, keepdims=True) for x in (queries, keys))
    return info_nce(q, k, temperature)


@MY_INFO_NCE.mistake("Right at temperature 1 only: the scores are not divided.")
def no_temperature(queries, keys, temperature):
    return info_nce(queries, keys, 1.0)


@MY_INFO_NCE.mistake("The scores are multiplied by the temperature. Divide.")
def times_temperature(queries, keys, temperature):
    return info_nce(queries, keys, 1 / temperature)


@MY_INFO_NCE.mistake("The right key is in the sum too: it is one of the options.")
def wrong_keys_only(queries, keys, temperature):
    z = _scores(queries, keys, temperature)
    others = np.where(np.eye(len(z), dtype=bool), -np.inf, z)
    return np.mean(np.logaddexp.reduce(others, axis=1) - np.diagonal(z))


@MY_INFO_NCE.mistake("That is the sum over the queries. Take the mean.")
def info_nce_sum(queries, keys, temperature):
    return info_nce(queries, keys, temperature) * len(queries)


@MY_INFO_NCE_GRAD.mistake("The scores' own slope is missing: k over temperature.")
def info_nce_grad_no_temperature(queries, keys, temperature):
    return info_nce_grad(queries, keys, temperature) * temperature


@MY_INFO_NCE_GRAD.mistake("It is n times too large: the mean's 1/n is missing.")
def info_nce_grad_sum(queries, keys, temperature):
    return info_nce_grad(queries, keys, temperature) * len(queries)


@MY_INFO_NCE_GRAD.mistake("Only the expected key is here. Subtract the right one.")
def info_nce_grad_expected_only(queries, keys, temperature):
    p = lu.softmax(_scores(queries, keys, temperature))
    return p @ keys / temperature / len(p)


@MY_INFO_NCE_GRAD.mistake("The sign is flipped: expected key minus right key.")
def info_nce_grad_flipped(queries, keys, temperature):
    return -info_nce_grad(queries, keys, temperature)


@MY_INFO_NCE_GRAD.mistake("That is the gradient for the keys: the table is transposed.")
def info_nce_grad_of_keys(queries, keys, temperature):
    return lu.info_nce_loss_grad(queries, keys, temperature=temperature)[1]


@MY_INFO_NCE_GRAD.mistake("The table is transposed: p of query i is row i.")
def info_nce_grad_transposed(queries, keys, temperature):
    p = lu.softmax(_scores(queries, keys, temperature))
    return (p.T @ keys - keys) / temperature / len(p)


CHARGED_NOTHING = Exercise(
    "7.6",
    3,
    "Charged nothing, and still wrong",
    (
        Number("charged_strangers", "the strangers charged at a margin of two", 5, 0).mistakes(
            (10, "Each pair of photos counts once. In the table it stands twice."),
            (9, "Those are all pairs of strangers. How many are nearer than 2?"),
            (7, "Pairs of the same sheep have slipped in. Compare the labels."),
            (3, "Those at 1.5 are found. There are more pairs below 2."),
        ),
        Number("found", "the share found", 2 / 3, 2).mistakes(
            (1.0, "Each photo is its own nearest: leave the diagonal out."),
            (1 / 3, "That is the share that goes wrong."),
            (4, "That is how many. Divide by the six photos."),
        ),
        Number("charged_triplets", "the charged triplets", 30, 0).mistakes(
            (36, "Those are all triplets. How many of them are charged?"),
            (
                14,
                "As many have the wrong order, or are charged with squared distances. Plain "
                "triplet loss also charges those without the room of 1.",
            ),
            (15, "Anchor and positive can change roles: those are two triplets."),
        ),
    ),
    (
        "Make the table of all distances once: map_[:, None] - map_ gives all differences.",
        "For the share: set the diagonal of the table to np.inf, then argmin along a row finds "
        "the nearest other photo.",
        "For the triplets: three loops, over anchors, positives and negatives. Skip a positive "
        "that is the anchor. lu.triplet_loss takes one triplet at a time as well.",
    ),
)


ZERO_BY_MULTIPLICATION = Exercise(
    "7.7",
    3,
    "Zero by multiplication",
    (
        Number("scale_plain", "the factor for plain distances", 5.0, 2).mistakes(
            (2.0, "That is enough for the second and the third triplet. Which has the least room?"),
            (0.2, "That is the smallest gap. By which factor must it grow to reach 1?"),
            (25.0, "A plain distance grows by the factor itself, not by its square."),
        ),
        Number("scale_squared", "the factor for squared ones", 1 / 0.44**0.5, 2).mistakes(
            (5.0, "That is the factor for plain distances. Square the distances first."),
            (1 / 0.44, "Squares grow by s², so a root is still to be taken."),
            (5**0.5, "The gap of the squares is not the square of the gap, nor the gap."),
        ),
        Choice("effect", "the effect", "c", "abc").mistakes(
            a="The loss falls to zero. But who is nearest to whom: does it change?",
            b="No distance changes its rank when all are multiplied by one number.",
        ),
    ),
    (
        "Multiply all points by s. What does each distance become, and each squared distance?",
        "The triplet with the smallest room decides. Which is it for plain distances?",
        "Ask for s times the smallest gap to be the margin; for squares, s² times the smallest "
        "gap of the squares. For the last answer: who is nearest before, and after?",
    ),
)


EXERCISES = (
    TWO_PAIRS,
    CONTRASTIVE,
    WHICH_AXIS,
    SEMI_HARD,
    LINE_UP,
    CHARGED_NOTHING,
    ZERO_BY_MULTIPLICATION,
)
