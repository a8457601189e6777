"""Time and memory of lossutils (loss + gradient) beside torch.nn.functional (forward + backward).

Prints one table and asserts nothing. One thread each; times are the best of several runs,
taken in turn, so that the ratio says more than either figure.

    python bench/lossutils_vs_torch.py [--quick]
"""

import argparse
import os
import subprocess
import sys
import time
import tracemalloc

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"  # before NumPy and torch are imported, or it has no effect

import numpy as np  # noqa: E402
import torch  # noqa: E402
import torch.nn.functional as F  # noqa: E402

import lossutils as lu  # noqa: E402

torch.set_num_threads(1)
CLASSES = 100


def flat(rng, n, dtype):
    """Return targets and predictions for a regression."""
    return rng.normal(size=n).astype(dtype), rng.normal(size=n).astype(dtype)


def probabilities(rng, n, dtype):
    y, p = rng.integers(0, 2, n).astype(dtype), rng.uniform(0.01, 0.99, n).astype(dtype)
    return y, p


def logits(rng, n, dtype):
    return rng.integers(0, 2, n).astype(dtype), rng.normal(size=n).astype(dtype)


def labels(rng, n, dtype):
    rows = n // CLASSES
    return rng.integers(0, CLASSES, rows), rng.normal(size=(rows, CLASSES)).astype(dtype)


def label_probabilities(rng, n, dtype):
    y, z = labels(rng, n, dtype)
    return y, lu.softmax(z)


def one_hot(rng, n, dtype):
    y, z = labels(rng, n, dtype)
    return np.eye(CLASSES, dtype=dtype)[y], z


def two_distributions(rng, n, dtype):
    return tuple(lu.softmax(labels(rng, n, dtype)[1]) for _ in range(2))


def signs(rng, n, dtype):
    return (2 * rng.integers(0, 2, n) - 1).astype(dtype), rng.normal(size=n).astype(dtype)


def embeddings(rng, n, dtype):
    return tuple(labels(rng, n, dtype)[1] for _ in range(3))


def kl(p, q):
    return F.kl_div(q.log(), p, reduction="batchmean")


# Name, data, and the function in torch of the same arguments.
CASES = [
    ("mse_loss", flat, lambda y, x: F.mse_loss(x, y)),
    ("mae_loss", flat, lambda y, x: F.l1_loss(x, y)),
    ("huber_loss", flat, lambda y, x: F.huber_loss(x, y)),
    ("binary_cross_entropy", probabilities, lambda y, x: F.binary_cross_entropy(x, y)),
    (
        "binary_cross_entropy_with_logits",
        logits,
        lambda y, x: F.binary_cross_entropy_with_logits(x, y),
    ),
    (
        "sparse_categorical_cross_entropy_with_logits",
        labels,
        lambda y, x: F.cross_entropy(x, y),
    ),
    (
        "categorical_cross_entropy_with_logits",
        one_hot,
        lambda y, x: F.cross_entropy(x, y),
    ),
    (
        "sparse_categorical_cross_entropy",
        label_probabilities,
        lambda y, p: F.nll_loss(p.log(), y),
    ),
    ("kl_divergence", two_distributions, kl),
    # torch has no hinge loss of signs and scores; the ranking loss against 0 is one.
    ("hinge_loss", signs, lambda y, x: F.margin_ranking_loss(x, torch.zeros_like(x), y, margin=1)),
    ("triplet_loss", embeddings, lambda a, p, n: F.triplet_margin_loss(a, p, n, eps=0)),
]


def run_numpy(name, data):
    getattr(lu, name)(*data)
    getattr(lu, f"{name}_grad")(*data)


def run_torch(function, tensors):
    for tensor in tensors:
        tensor.grad = None
    function(*tensors).backward()


def seconds(*calls, budget):
    """Return the best time of each call; the calls take turns until the budget is spent."""
    best, spent, rounds = [float("inf")] * len(calls), 0.0, 0
    while rounds < 3 or (spent < budget and rounds < 2000):
        for i, call in enumerate(calls):
            start = time.perf_counter()
            call()
            elapsed = time.perf_counter() - start
            best[i], spent = min(best[i], elapsed), spent + elapsed
        rounds += 1
    return best


def peak_arrays(name, data):
    """Return the most memory alive at once, inputs included, over the size of one input."""
    tracemalloc.start()
    run_numpy(name, data)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return (peak + sum(a.nbytes for a in data)) / data[-1].nbytes


def import_milliseconds():
    """Return how long lossutils takes to import once NumPy is there, best of five."""
    code = (
        "import numpy, time; t = time.perf_counter(); import lossutils; "
        "print(time.perf_counter() - t)"
    )
    runs = [
        subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
        for _ in range(5)
    ]
    return 1e3 * min(float(run.stdout) for run in runs)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="sizes to 1e6, in under a minute")
    parser.add_argument("--only", default="", help="only losses whose name contains this")
    options = parser.parse_args()
    sizes = [10**3, 10**5, 10**6] if options.quick else [10**3, 10**5, 10**7]
    budget = 0.1 if options.quick else 0.6

    print(f"import lossutils, beyond NumPy: {import_milliseconds():.0f} ms")
    print(f"NumPy {np.__version__}, torch {torch.__version__}, one thread each")
    print("n counts elements; class losses have rows of 100. ms: loss + gradient, best run.")
    print("arrays: peak memory, inputs included, in arrays of the prediction's size\n")
    print(
        f"{'loss':<45}{'dtype':<9}{'n':>6}{'lossutils':>11}{'torch':>11}{'ratio':>7}{'arrays':>8}"
    )
    for name, sample, function in CASES:
        if options.only not in name:
            continue
        for dtype in (np.float32, np.float64):
            for n in sizes:
                data = sample(np.random.default_rng(0), n, dtype)
                tensors = [torch.from_numpy(a) for a in data]
                predictions = tensors if sample is embeddings else tensors[-1:]
                for tensor in predictions:
                    tensor.requires_grad_(True)
                ours, theirs = seconds(
                    lambda d=data, f=name: run_numpy(f, d),
                    lambda t=tensors, f=function: run_torch(f, t),
                    budget=budget,
                )
                print(
                    f"{name:<45}{np.dtype(dtype).name:<9}{n:>6.0e}{1e3 * ours:>11.3f}"
                    f"{1e3 * theirs:>11.3f}{ours / theirs:>7.2f}{peak_arrays(name, data):>8.1f}",
                    flush=True,
                )


if __name__ == "__main__":
    main()
