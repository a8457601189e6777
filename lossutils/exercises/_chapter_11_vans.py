"""The bills of chapter 11's vans, computed without the gradient descent that learners use."""

import numpy as np

_VANS, _LOW, _HIGH, _DELTA = 20, 3.0, 1.0, 5.0


def _days(seed, n, typing_errors):
    rng = np.random.default_rng(seed)
    degrees = rng.uniform(10, 35, n)
    demand = np.round((degrees - 5) * (8 + 1.6 * rng.normal(size=n)))
    slips = rng.permutation(n)[: n // 20]
    if typing_errors:
        demand[slips] *= 10
    return degrees, demand


def _stacked(first_seed, n, typing_errors):
    drawn = [_days(first_seed + van, n, typing_errors) for van in range(_VANS)]
    return tuple(np.array(part) for part in zip(*drawn, strict=True))


def _line(x, y, weight):
    """Return level and tilt of the weighted least-squares line of each row."""
    total = weight.sum(axis=1, keepdims=True)
    mean_x = (weight * x).sum(axis=1, keepdims=True) / total
    mean_y = (weight * y).sum(axis=1, keepdims=True) / total
    u = x - mean_x
    tilt = (weight * u * y).sum(axis=1, keepdims=True) / (weight * u**2).sum(axis=1, keepdims=True)
    return mean_y - tilt * mean_x, tilt


def _priced(x, y, low, high):
    """Return the line with the least charge, by least squares with weights that are renewed."""
    level, tilt = _line(x, y, np.ones_like(y))
    for _ in range(400):
        e = level + tilt * x - y
        level, tilt = _line(x, y, np.where(e < 0, low, high) / np.maximum(np.abs(e), _DELTA))
    return level, tilt


def _bill(line, days):
    """Return what each van's loads cost a day."""
    degrees, demand = days
    e = line[0] + line[1] * degrees - demand
    return np.mean(np.where(e < 0, -_LOW * e, _HIGH * e), axis=1)


def compute():
    """Return the bills and the wrong bills that people get, by name."""
    new, slipped, bills = _stacked(1000, 2000, False), _stacked(1000, 2000, True), {}
    for records, typing_errors in (("typed", True), ("clean", False)):
        x, y = days = _stacked(0, 200, typing_errors)
        level, tilt = _line(x, y, np.ones_like(y))
        rest = y - level - tilt * x
        ours = _priced(x, y, _LOW, _HIGH)
        shift = np.quantile(rest, 3 / 4, axis=1)[:, None]
        lines = {"mse": (level, tilt), "mse_shifted": (level + shift, tilt), "ours": ours}
        for name, line in lines.items():
            bills[f"{records}_{name}"] = _bill(line, new)
            bills[f"{records}_{name}_own"] = _bill(line, days)
            bills[f"{records}_{name}_slipped"] = _bill(line, slipped)
        turned = np.quantile(rest, 1 / 4, axis=1)[:, None]
        bills[f"{records}_mse_turned"] = _bill((level + turned, tilt), new)
        bills[f"{records}_ours_turned"] = _bill(_priced(x, y, _HIGH, _LOW), new)
    return bills


BILLS = compute()
MEANS = {name: float(values.mean()) for name, values in BILLS.items()}


def saved(records):
    """Return the saving of each van against the shifted line."""
    return BILLS[f"{records}_mse_shifted"] - BILLS[f"{records}_ours"]


def standard_error(values):
    """Return the standard error of a mean over the vans."""
    return float(values.std(ddof=1) / _VANS**0.5)
