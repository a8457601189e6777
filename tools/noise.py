"""Disturb the last bits of every float that a NumPy or PyTorch generator draws.

A notebook's kernel runs this at its start, so that no notebook has to change:

    runpy.run_path("tools/noise.py")["install"](seed=1)

Each float x becomes x (1 ± s ε), with ε of its dtype, never x itself: what sums in another order,
on another processor, do to a long computation. A printed number that changes with it is the
machine's, not the book's. The sign depends on the noise's seed, on the generator's seed, and on
the position in its stream through the bits of the float that is drawn there. So one seed twice
gives one number twice, whether it is drawn alone or among others, also after the generator was
copied or set back. Floats that hold counts (0, 1, 2, ...) stay, and so do those of 16 bits, whose
one ε is a visible change.
"""

import importlib.abc
import importlib.util
import sys
import zlib
from functools import wraps

import numpy as np

SCALE = 10  # s = 2**10 for float64
SCALE_32 = 2  # and 2**2 for float32
FLOATS = [
    *("beta", "chisquare", "dirichlet", "exponential", "f", "gamma", "gumbel", "laplace"),
    *("logistic", "lognormal", "multivariate_normal", "noncentral_chisquare", "noncentral_f"),
    *("normal", "pareto", "power", "random", "rayleigh", "standard_cauchy"),
    *("standard_exponential", "standard_gamma", "standard_normal", "standard_t", "triangular"),
    *("uniform", "vonmises", "wald", "weibull"),
]
LEGACY = [*FLOATS, "rand", "randn", "random_sample", "ranf", "sample"]
LOADERS = ("load", "loadtxt", "genfromtxt", "fromfile", "fromstring")
TORCH = ("rand", "randn", "rand_like", "randn_like", "normal", "_standard_gamma")
IN_PLACE = ("normal_", "uniform_", "exponential_", "cauchy_", "log_normal_")
# For each dtype: unsigned integers of its size, the exponent of s without more or less noise.
BITS = {"float64": (np.uint64, SCALE), "float32": (np.uint32, SCALE_32)}


class Noise:
    """Noise with a seed of its own; `more` doublings of it."""

    def __init__(self, seed, more=0):
        self.seed, self.more, self.drawing = seed, more, False

    def signs(self, bits, key):
        """Return the sign for each pattern of bits, by the generator's key (splitmix64)."""
        with np.errstate(over="ignore"):
            z = bits.astype(np.uint64) + np.uint64(zlib.crc32(f"{self.seed} {key}".encode()))
            for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
                z = (z ^ (z >> np.uint64(shift))) * np.uint64(factor)
        return np.where(z >> np.uint64(63), 1.0, -1.0)

    def array(self, drawn, key):
        """Return an array with its floats disturbed; other dtypes come back as they are."""
        if drawn.dtype.name not in BITS:
            return drawn
        unsigned, power = BITS[drawn.dtype.name]
        step = drawn.dtype.type(2.0 ** (power + self.more) * np.finfo(drawn.dtype).eps)
        signs = self.signs(np.ascontiguousarray(drawn).view(unsigned), key).astype(drawn.dtype)
        disturbed = drawn + drawn * (step * signs)
        # A probability stays one.
        over = (np.abs(disturbed) >= 1) & (np.abs(drawn) < 1)
        return np.where(over, drawn - drawn * step, disturbed).astype(drawn.dtype)

    def value(self, drawn, key):
        """Return what a NumPy generator gave, disturbed, in the type in which it came."""
        if isinstance(drawn, float):
            return float(self.array(np.array([drawn]), key)[0])
        if isinstance(drawn, np.generic):
            return self.array(np.array([drawn]), key)[0]
        if isinstance(drawn, np.ndarray):
            return self.array(drawn, key) if drawn.size else drawn
        return drawn

    def tensor(self, drawn, key):
        """Disturb a tensor in place, and return it."""
        import torch

        if drawn.dtype not in (torch.float64, torch.float32) or not drawn.numel():
            return drawn
        with torch.no_grad():
            numbers = drawn.detach().cpu().contiguous().numpy()
            drawn.copy_(torch.from_numpy(np.asarray(self.array(numbers, key))))
        return drawn


