"""Right and wrong answers for chapter 5's exercises on costs and on a softmax too many."""

import numpy as np

import lossutils as lu
from lossutils.exercises.model import Probe

_PRICES = {
    "hand-size": [[0.0, 1.0, 1.0], [5.0, 0.0, 2.0], [20.0, 10.0, 0.0]],
    "0-1 costs": [[0.0, 1.0, 1.0], [1.0, 0.0, 1.0], [1.0, 1.0, 0.0]],
    "two classes": [[0.0, 1.0], [9.0, 0.0]],
}


def _bills():
    rng = np.random.default_rng(51)
    found = [
        ("a single sample", [[0.9, 0.04, 0.06]], "hand-size"),
        ("hand-size", [[0.9, 0.06, 0.04], [0.6, 0.3, 0.1], [0.98, 0.01, 0.01]], "hand-size"),
        ("0-1 costs", [[0.2, 0.5, 0.3], [0.4, 0.25, 0.35]], "0-1 costs"),
        ("two classes", [[0.8, 0.2], [0.95, 0.05], [0.3, 0.7]], "two classes"),
    ]
    probes = [(kind, np.array(p), np.array(_PRICES[name])) for kind, p, name in found]
    for n, classes in ((6, 3), (8, 4), (12, 3)):
        cost = rng.uniform(0, 10, size=(classes, classes)) * (1 - np.eye(classes))
        probes.append(("random", rng.dirichlet(np.ones(classes), size=n), cost))
    return tuple(Probe(kind, {"p": p, "cost": cost}) for kind, p, cost in probes)


BILL_PROBES = _bills()


def cheapest(p, cost):
    """Return the right answers."""
    return (p @ cost).argmin(axis=1)


def likeliest(p, cost):
    """Ignore the costs."""
    return p.argmax(axis=1)


def cheapest_transposed(p, cost):
    """Read the table with its axes swapped."""
    return (p @ cost.T).argmin(axis=1)


def dearest(p, cost):
    """Take the most expensive answer."""
    return (p @ cost).argmax(axis=1)


def bills(p, cost):
    """Return the cost and not the class."""
    return (p @ cost).min(axis=1)


def weighed(p, cost):
    """Weight each probability by what a miss of its class costs in all."""
    return (p * cost.sum(axis=1)).argmax(axis=1)


def counted_from_one(p, cost):
    """Count the classes from one."""
    return cheapest(p, cost) + 1


def weighed_by_dearest(p, cost):
    """Weight each probability by the dearest miss of its class."""
    return (p * cost.max(axis=1)).argmax(axis=1)


def steps_to(push, goal=0.9):
    """Return how many steps of size one it takes until the true class has reached the goal."""
    z, steps = np.array([0.0, 3.0, 0.0]), 0
    while lu.softmax(z)[0] < goal:
        z, steps = z - push(z), steps + 1
    return steps


def push_once(z):
    """Return the gradient of the loss from logits."""
    return lu.softmax(z) - np.eye(3)[0]


def push_twice(z):
    """Return the gradient with one softmax too many."""
    p = lu.softmax(z)
    return (np.diag(p) - np.outer(p, p)) @ push_once(p)


def push_without_jacobian(z):
    """Leave out the chain rule through the first softmax."""
    return push_once(lu.softmax(z))
