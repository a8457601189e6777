"""Every public function in arithmetic of enough digits, the inputs it is tried on, and its bound.

`TRIALS` has one entry for each public function that is no helper. A trial draws inputs from
extremes and at random; its formulas are the book's, written for single numbers of mpmath, so that
no rounding is left. The precision is raised until two precisions agree.

A result may be off by 8 eps (1 + kappa) of itself. kappa is the condition number of that one
number: the sum over all inputs x of abs(x d/dx) of it, divided by itself. It says how much the
result moves, relatively, when the inputs move by one part; no function can do better than the
rounding of its inputs. Some spacings of the smallest floats are allowed besides.
"""

from collections.abc import Callable
from dataclasses import dataclass

import mpmath as mp
import numpy as np

import lossutils

ALLOWED = 8  # times eps (1 + kappa)
STEP = mp.mpf(10) ** -25  # relative; a derivative is then right to 20 digits
MOST_DIGITS = 6000
NOTHING = mp.mpf(10) ** -340  # less than any float


@dataclass(frozen=True)
class Sample:
    """What one sample comes to: its value, and its gradient with one entry a prediction."""

    value: object
    slopes: tuple = ()
    less: tuple = ()  # of each of these numbers, what its error may be relative to besides


@dataclass(frozen=True)
class Trial:
    """One function: how to draw inputs, and its formula for one sample."""

    name: str
    draw: Callable  # (source) -> (arguments, knobs)
    formula: Callable  # (sample of the arguments as mpmath, knobs) -> Sample
    split: Callable  # arguments -> list of samples, each a tuple of tuples of numbers
    predictions: tuple = (1,)
    weights: Callable | None = None  # (sample, knobs) -> what "mean" divides by
    digits: Callable = lambda span: span


@dataclass(frozen=True)
class Exact:
    """A number, and how far it moves for a relative change of the inputs."""

    number: object
    moves: object


# --- inputs -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Source:
    """Draws numbers of one dtype: extremes as often as ordinary ones."""

    rng: np.random.Generator
    dtype: type

    @property
    def limits(self):
        return np.finfo(self.dtype)

    def cast(self, numbers):
        return np.asarray(numbers).astype(self.dtype)

    def one_of(self, *choices):
        return choices[self.rng.integers(len(choices))]

    def real(self, shape, spread=1.0):
        """Ordinary, of any size, or at the ends of what the dtype holds; now and then all equal."""
        kind = self.rng.integers(5)
        if kind < 2:
            return self.cast(spread * self.rng.normal(size=shape))
        return self.signs(shape) * self.positive(shape)

    def signs(self, shape):
        return self.cast(self.rng.choice([-1.0, 1.0], shape))

    def positive(self, shape):
        limits = self.limits
        ends = np.array([0, limits.tiny, limits.eps, 1e-10, 1, 400, 88, 1e10, limits.max / 4])
        ends = np.append(ends, [limits.max, limits.smallest_subnormal, 0.5])
        low, high = np.log10(float(limits.tiny)), np.log10(float(limits.max))
        spread = 10 ** self.rng.uniform(low, high, shape)
        if self.rng.integers(2):
            spread = 10 ** self.rng.uniform(-9, 3, shape)
        chosen = np.where(
            self.rng.integers(3, size=shape) > 0, self.rng.choice(ends, shape), spread
        )
        return self.cast(np.minimum(chosen, float(limits.max)))

    def logits(self, shape):
        """Scores of an ordinary size more often than not."""
        kind = self.rng.integers(4)
        if kind < 2:
            return self.cast((3, 60)[kind] * self.rng.normal(size=shape))
        if kind == 2:
            return self.cast(self.rng.choice([-400, -88, -40, 0, 0, 17, 40, 88, 400], shape))
        return self.real(shape)

    def probability(self, shape):
        eps, tiny = float(self.limits.eps), float(self.limits.tiny)
        ends = [0, tiny, 1e-30, eps, 1e-3, 0.5, 1 - eps / 2, 1 - eps, 1, 1]
        kind = self.rng.integers(3, size=shape)
        near = 10.0 ** self.rng.uniform(np.log10(tiny), 0, shape)
        p = np.where(kind == 0, self.rng.uniform(size=shape), self.rng.choice(ends, shape))
        return self.cast(np.where(kind == 1, near, p))

    def truth(self, shape):
        if self.rng.integers(3):
            return self.cast(self.rng.integers(2, size=shape))
        return self.probability(shape)

    def rows(self, n, classes):
        """Distributions: ordinary, nearly certain, certain."""
        kind = self.rng.integers(4)
        if kind == 0:
            p = self.rng.dirichlet(np.ones(classes), n)
        elif kind == 1:
            p = self.rng.dirichlet(np.full(classes, 0.02), n)
        else:
            p = self.probability((n, classes)).astype(float) * (1e-7 if kind == 2 else 1e-20)
            p[np.arange(n), self.rng.integers(classes, size=n)] = 1.0
        p = p / p.sum(axis=1, keepdims=True)
        return self.cast(p)

    def knob(self, least=1e-30, most=1e30):
        """A knob > 0: 1, ordinary, or far from 1."""
        ends = (1.0, 1.0, 0.1, 2.5, least, most, 10 ** self.rng.uniform(-4, 4))
        return float(self.one_of(*ends))


