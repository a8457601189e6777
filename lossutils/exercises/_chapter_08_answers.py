"""Right and wrong answers for chapter 8's exercises on evidence and on a fair comparison."""

import numpy as np

from lossutils.exercises.model import Probe

# Row c of the exercise on evidence: the naive and the recommended loss on eight data sets.
_NAIVE = np.array([6.1, 5.8, 6.4, 6.0, 6.2, 5.9, 6.3, 6.1])
_GAP = np.array([4.0, 7.1, 4.6, 6.9, 3.9, 6.2, 7.4, 3.7]) - _NAIVE

GAP = float(_GAP.mean())
IN_ERRORS = GAP / float(_GAP.std(ddof=1) / np.sqrt(8))
IN_DEVIATIONS = GAP / float(_GAP.std(ddof=1))
WITHOUT_DDOF = GAP / float(_GAP.std() / np.sqrt(8))
AS_GROUPS = GAP / float(np.sqrt(((_GAP + _NAIVE).var(ddof=1) + _NAIVE.var(ddof=1)) / 8))


def _tables():
    hand_validation = [[[1.0, 1.2], [2.0, 2.2], [3.0, 3.2]], [[5.0, 5.1], [4.0, 4.1], [2.0, 2.1]]]
    hand_test = [[[1.5, 1.1], [2.4, 2.0], [3.1, 3.6]], [[5.5, 5.0], [3.9, 4.5], [2.6, 2.3]]]
    probes = [Probe("hand-size", {"validation": hand_validation, "test": hand_test})]
    rng = np.random.default_rng(84)
    for losses, rates, seeds in ((2, 3, 4), (3, 4, 5), (4, 5, 3), (3, 3, 8), (1, 4, 6)):
        base = rng.uniform(1, 3, size=(losses, rates, 1))
        shape = (losses, rates, seeds)
        noise = rng.normal(0, 0.8, size=(2, *shape))
        found = dict(zip(("validation", "test"), base + noise, strict=True))
        probes.append(Probe("a single loss" if losses == 1 else "random", found))
    return tuple(
        Probe(probe.kind, {name: np.array(table) for name, table in probe.arguments.items()})
        for probe in probes
    )


PROBES = _tables()


def fair(validation, test):
    """Return the mean test error of each loss, at its own rate."""
    rates = validation.mean(axis=2).argmin(axis=1)
    return np.array([table[rate].mean() for table, rate in zip(test, rates, strict=True)])


def one_rate(validation, test):
    """Give all losses the rate that suits the first."""
    return test[:, validation[0].mean(axis=1).argmin()].mean(axis=1)


def best_for_all(validation, test):
    """Give all losses the rate that is best on average over the losses."""
    return test[:, validation.mean(axis=(0, 2)).argmin()].mean(axis=1)


def on_test(validation, test):
    """Choose the rates on the test data."""
    return fair(test, test)


def on_validation(validation, test):
    """Report the data that the rates were chosen on."""
    return fair(validation, validation)


def a_rate_a_seed(validation, test):
    """Choose another rate for each seed."""
    rates = validation.argmin(axis=1)[:, None]
    return np.take_along_axis(test, rates, axis=1)[:, 0].mean(axis=1)


def mean_of_rates(validation, test):
    """Average over all rates."""
    return test.mean(axis=(1, 2))
