"""What the package promises as a whole: names, signatures, docstrings, imports."""

import ast
import inspect
import re
import subprocess
import sys
from pathlib import Path

import pytest
from numpydoc.docscrape import FunctionDoc
from numpydoc.validate import validate

import lossutils

from .cases import CASES, HELPERS, STABLE, label

PACKAGE = Path(lossutils.__file__).parent
FILES = sorted(PACKAGE.rglob("*.py"))
LOSSES = [case.name for case in CASES]
GRADIENTS = [f"{name}_grad" for name in LOSSES]
STABLE_NAMES = [case.name for case in STABLE]


def function(name):
    return getattr(lossutils, name)


def test_every_public_name_has_a_case():
    tested = {*LOSSES, *GRADIENTS, *STABLE_NAMES, *HELPERS}
    assert set(lossutils.__all__) == tested
    assert len(lossutils.__all__) == len(tested)


def test_every_helper_has_its_test_module():
    for name, module in HELPERS.items():
        assert name in (Path(__file__).parent / module).read_text(encoding="utf-8")


def names_taken(path):
    """Yield (module, name) for each name that a file takes from another module of the package."""
    modules, tree = {}, ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            modules |= {a.asname or a.name: a.name for a in node.names if a.name == "lossutils"}
        elif isinstance(node, ast.ImportFrom) and f"{node.module}.".startswith("lossutils."):
            folder = PACKAGE.parent.joinpath(*node.module.split("."))
            for alias in node.names:
                if (folder / f"{alias.name}.py").exists():
                    modules[alias.asname or alias.name] = f"{node.module}.{alias.name}"
                else:
                    yield node.module, alias.name
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and getattr(node.value, "id", None) in modules:
            yield modules[node.value.id], node.attr


@pytest.mark.parametrize(
    "path", FILES, ids=[path.relative_to(PACKAGE).as_posix() for path in FILES]
)
def test_no_module_takes_a_private_name_of_another(path):
    private = [f"{module}.{name}" for module, name in names_taken(path) if name.startswith("_")]
    assert not private, f"{path.name} takes {private}: give what modules share a public name"


def test_every_public_function_of_a_module_is_exported_or_shared():
    """A loss that a module defines but `__init__` forgets would never be tested."""
    modules = {sys.modules[function(name).__module__] for name in lossutils.__all__}
    defined = {
        (module.__name__, name)
        for module in modules
        for name, value in vars(module).items()
        if inspect.isfunction(value) and value.__module__ == module.__name__
    }
    shared = {pair for path in FILES if path.name != "__init__.py" for pair in names_taken(path)}
    public = {(module, name) for module, name in defined - shared if not name.startswith("_")}
    assert {name for _, name in public} <= set(lossutils.__all__)


@pytest.mark.parametrize("case", CASES, ids=label)
def test_signature(case):
    separator = ", " if "*" in case.signature else ", *, "
    expected = f"({case.signature}{separator}reduction='mean')"
    assert str(inspect.signature(case.loss)) == expected
    assert str(inspect.signature(case.grad)) == expected


@pytest.mark.parametrize("case", STABLE, ids=lambda case: case.name)
def test_signature_of_stable_functions(case):
    data = ", ".join(["x", "y"][: case.arguments])
    expected = f"({data}, *, axis=-1)" if case.has_axis else f"({data})"
    assert str(inspect.signature(case.function)) == expected


# --- docstrings ---

# GL08 no docstring, GL03 double blank lines, SS the summary, PR01-PR03 and PR10 the parameters as
# in the signature, RT01 and RT03 what is returned, YD01 what is yielded, EX01 an example.
CODES = {
    "GL03", "GL08", "SS01", "SS02", "SS03", "SS04", "SS05", "SS06",
    "PR01", "PR02", "PR03", "PR05", "PR07", "PR10", "RT01", "RT03", "YD01", "EX01",
}  # fmt: skip


@pytest.mark.parametrize("name", lossutils.__all__)
def test_docstring_is_complete(name):
    errors = validate(f"lossutils.{name}")["errors"]
    # The parameters of a gradient are those of its loss (`test_signature`), and explained there.
    codes = CODES - {"PR01"} if name in GRADIENTS else CODES
    assert [error for error in errors if error[0] in codes] == []


@pytest.mark.parametrize("name", LOSSES)
def test_docstring_of_a_loss_has_its_sections(name):
    doc = FunctionDoc(function(name))
    for section in ("Raises", "Notes", "References", "Examples"):
        assert doc[section], f"{name} has no {section}"
    assert "math::" in "\n".join(doc["Notes"])
    references = "\n".join(doc["References"])
    assert references.startswith(".. [1] ")
    assert re.search(r"\b(1[89]|20)\d\d\b", references), "a year is missing"


@pytest.mark.parametrize("name", LOSSES)
def test_docstring_of_a_gradient_says_what_is_its_own(name):
    doc = FunctionDoc(function(f"{name}_grad"))
    assert doc["Extended Summary"] == [f"Takes and raises what `{name}` does."]
    assert "math:" in "\n".join(doc["Notes"]), "a formula is missing"
    for section in ("Parameters", "Raises", "References"):
        assert not doc[section], f"{section} are those of the loss: say them there"


@pytest.mark.parametrize("name", sorted(set(lossutils.__all__) - {*LOSSES, *GRADIENTS}))
def test_docstring_of_another_function_says_what_it_raises(name):
    assert FunctionDoc(function(name))["Raises"]


# --- the package ---


def test_import_brings_in_numpy_only():
    code = "import sys, lossutils; print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    imported = {name.partition(".")[0] for name in run.stdout.split()}
    assert {"lossutils", "numpy"} <= imported
    assert not imported & {"matplotlib", "torch", "scipy", "IPython", "pandas"}


def test_import_changes_no_setting_and_draws_no_random_number():
    code = (
        "import numpy as np; before = np.geterr(), np.random.get_state()[1].tolist();"
        "import lossutils; lossutils.softplus(1e300);"
        "assert before == (np.geterr(), np.random.get_state()[1].tolist()); print('same')"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout == "same\n"