def of_elements(arguments):
    """Every element is a sample."""
    flat = [a.reshape(-1).tolist() for a in arguments]
    return [tuple((x,) for x in sample) for sample in zip(*flat, strict=True)]


def of_rows(arguments):
    """Every row is a sample."""
    rows = [a.reshape(len(a), -1).tolist() for a in arguments]
    return [tuple(tuple(r) for r in sample) for sample in zip(*rows, strict=True)]


def of_all(arguments):
    """The arguments are one sample."""
    return [tuple(tuple(a.reshape(-1).tolist()) for a in arguments)]


# --- arithmetic ---------------------------------------------------------------------------------


def numbers(sample):
    return [x for part in sample for x in part]


def digits_for(trial, sample, knobs):
    """Return how many digits a first try takes: the range of all numbers, and of e^-logit."""
    sizes = [abs(x) for x in numbers(sample) if x]
    for knob in knobs.values():
        sizes += [abs(float(x)) for x in np.ravel(knob) if not isinstance(x, str | None) and x]
    exponents = [np.log10(x) for x in sizes] + [0.0]
    largest = min(max(sizes, default=0), 800)
    span = max(exponents) - min(exponents) + largest / 2
    return int(60 + trial.digits(span))


def agreed(trial, sample, knobs):
    """Evaluate with more and more digits, until two precisions agree; return digits and Sample."""
    digits = digits_for(trial, sample, knobs)
    before = None
    while digits < MOST_DIGITS:
        with mp.workdps(digits):
            now = trial.formula(exactly(sample), knobs)
        if before is not None and all(
            same(a, b) for a, b in zip(entries(before), entries(now), strict=True)
        ):
            return digits, now
        before, digits = now, digits + max(30, digits // 4)
    raise AssertionError(f"{trial.name}: no two precisions agree on {sample}, {knobs}")


def exactly(sample):
    return tuple(tuple(mp.mpf(x) for x in part) for part in sample)


def entries(sample):
    return (*((sample.value,) if not isinstance(sample.value, tuple) else sample.value),
            *sample.slopes)  # fmt: skip


def same(a, b):
    if mp.isinf(a) or mp.isinf(b):
        return a == b
    return abs(a - b) <= abs(b) * mp.mpf(10) ** -22 or max(abs(a), abs(b)) < NOTHING


def conditioned(trial, sample, knobs):
    """Return every number that a sample comes to as an `Exact`."""
    digits, result = agreed(trial, sample, knobs)
    exact = entries(result)
    moves = list(result.less) or [mp.mpf(0)] * len(exact)
    with mp.workdps(digits + 30):
        base = entries(trial.formula(exactly(sample), knobs))
        for i, part in enumerate(sample):
            for j, x in enumerate(part):
                if x == 0 or not isinstance(x, float):
                    continue
                moved = [list(map(mp.mpf, p)) for p in sample]
                moved[i][j] *= 1 + STEP
                after = entries(trial.formula(tuple(map(tuple, moved)), knobs))
                add_moves(moves, base, after)
        for changed in changed_knobs(knobs):
            add_moves(moves, base, entries(trial.formula(exactly(sample), knobs | changed)))
    return [Exact(e, m) for e, m in zip(exact, moves, strict=True)]


def changed_knobs(knobs):
    """Yield each knob that is a float, or one of several, changed by the step."""
    for name, knob in knobs.items():
        if type(knob) is float and knob:
            yield {name: knob * (1 + STEP)}
        for i in range(len(knob) if isinstance(knob, list) else 0):
            yield {name: [w * (1 + STEP) if i == j else w for j, w in enumerate(knob)]}


def add_moves(moves, base, after):
    """Add how far a step has moved each number, divided by the step."""
    for k, (old, new) in enumerate(zip(base, after, strict=True)):
        if mp.isfinite(old) and mp.isfinite(new):
            moves[k] += abs(new - old) / STEP


# --- regression ---------------------------------------------------------------------------------


def sign(x):
    return mp.sign(x)


def difference(formula):
    """Make a formula of a sample from one of the error and the knobs."""
    return lambda sample, knobs: formula(sample[1][0] - sample[0][0], knobs)


def huber(e, knobs):
    delta = mp.mpf(knobs["delta"])
    if abs(e) <= delta:
        return Sample(e**2 / 2, (e,))
    return Sample(delta * abs(e) - delta**2 / 2, (delta * sign(e),))


def log_cosh(e, _):
    # log cosh e = -log(1 - tanh^2 e) / 2 for small errors
    far = abs(e) + mp.log((1 + mp.exp(-2 * abs(e))) / 2)
    return Sample(far if abs(e) > 1 else -mp.log1p(-(mp.tanh(e) ** 2)) / 2, (mp.tanh(e),))


def pinball(e, knobs):
    q = mp.mpf(knobs["quantile"])
    slope = (1 - q) if e > 0 else -q if e < 0 else mp.mpf(0)
    return Sample(slope * e, (slope,))


def pairs(source, **knobs):
    shape = source.one_of((1,), (3,), (2,))
    y, p = source.real(shape), source.real(shape)
    if source.rng.integers(3) == 0:  # nearly or quite the same
        p = np.nextafter(y, source.cast(0)) if source.rng.integers(2) else y.copy()
    return (y, p), knobs


# --- two classes --------------------------------------------------------------------------------


def minus_log(p):
    return mp.inf if p == 0 else -mp.log(p)


def times(weight, number):
    """Return 0 for a weight of 0, even of infinity."""
    return mp.mpf(0) if weight == 0 else weight * number


def over(weight, p):
    return mp.mpf(0) if weight == 0 else mp.inf if p == 0 else weight / p


def bce(y, p, w=1):
    value = times(w * y, minus_log(p)) + times(1 - y, minus_log(1 - p))
    high, low = over(1 - y, 1 - p), over(w * y, p)
    return Sample(value, (high - low,))


def sigma(z):
    return 1 / (1 + mp.exp(-z))


def bce_logits(y, z, w):
    value = w * y * mp.log1p(mp.exp(-z)) + (1 - y) * mp.log1p(mp.exp(z))
    return Sample(value, ((1 - y) * sigma(z) - w * y * sigma(-z),))


def weights_of(knobs):
    alpha = knobs["alpha"]
    return (mp.mpf(1), mp.mpf(1)) if alpha is None else (mp.mpf(alpha), 1 - mp.mpf(alpha))


def focal(y, p, knobs):
    gamma, (w1, w0) = mp.mpf(knobs["gamma"]), weights_of(knobs)
    value = times(w1 * y, focal_term(p, 1 - p, gamma)[0])
    value += times(w0 * (1 - y), focal_term(1 - p, p, gamma)[0])
    slope = times(w1 * y, focal_term(p, 1 - p, gamma)[1])
    slope -= times(w0 * (1 - y), focal_term(1 - p, p, gamma)[1])
    return Sample(value, (slope,))


def focal_term(p, q, gamma):
    """Return -q^gamma log p for q = 1 - p, and its derivative with respect to p."""
    if p == 0:
        return mp.inf, -mp.inf
    if q == 0:
        return mp.mpf(0), -mp.mpf(gamma == 0)
    power = q**gamma
    return -power * mp.log(p), power * (gamma * mp.log(p) / q - 1 / p)


def focal_logits(y, z, knobs):
    gamma, (w1, w0) = mp.mpf(knobs["gamma"]), weights_of(knobs)
    p, q = sigma(z), sigma(-z)
    one, zero = mp.log1p(mp.exp(-z)), mp.log1p(mp.exp(z))
    fade_one, fade_zero = mp.exp(-gamma * zero), mp.exp(-gamma * one)
    value = w1 * y * fade_one * one + w0 * (1 - y) * fade_zero * zero
    slope = w0 * (1 - y) * fade_zero * (gamma * q * zero + p)
    return Sample(value, (slope - w1 * y * fade_one * (gamma * p * one + q),))


def binary(prediction, **knobs):
    def draw(source):
        n = source.one_of(1, 2, 3)
        return (source.truth(n), getattr(source, prediction)(n)), {
            name: knob(source) for name, knob in knobs.items()
        }

    return draw


def alpha_of(source):
    return source.one_of(None, 0.25, 0.0, 1.0, 0.9, 1e-20)


def gamma_of(source):
    return source.one_of(2.0, 0.0, 0.5, 1.0, 5.0, 100.0, 1e-10, 1e10)


# --- several classes ----------------------------------------------------------------------------


def smoothed(sample, knobs):
    """Return the share that each class has of the loss of a row."""
    truth, row = sample
    classes = len(row)
    if knobs["sparse"]:
        truth = [mp.mpf(c == int(truth[0])) for c in range(classes)]
    w = [mp.mpf(x) for x in knobs["class_weight"] or [1] * classes]
    s = mp.mpf(knobs["label_smoothing"])
    return [w[c] * ((1 - s) * truth[c] + s / classes) for c in range(classes)]


def row_weight(sample, knobs):
    """Return what a row counts in a weighted mean."""
    truth, row = sample
    w = [mp.mpf(x) for x in knobs["class_weight"] or [1] * len(row)]
    if knobs["class_weight"] is None:
        return mp.mpf(1)
    if knobs["sparse"]:
        return w[int(truth[0])]
    return sum(a * mp.mpf(b) for a, b in zip(w, truth, strict=True))


def cross_entropy(sample, knobs):
    shares, row = smoothed(sample, knobs), sample[1]
    value = sum(times(s, minus_log(p)) for s, p in zip(shares, row, strict=True))
    return Sample(value, tuple(-over(s, p) for s, p in zip(shares, row, strict=True)))


def cross_entropy_logits(sample, knobs):
    shares, row = smoothed(sample, knobs), sample[1]
    top = max(row)
    exponentials = [mp.exp(z - top) for z in row]
    total = sum(exponentials)
    log_total = mp.log(total)
    value = sum(s * (log_total - (z - top)) for s, z in zip(shares, row, strict=True))
    all_shares = sum(shares)
    slopes = [e / total * all_shares - s for e, s in zip(exponentials, shares, strict=True)]
    # Probabilities below the smallest normal float lose digits.
    lost = mp.mpf(float(np.finfo(np.float64).tiny)) * all_shares
    return Sample(value, tuple(slopes), (mp.mpf(0), *[lost] * len(row)))


def classes(prediction, sparse):
    def draw(source):
        n, width = source.one_of(1, 2, 3), source.one_of(2, 3)
        labels = source.rng.integers(width, size=n)
        soft = source.rng.integers(3) == 0
        truth = source.rows(n, width) if soft else source.cast(np.eye(width)[labels])
        scores = source.rows(n, width) if prediction == "rows" else source.logits((n, width))
        weight = None
        if source.rng.integers(2):
            weight = [source.knob(1e-250, 1e250) for _ in range(width)]
        knobs = {"class_weight": weight, "label_smoothing": source.one_of(0.0, 0.0, 0.1, 1.0, 1e-9)}
        return (labels[:, None] if sparse else truth, scores), knobs | {"sparse": sparse}

    return draw


# --- margin, divergence, masks ------------------------------------------------------------------


def hinge(sample, knobs):
    (y,), (s,) = sample
    gap = mp.mpf(knobs["margin"]) - y * s
    return Sample(max(gap, mp.mpf(0)), (-y if gap > 0 else mp.mpf(0),))


def squared_hinge(sample, knobs):
    (y,), (s,) = sample
    gap = max(mp.mpf(knobs["margin"]) - y * s, mp.mpf(0))
    return Sample(gap**2, (-2 * y * gap,))


def signs_and_scores(source):
    n = source.one_of(1, 2, 3)
    margin = source.knob()
    scores = source.real(n)
    if source.rng.integers(4) == 0:
        scores = source.cast(np.full(n, margin)) * source.one_of(1, 0.5, 2)
    return (source.signs(n), scores), {"margin": margin}


def kl(sample, _):
    p, q = sample
    value = sum(times(a, mp.log(a / b) if a and b else mp.inf) for a, b in zip(p, q, strict=True))
    # Rows of floats do not quite sum to 1; what that adds must not make the value negative.
    return Sample(max(value, mp.mpf(0)), tuple(-over(a, b) for a, b in zip(p, q, strict=True)))


def two_rows(source):
    n, width = source.one_of(1, 2, 3), source.one_of(2, 3)
    p, q = source.rows(n, width), source.rows(n, width)
    if source.rng.integers(3) == 0:
        q = p.astype(float) * (
            1 + 10 ** source.rng.uniform(-12, -1) * source.rng.normal(size=p.shape)
        )
        q = source.cast(q / q.sum(axis=1, keepdims=True))
    return (p, q), {}


def dice(sample, knobs):
    y, p = sample
    smooth = mp.mpf(knobs["smooth"])
    n = 2 * sum(a * b for a, b in zip(y, p, strict=True)) + smooth
    d = sum(y) + sum(p) + smooth
    if d == 0:
        return Sample(mp.mpf(0), tuple(mp.mpf(0) for _ in p))
    # A slope is exact relative to both of its terms.
    terms = tuple((n / d + 2 * a) / d for a in y)
    return Sample(1 - n / d, tuple((n / d - 2 * a) / d for a in y), (mp.mpf(0), *terms))


def dice_bce(sample, knobs):
    y, p = sample
    w, overlap = mp.mpf(knobs["dice_weight"]), dice(sample, knobs)
    pixels = [bce(a, b) for a, b in zip(y, p, strict=True)]
    value = w * overlap.value + times(1 - w, sum(x.value for x in pixels) / len(p))
    slopes = [
        w * a + times(1 - w, x.slopes[0] / len(p))
        for a, x in zip(overlap.slopes, pixels, strict=True)
    ]
    less = [w * x for x in overlap.less] or [mp.mpf(0)] * (1 + len(p))
    return Sample(value, tuple(slopes), tuple(less))


def masks(with_bce):
    def draw(source):
        shape = source.one_of((1, 1), (2, 3), (1, 4))
        knobs = {"smooth": float(source.one_of(1.0, 0.0, 0.0, 1e-20, 1e20, 0.3)), "axis": 1}
        if with_bce:
            knobs["dice_weight"] = float(source.one_of(0.5, 0.0, 1.0, 1e-12, 0.9))
        return (source.truth(shape), source.probability(shape)), knobs

    return draw


# --- embeddings ---------------------------------------------------------------------------------


def distance(a, b):
    return mp.sqrt(sum((x - y) ** 2 for x, y in zip(a, b, strict=True)))


def towards(a, b, length):
    """Return the unit vector of a - b, and 0 where they are the same."""
    return [(x - y) / length if length else mp.mpf(0) for x, y in zip(a, b, strict=True)]


def contrastive(sample, knobs):
    (similar,), a, b = sample
    d, margin = distance(a, b), mp.mpf(knobs["margin"])
    if similar == 1:
        slopes = [x - y for x, y in zip(a, b, strict=True)]
        return Sample(d**2 / 2, (*slopes, *(-s for s in slopes)))
    gap = max(margin - d, mp.mpf(0))
    slopes = [-gap * u for u in towards(a, b, d)]
    return Sample(gap**2 / 2, (*slopes, *(-s for s in slopes)))


def triplet(sample, knobs):
    anchor, positive, negative = sample
    d_p, d_n = distance(anchor, positive), distance(anchor, negative)
    margin = mp.mpf(knobs["margin"])
    if knobs["squared"]:
        u_p = [2 * (x - y) for x, y in zip(anchor, positive, strict=True)]
        u_n = [2 * (x - y) for x, y in zip(anchor, negative, strict=True)]
        gap, none = d_p**2 - d_n**2 + margin, mp.mpf(0)
        pairs_of = zip(u_p, u_n, strict=True)
        terms = sum(abs(x - y) * (abs(x) + abs(y)) for x, y in pairs_of) / 4 + margin
        less = (none,) * (1 + 3 * len(anchor))
    else:
        u_p, u_n = towards(anchor, positive, d_p), towards(anchor, negative, d_n)
        # What is subtracted are lengths, and unit vectors.
        gap, less = d_p - d_n + margin, (d_p + d_n + margin,)
        less += tuple(abs(x) + abs(y) for x, y in zip(u_p, u_n, strict=True))
        less += (mp.mpf(0),) * (2 * len(anchor))
        terms = less[0]
    if abs(gap) < mp.mpf(10) ** -5 * terms:  # rounding may take it to the other side of 0
        less = (terms, *[mp.mpf(10) ** 20 * (1 + d_p + d_n)] * (3 * len(anchor)))
    on = mp.mpf(gap > 0)
    slopes = [on * (x - y) for x, y in zip(u_p, u_n, strict=True)]
    slopes += [-on * x for x in u_p] + [on * x for x in u_n]
    return Sample(max(gap, mp.mpf(0)), tuple(slopes), less)


def embeddings(count, **knobs):
    def draw(source):
        n, width = source.one_of(1, 2), source.one_of(1, 2, 3)
        data = [source.real((n, width), 10 ** source.rng.uniform(-1, 2)) for _ in range(count)]
        if source.rng.integers(4) == 0:
            data[1] = data[0].copy()
        drawn = {name: knob(source) for name, knob in knobs.items()}
        if count == 2:
            data.insert(0, source.rng.integers(2, size=(n, 1)))
        return tuple(data), drawn

    return draw


def info_nce(sample, knobs):
    queries, keys = sample
    n, tau = knobs["n"], mp.mpf(knobs["temperature"])
    width = len(queries) // n
    q = [queries[i * width : (i + 1) * width] for i in range(n)]
    k = [keys[i * width : (i + 1) * width] for i in range(n)]
    values, slope = [], []
    for i in range(n):
        z = [sum(a * b for a, b in zip(q[i], k[j], strict=True)) / tau for j in range(n)]
        top = max(z)
        e = [mp.exp(x - top) for x in z]
        total = sum(e)
        values.append(mp.log(total) - (z[i] - top))
        slope.append([e[j] / total - (i == j) for j in range(n)])
    d_q = [
        sum(slope[i][j] * k[j][c] for j in range(n)) / tau for i in range(n) for c in range(width)
    ]
    d_k = [
        sum(slope[i][j] * q[i][c] for i in range(n)) / tau for j in range(n) for c in range(width)
    ]
    # Probabilities below the smallest normal float lose digits.
    lost = mp.mpf(float(np.finfo(np.float64).tiny)) / tau
    less = [lost * sum(abs(k[j][c]) for j in range(n)) for _ in range(n) for c in range(width)]
    less += [lost * sum(abs(q[i][c]) for i in range(n)) for _ in range(n) for c in range(width)]
    return Sample(tuple(values), (*d_q, *d_k), (*[mp.mpf(0)] * n, *less))


def queries_and_keys(source):
    n, width = source.one_of(1, 2, 3), source.one_of(1, 2)
    tau = float(source.one_of(0.1, 1.0, 0.07, 0.02, 5.0, 1e-3))
    kind = source.rng.integers(3)
    q, k = (source.rng.normal(size=(n, width)) for _ in range(2))
    if kind == 0:
        q, k = (x / np.linalg.norm(x, axis=1, keepdims=True) for x in (q, k))
    elif kind == 1 and n == width:
        q, k = np.eye(n), np.eye(n)
    else:
        q, k = q * 10 ** source.rng.uniform(-3, 1), k * 10 ** source.rng.uniform(-3, 1)
    return (source.cast(q), source.cast(k)), {"temperature": tau, "n": n}


# --- the stable functions -----------------------------------------------------------------------


def log_sum(row):
    top = max(row)
    return top + mp.log(sum(mp.exp(x - top) for x in row))


def softmax(row):
    top = max(row)
    e = [mp.exp(x - top) for x in row]
    return tuple(x / sum(e) for x in e)


def log_softmax(row):
    top = max(row)
    rest = mp.log(sum(mp.exp(x - top) for x in row))
    return tuple(x - top - rest for x in row)


def elements(source):
    return (source.logits(source.one_of(1, 3)),), {}


def score_rows(source):
    return (source.logits((source.one_of(1, 2), source.one_of(1, 2, 3))),), {}


def products(source):
    n = source.one_of(1, 2, 3)
    return (source.real(n), source.positive(n)), {}


def xlogy(sample, _):
    (x,), (y,) = sample
    return Sample(times(x, -minus_log(y)))


def one(formula):
    return lambda sample, _: Sample(formula(sample[0][0]))


def row(formula):
    return lambda sample, _: Sample(formula(sample[0]))


def with_knobs(formula, *names):
    """Make a formula of a sample from one of the truth, the prediction and the knobs by name."""
    return lambda sample, knobs: formula(
        sample[0][0], sample[1][0], *(mp.mpf(knobs[name]) for name in names)
    )


def knobs_last(formula):
    return lambda sample, knobs: formula(sample[0][0], sample[1][0], knobs)


POS_WEIGHT = {"pos_weight": lambda source: source.knob()}
FOCAL = {"alpha": alpha_of, "gamma": gamma_of}
MARGIN = {"margin": lambda source: source.knob()}

TRIALS = (
    Trial("mse_loss", pairs, difference(lambda e, _: Sample(e**2, (2 * e,))), of_elements),
    Trial("mae_loss", pairs, difference(lambda e, _: Sample(abs(e), (sign(e),))), of_elements),
    Trial("huber_loss", lambda s: pairs(s, delta=s.knob()), difference(huber), of_elements),
    Trial("log_cosh_loss", pairs, difference(log_cosh), of_elements),
    Trial(
        "pinball_loss",
        lambda s: pairs(s, quantile=s.one_of(0.5, 0.1, 0.99, 1e-20, 1 - 2**-53)),
        difference(pinball),
        of_elements,
    ),
    Trial(
        "binary_cross_entropy",
        binary("probability", **POS_WEIGHT),
        with_knobs(bce, "pos_weight"),
        of_elements,
    ),
    Trial(
        "binary_cross_entropy_with_logits",
        binary("logits", **POS_WEIGHT),
        with_knobs(bce_logits, "pos_weight"),
        of_elements,
    ),
    Trial("focal_loss", binary("probability", **FOCAL), knobs_last(focal), of_elements),
    Trial(
        "focal_loss_with_logits", binary("logits", **FOCAL), knobs_last(focal_logits), of_elements
    ),
    Trial(
        "categorical_cross_entropy",
        classes("rows", sparse=False),
        cross_entropy,
        of_rows,
        weights=row_weight,
    ),
    Trial(
        "categorical_cross_entropy_with_logits",
        classes("logits", sparse=False),
        cross_entropy_logits,
        of_rows,
        weights=row_weight,
    ),
    Trial(
        "sparse_categorical_cross_entropy",
        classes("rows", sparse=True),
        cross_entropy,
        of_rows,
        weights=row_weight,
    ),
    Trial(
        "sparse_categorical_cross_entropy_with_logits",
        classes("logits", sparse=True),
        cross_entropy_logits,
        of_rows,
        weights=row_weight,
    ),
    Trial("hinge_loss", signs_and_scores, hinge, of_elements),
    Trial("squared_hinge_loss", signs_and_scores, squared_hinge, of_elements),
    Trial("kl_divergence", two_rows, kl, of_rows),
    Trial("dice_loss", masks(with_bce=False), dice, of_rows),
    Trial("dice_bce_loss", masks(with_bce=True), dice_bce, of_rows),
    Trial("contrastive_loss", embeddings(2, **MARGIN), contrastive, of_rows, predictions=(1, 2)),
    Trial(
        "triplet_loss",
        embeddings(3, **MARGIN, squared=lambda s: bool(s.rng.integers(2))),
        triplet,
        of_rows,
        predictions=(0, 1, 2),
    ),
    Trial(
        "info_nce_loss",
        queries_and_keys,
        info_nce,
        of_all,
        predictions=(0, 1),
        digits=lambda span: span + 400,
    ),
    Trial("softplus", elements, one(lambda x: mp.log1p(mp.exp(x))), of_elements, ()),
    Trial("sigmoid", elements, one(sigma), of_elements, ()),
    Trial("log_sigmoid", elements, one(lambda x: -mp.log1p(mp.exp(-x))), of_elements, ()),
    Trial("logsumexp", score_rows, row(log_sum), of_rows, ()),
    Trial("softmax", score_rows, row(softmax), of_rows, ()),
    Trial("log_softmax", score_rows, row(log_softmax), of_rows, ()),
    Trial("xlogy", products, xlogy, of_elements, ()),
)

# --- the comparison -----------------------------------------------------------------------------

NOT_FOR_THE_CALL = ("sparse", "n")


@dataclass(frozen=True)
class Compared:
    """One number of a result, beside the exact one."""

    trial: str
    part: str  # "value" or "gradient"
    got: object
    exact: Exact
    call: str

    @property
    def rounding(self):
        """The error in units of eps (1 + kappa), what is below the smallest floats apart."""
        limits = np.finfo(self.got.dtype)
        number, moves = self.exact.number, self.exact.moves
        if self.part == "value" and self.trial == "kl_divergence":
            number = max(number, mp.mpf(0))  # rows of floats do not quite sum to 1
        got, largest = mp.mpf(float(self.got)), mp.mpf(float(limits.max))
        if mp.isnan(got):
            return np.inf
        if mp.isinf(number) or (mp.isinf(got) and abs(number) > largest and number * got > 0):
            return 0.0 if mp.sign(got) == mp.sign(number) and mp.isinf(got) else np.inf
        if mp.isinf(got):  # as good as the largest float, if rounding can take it there
            got = largest * mp.sign(got)
        if number == 0 and got == 0:
            return np.inf if np.signbit(self.got) else 0.0
        error = max(abs(got - number) - 4 * mp.mpf(float(limits.smallest_subnormal)), mp.mpf(0))
        if error == 0:
            return 0.0
        if number == 0 and moves == 0:
            return np.inf
        return float(error / (float(limits.eps) * (abs(number) + moves)))

    def __str__(self):
        return (
            f"{self.trial}, {self.part}: {self.got!r} for {mp.nstr(self.exact.number, 20)}, "
            f"{self.rounding:.3g} eps (1 + kappa): {self.call}"
        )


def reduced(numbers, reduction, divisor):
    """Reduce numbers as `reduction` says."""
    if reduction == "none":
        return numbers
    total = Exact(sum(x.number for x in numbers), sum(x.moves for x in numbers))
    return [divided(total, divisor)] if reduction == "mean" else [total]


def divided(x, divisor):
    return Exact(x.number / divisor, x.moves / divisor)


def compare(trial, source):
    """Call a function on drawn inputs and yield every number of its results as `Compared`."""
    arguments, knobs = trial.draw(source)
    samples = trial.split(arguments)
    given = [a[:, 0] if a.dtype.kind == "i" else a for a in arguments]
    known = {k: v for k, v in knobs.items() if k not in NOT_FOR_THE_CALL}
    if trial.predictions:
        known["reduction"] = source.one_of("mean", "sum", "none")
    call = f"({', '.join(map(repr, given))}, {known})"
    exact = [conditioned(trial, sample, knobs) for sample in samples]
    values = knobs.get("n", 1) if trial.predictions else len(exact[0])
    function = getattr(lossutils, trial.name)
    # Where all weights of the truth are 0 there is no mean; such inputs are not drawn.
    divisor = trial.weights and sum(trial.weights(exactly(s), knobs) for s in samples)
    divisor = divisor or len(samples) * values
    numbers = [x for entries in exact for x in entries[:values]]
    got = function(*given, **known)
    wanted = reduced(numbers, known["reduction"], divisor) if trial.predictions else numbers
    yield from pair(trial, "value", np.ravel(got), wanted, call)
    if trial.predictions:
        got = getattr(lossutils, f"{trial.name}_grad")(*given, **known)
        got = got if isinstance(got, tuple) else (got,)
        got = np.concatenate([g.reshape(len(samples), -1) for g in got], axis=1).ravel()
        wanted = [x for entries in exact for x in entries[values:]]
        if known["reduction"] == "mean":
            wanted = [divided(x, divisor) for x in wanted]
        yield from pair(trial, "gradient", got, wanted, call)


def pair(trial, part, got, wanted, call):
    assert len(got) == len(wanted), (trial.name, part, got, wanted, call)
    for number, exact in zip(got, wanted, strict=True):
        yield Compared(trial.name, part, number, exact, call)


def worst(trial, inputs, seed):
    """Return the worst `Compared` of each part, over inputs of both dtypes."""
    found = {}
    for i in range(inputs):
        rng = np.random.default_rng([seed, i, *trial.name.encode()])
        source = Source(rng, (np.float64, np.float32)[i % 2])
        for one_number in compare(trial, source):
            part = one_number.part
            if part not in found or one_number.rounding > found[part].rounding:
                found[part] = one_number
    return list(found.values())
