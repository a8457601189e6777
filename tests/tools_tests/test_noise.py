"""The noise of the perturbed run: on every float that is drawn, of the right size, repeatable."""

import copy
import json
import runpy
import subprocess
import sys

import nbformat
import numpy as np
import pytest
from nbformat import v4

from tools import nbval_plugin, noise
from tools.refresh import execute, normalize

from .test_prove import ROOT

# Draws of every kind, in a process of their own: the noise replaces NumPy's own functions.
DRAW = """
import json, runpy, sys
if sys.argv[1:]:
    runpy.run_path("tools/noise.py")["install"](*map(int, sys.argv[1:]))
import numpy as np, torch
def g(seed=0): return np.random.default_rng(seed)
def t(seed=0): return torch.Generator().manual_seed(seed)
torch.manual_seed(5); np.random.seed(5)
found = {
    "scalar": g().normal(), "array": g().uniform(1, 2, (50, 2)), "two at once": g(1).random(2),
    "one by one": [x.random() for x in [g(1)] for _ in range(2)],
    "single": g().random(9, dtype=np.float32), "into": g().standard_normal(out=np.empty(4)),
    "dirichlet": g().dirichlet([1, 2, 3]), "spawned": g().spawn(2)[1].gamma(2.0, size=5),
    "class": np.random.Generator(np.random.PCG64(3)).laplace(size=3),
    "legacy": np.random.rand(3), "RandomState": np.random.RandomState(3).randn(4),
    "torch": torch.randn(40, generator=t(), dtype=torch.float64),
    "torch single": torch.rand(40, generator=t()),
    "torch in place": torch.empty(6, dtype=torch.float64).uniform_(1, 3, generator=t()),
    "torch default": torch.rand(5, dtype=torch.float64), "weights": torch.nn.Linear(3, 2).weight,
    "initialized": torch.nn.init.xavier_normal_(
        torch.empty(3, 2, dtype=torch.float64), generator=t()),
    "together": g().multivariate_normal([1, 2], [[2, 1], [1, 2]], 3, method="cholesky"),
    "counts": g().poisson(3.0, 5), "integers": g().integers(9, size=5),
    "order": g().permutation(6), "chosen": g().choice([0.5, 1.5], 4), "flags": torch.bernoulli(
        torch.full((5,), 0.5), generator=t()), "torch order": torch.randperm(5, generator=t()),
}
print(json.dumps({k: torch.as_tensor(np.asarray(v.detach() if torch.is_tensor(v) else v)).tolist()
                  for k, v in found.items()}))
"""
UNDISTURBED = ("counts", "integers", "order", "chosen", "flags", "torch order")
SINGLE = ("single", "torch single", "weights")


def drawn(*arguments):
    done = subprocess.run([sys.executable, "-c", DRAW, *map(str, arguments)], cwd=ROOT,
                          capture_output=True, text=True, check=False)  # fmt: skip
    assert done.returncode == 0, done.stderr
    return {name: np.array(values) for name, values in json.loads(done.stdout).items()}


@pytest.fixture(scope="module")
def runs():
    return {seed: drawn(*seed) for seed in [(), (1,), (2,), (1, 5)]}


def test_every_float_changes_by_the_size_of_the_noise(runs):
    for name, plain in runs[()].items():
        if name in UNDISTURBED:
            continue
        relative = np.abs(runs[1,][name] / plain - 1)
        wanted = 4 * 2.0**-23 if name in SINGLE else 2.0**10 * 2.0**-52
        # Rounded to its own dtype, a float moves by a step more or less.
        least, most = (0.7, 1.3) if name in SINGLE else (0.99, 1.01)
        assert np.all(relative > least * wanted), (name, relative / wanted)
        assert np.all(relative < most * wanted), (name, relative / wanted)


def test_what_is_no_drawn_float_stays(runs):
    for name in UNDISTURBED:
        assert np.array_equal(runs[()][name], runs[1,][name]), name


def test_both_signs_occur_and_another_noise_seed_has_others(runs):
    for name in ("array", "torch", "torch single"):
        signs = [np.sign(runs[seed,][name] / runs[()][name] - 1) for seed in (1, 2)]
        assert 0.2 < (signs[0] > 0).mean() < 0.8
        assert not np.array_equal(*signs)


def test_one_seed_twice_is_one_number_twice(runs):
    assert np.array_equal(runs[1,]["two at once"], runs[1,]["one by one"])
    again = drawn(1)
    for name, values in runs[1,].items():
        assert np.array_equal(values, again[name]), name


def test_more_noise_is_more(runs):
    plain = runs[()]["array"]
    ratio = (runs[1, 5]["array"] / plain - 1) / (runs[1,]["array"] / plain - 1)
    assert np.allclose(ratio, 32, rtol=0.01)


def test_the_sign_depends_on_the_seed_of_the_generator():
    some, bits = noise.Noise(1), np.arange(1000, dtype=np.uint64)
    assert not np.array_equal(some.signs(bits, "seed 0"), some.signs(bits, "seed 1"))
    assert np.array_equal(some.signs(bits, "seed 0"), some.signs(bits, "seed 0"))


def test_a_probability_stays_one():
    near = np.nextafter(np.ones(200), 0)
    assert np.all(noise.Noise(1).array(near, "a") < 1)
    assert np.all(noise.Noise(1).array(-near, "a") > -1)


