"""Give a computed value a name, so that prose and slides can show it.

A notebook computes a number; the sentence beside it needs the same number. ``publish`` stores
the value, under its name, in the notebook's own outputs. The record has the form that MyST-NB's
``glue`` uses. `tools/prose.py` reads it and fills in, or checks, the numbers in the prose.
"""

import math
from numbers import Integral, Real

from IPython.display import display

_RECORD = "application/papermill.record/text/plain"


def publish(*, decimals=4, **values):
    """Store named values in the output of the running cell.

    Parameters
    ----------
    decimals : int, default 4
        Floats are rounded to this many decimals before they are stored: what is compared on
        every rebuild must be what is meaningful on every machine. At most 10.
    **values : int, float, str or NumPy scalar
        The values by name. A number too small for `decimals` is published as text:
        ``publish(tiny=f"{x:.1e}")``.

    Raises
    ------
    TypeError
        If no value is given, or one is not a number or a string.
    ValueError
        If a float is NaN or infinite (publish it as text), or `decimals` is out of range.

    Examples
    --------
    >>> from lossutils.publish import publish
    >>> publish(outlier_share=95.2381, n_samples=5)  # doctest: +SKIP
    """
    if isinstance(decimals, bool) or not isinstance(decimals, Integral) or not 0 <= decimals <= 10:
        raise ValueError(f"decimals must be an integer from 0 to 10; got {decimals!r}")
    if not values:
        raise TypeError("publish needs at least one name=value; got none")
    for name, value in values.items():
        stored = _storable(name, value, int(decimals))
        display(
            {_RECORD: repr(stored)},
            raw=True,
            metadata={"scrapbook": {"name": name, "mime_prefix": "application/papermill.record/"}},
        )


def _storable(name, value, decimals):
    if isinstance(value, str):
        return str(value)  # a NumPy string would be stored with NumPy's name around it
    if isinstance(value, Integral) and not isinstance(value, bool):
        return int(value)
    if isinstance(value, Real) and not isinstance(value, bool):
        number = float(value)
        if not math.isfinite(number):
            raise ValueError(f"{name} must be finite, or published as text; got {number}")
        return round(number, decimals) + 0.0  # + 0.0 turns -0.0 into 0.0
    raise TypeError(f"{name} must be a number or a string; got {type(value).__name__}")
