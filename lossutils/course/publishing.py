"""Give a computed value a name, so that prose and slides can show it.

A notebook computes a number; the sentence beside it needs the same number. ``show`` prints a row
and stores its value under a name, in the notebook's own outputs; ``publish`` only stores. The
record has the form that MyST-NB's ``glue`` uses. `tools/prose.py` reads it and fills in, or checks,
the numbers in the prose.
"""

import math
from numbers import Integral, Real

from IPython.display import display

_RECORD = "application/papermill.record/text/plain"


def show(label, value=None, spec=".4f", *, name=None, width=None, keep=None, decimals=4):
    """Print a row, and store what a sentence needs of it.

    Parameters
    ----------
    label : str
        What the row is about; or, without a `value`, the whole row.
    value : int, float, str or NumPy scalar, optional
        Printed behind the label.
    spec : str, default ".4f"
        How it is printed, as in an f-string.
    name : str, optional
        Under which the value is stored.
    width : int, optional
        The label takes at least so many characters, so that rows stand below each other; a space
        more than the label has, by default.
    keep : dict, optional
        More values to store, by name: those of a row that has several.
    decimals : int, default 4
        Decimals of what is stored, as in `publish`.

    Raises
    ------
    TypeError
        If `label` is not a string, or `name` is given without a value.
    ValueError
        As in `publish`.

    Examples
    --------
    >>> from lossutils.course import show
    >>> show("MSE", 0.05)
    MSE 0.0500
    >>> show("share of the outlier", 0.953, ".0%", width=23)
    share of the outlier   95%
    """
    if not isinstance(label, str):
        raise TypeError(f"label must be a string; got {type(label).__name__}")
    if name is not None and value is None:
        raise TypeError(f"value must be given, to be stored as {name!r}; got None")
    values = ({name: value} if name is not None else {}) | (keep or {})
    print(label if value is None else f"{label:{width or len(label) + 1}}{value:{spec}}")
    if values:
        publish(decimals=decimals, **values)


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
    >>> from lossutils.course import publish
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