def test_a_copied_generator_goes_on_with_the_same_noise():
    generator = noise.disturbed_class(noise.Noise(1), np.random.Generator, noise.FLOATS)
    first = generator(np.random.PCG64(4))
    second = copy.deepcopy(first)
    assert np.array_equal(first.normal(size=5), second.normal(size=5))
    assert type(second) is generator
    plain = np.random.default_rng(4).normal(size=5)
    assert not np.any(plain == generator(np.random.PCG64(4)).normal(size=5))


# --- the plugin ----------------------------------------------------------------------------------

CHAOS = """\
rng = np.random.default_rng(2)
x = rng.random()
for _ in range(60):
    x = 3.99 * x * (1 - x)
print(f"{x:.2f}")"""


def notebook(folder, *sources):
    """Write a notebook and run it, as `make refresh` does; return its path."""
    cells = [
        v4.new_markdown_cell(source) if source.startswith("#") else v4.new_code_cell(source)
        for source in sources
    ]
    path = folder / "01_made.ipynb"
    nbformat.write(v4.new_notebook(cells=cells), path)
    nbformat.write(normalize(execute(path)), path)
    return path


def nbval(path, *options):
    done = subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "-q", "--color=no", "-p", "no:cacheprovider"),
            *("-p", "tools.nbval_plugin", "--nbval", "--nbval-current-env", "-W", "default"),
            *options,
            str(path),
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


@pytest.fixture(scope="module")
def chaotic(tmp_path_factory):
    # A fresh folder: nothing of the book is looked at.
    return notebook(tmp_path_factory.mktemp("book"), "import numpy as np", "# Before", CHAOS,
                    "# The number is chaos. It says nothing.")  # fmt: skip


def test_a_chaotic_run_is_green_by_itself_and_red_with_noise(chaotic):
    assert nbval(chaotic)[0] == 0
    code, said = nbval(chaotic, "--noise", "3")
    assert code == 1
    assert "more seeds, a smaller step, a shorter run; or say less" in said
    assert "01_made.ipynb, after the cell: # The number is chaos." in said


def test_what_differs_is_written_down(chaotic, tmp_path):
    target = tmp_path / "differing.jsonl"
    nbval(chaotic, "--noise", "3", "--differing", str(target))
    (line,) = map(json.loads, target.read_text(encoding="utf-8").splitlines())
    assert (line["notebook"], line["cell"]) == ("01_made.ipynb", 1)
    assert line["begins"] == "rng = np.random.default_rng(2)"
    assert " -> " in line["changes"][0]


def test_a_start_up_file_that_fails_is_no_quiet_success(chaotic, monkeypatch, tmp_path):
    broken = tmp_path / "noise.py"
    broken.write_text("raise OSError('no noise today')", encoding="utf-8")
    code = f"from tools import nbval_plugin\nnbval_plugin.NOISE = {str(broken)!r}\n"
    (tmp_path / "broken_noise.py").write_text(code, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    code, said = nbval(chaotic, "-p", "broken_noise", "--noise", "3")
    assert code != 0
    assert "the kernel makes no noise" in said


def test_a_figure_that_moved_is_red_and_one_that_nobody_sees_moving_is_green(tmp_path):
    # A row with a value stands before the figure: stored values go to the end, and still it is
    # the figure that is compared with the figure.
    draw = ("import matplotlib.pyplot as plt\nfrom lossutils.course import show, use_course_style\n"
            "use_course_style()",
            "show('a', 1, name='a')\n_ = plt.plot([0, 1, 2], [0, 1, 4])\nplt.show()")  # fmt: skip
    path = notebook(tmp_path, *draw)
    text = path.read_text(encoding="utf-8")
    curve = next(m for m in nbval_plugin.re.finditer(r"L (\d+\.\d\d) \d", text))
    for shift, result in ((0.01, 0), (0.02, 1)):
        moved = f"L {float(curve[1]) + shift:.2f}{curve[0][2 + len(curve[1]) :]}"
        path.write_text(text.replace(curve[0], moved), encoding="utf-8")
        code, said = nbval(path)
        assert code == result, said
    assert "0.02 point" in said


def test_the_sentences_that_quote_a_value_are_named(tmp_path):
    page = tmp_path / "02_other.md"
    page.write_text("All is well. It costs 5<!--v made.cost:.0f--> here. Done.", encoding="utf-8")
    (tmp_path / "slides").mkdir()
    deck = tmp_path / "slides" / "01_made.md"
    deck.write_text("## A slide\n\nIt costs {{cost:.0f}}. Yes.", encoding="utf-8")
    own = tmp_path / "01_made.ipynb"
    own.write_text(json.dumps({"cells": [{"cell_type": "markdown", "source": [
        "One. We pay **5**<!--v cost:.0f--> each. Two."]}]}), encoding="utf-8")  # fmt: skip
    found = nbval_plugin.resting_on(own, [], None, ["cost: 5 -> 6"])
    assert found == [
        "01_made.ipynb: We pay 5 each.",
        "02_other.md: It costs 5 here.",
        "01_made.md: It costs {{cost:.0f}}.",
    ]


def test_the_noise_is_a_file_that_a_kernel_can_run_by_itself():
    assert callable(runpy.run_path(str(nbval_plugin.NOISE))["install"])
