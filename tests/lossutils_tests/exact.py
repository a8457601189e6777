"""How a function is compared with arithmetic of enough digits, and the bound.

`TRIALS` in `references.py` has one entry for each public function that is no helper. A trial
draws inputs from extremes and at random; its formulas are the book's, written for single numbers
of mpmath, so that no rounding is left. The precision is raised until two precisions agree.

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
