"""Exercises that answer back: ``check`` an answer, ask for a ``hint``, see your ``progress``.

The exercises are data, one module a chapter. A check prints what is right or what is wrong; it
never prints the solution.

Examples
--------
>>> from lossutils.exercises import check
>>> check("3.1", 17, 5 / 3)
3.1 not yet: the MSE. That is the sum of the squares. The M says mean:
divide by n.
>>> check("3.1", 17 / 3, 5 / 3)
3.1 passed. Right: the MSE and the MAE.
"""

from lossutils.exercises.session import check, hint, progress

__all__ = ["check", "hint", "progress"]