def generator_key(bit_generator):
    """Return what tells the generators of different seeds apart, also after some draws."""
    sequence = getattr(bit_generator, "seed_seq", None)
    return f"{getattr(sequence, 'entropy', '')} {getattr(sequence, 'spawn_key', '')}"


def disturb_numpy(noise):
    """Put generators with noise in the place of NumPy's, and disturb what is loaded."""
    random, own = np.random, np.random.default_rng
    random.Generator = disturbed_class(noise, random.Generator, FLOATS)
    random.RandomState = disturbed_class(noise, random.RandomState, LEGACY)

    @wraps(own)
    def default_rng(seed=None):
        if isinstance(seed, random.Generator):
            return seed
        return random.Generator(own(seed).bit_generator)

    random.default_rng = default_rng
    # The functions that share one generator for all, seeded with np.random.seed; and the loaders.
    for module, names in ((random, LEGACY), (np, LOADERS)):
        for name in names:
            if hasattr(module, name):
                setattr(module, name, disturbed_function(noise, getattr(module, name), name))


def disturbed_class(noise, plain, names):
    """Return a generator's class whose methods give disturbed floats."""

    class Generator(plain):
        """NumPy's generator; its floats are disturbed."""

        def __reduce__(self):  # of copies too
            state = self.__getstate__() if plain is np.random.RandomState else None
            return type(self), (self._bit_generator,), state

    def with_noise(method):
        @wraps(method)
        def draw(self, *args, **options):
            if noise.drawing:  # some methods draw with another one: disturb once
                return method(self, *args, **options)
            noise.drawing = True
            try:
                given = method(self, *args, **options)
            finally:
                noise.drawing = False
            disturbed = noise.value(given, generator_key(self._bit_generator))
            if options.get("out") is None:
                return disturbed
            given[...] = disturbed
            return given

        return draw

    for name in names:
        if hasattr(plain, name):
            setattr(Generator, name, with_noise(getattr(plain, name)))
    return Generator


def disturbed_function(noise, function, key):
    """Return a function of NumPy whose floats are disturbed."""

    @wraps(function)
    def changed(*args, **options):
        return noise.value(function(*args, **options), key)

    return changed


def disturb_torch(noise, torch):
    """Let PyTorch's functions and methods that draw floats give them disturbed."""

    def key(options):
        generator = options.get("generator")
        return f"torch {generator.initial_seed() if generator else torch.initial_seed()}"

    def with_noise(function):
        @wraps(function)
        def draw(*args, **options):
            return noise.tensor(function(*args, **options), key(options))

        return draw

    for name in TORCH:
        setattr(torch, name, with_noise(getattr(torch, name)))
    for name in IN_PLACE:
        setattr(torch.Tensor, name, with_noise(getattr(torch.Tensor, name)))


class WhenTorchIsImported(importlib.abc.MetaPathFinder):
    """Disturbs PyTorch as soon as a notebook imports it; most of the time it is not wanted."""

    def __init__(self, noise):
        self.noise = noise

    def find_spec(self, name, path=None, target=None):
        """Find PyTorch as others do, and see that it is disturbed after its import."""
        if name != "torch":
            return None
        sys.meta_path.remove(self)
        spec = importlib.util.find_spec(name)
        load = spec.loader.exec_module

        def exec_module(module):
            load(module)
            disturb_torch(self.noise, module)

        spec.loader.exec_module = exec_module
        return spec


def install(seed, more=0):
    """Disturb all generators of this process.

    Parameters
    ----------
    seed : int
        Of the noise: another one, other signs.
    more : int, default 0
        Doublings of the noise: 10 makes s = 2**20 for float64 and 2**12 for float32.
    """
    noise = Noise(seed, more)
    disturb_numpy(noise)
    if "torch" in sys.modules:
        disturb_torch(noise, sys.modules["torch"])
    else:
        sys.meta_path.insert(0, WhenTorchIsImported(noise))
    return noise
