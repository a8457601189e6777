"""A copy of the book to break, and processes in it."""

import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

from tools.book import ROOT

# How `make check-notebooks` calls pytest.
COMMAND = (
    *("-q", "-n", "2", "--dist", "loadfile", "-p", "tools.nbval_plugin"),
    *("--nbval", "--nbval-current-env", "-W", "default"),
)
LINKED = (".venv", "site/node_modules")
# Two workers with two threads each share two cores: a thread with nothing to do must sleep.
WAITING = {"OMP_WAIT_POLICY": "passive", "OPENBLAS_THREAD_TIMEOUT": "4"}
LEFT_OUT = ("_build", ".git", "node_modules", ".venv*", "__pycache__", ".*_cache", ".hypothesis")


@contextmanager
def copy(*, with_site=False):
    """Make a copy of the repository that lives as long as the block."""
    with tempfile.TemporaryDirectory(prefix="prove-") as folder:
        root = Path(folder) / "book"
        shutil.copytree(ROOT, root, ignore=shutil.ignore_patterns(*LEFT_OUT), symlinks=True)
        for name in LINKED:
            (root / name).unlink(missing_ok=True)
            (root / name).symlink_to((ROOT / name).resolve())
        if with_site:
            shutil.copytree(ROOT / "_build" / "html", root / "_build" / "html")
        yield root


@contextmanager
def kept(root, *names):
    """Put files back as they were after the block; those that did not exist are removed."""
    before = {n: (root / n).read_bytes() if (root / n).exists() else None for n in names}
    try:
        yield
    finally:
        for name, data in before.items():
            if data is None:
                (root / name).unlink(missing_ok=True)
            else:
                (root / name).write_bytes(data)


def environment(root, **settings):
    """Return the environment of a process that must use the copy's own code."""
    # With a backend of its own Matplotlib would show no figure in a notebook.
    foreign = ("PYTEST_", "MAKE", "MPLBACKEND")
    clean = {k: v for k, v in os.environ.items() if not k.startswith(foreign)}
    return {
        **clean,
        "PYTHONPATH": str(root),
        "PYTHONDONTWRITEBYTECODE": "1",
        "OMP_NUM_THREADS": "1",
        **WAITING,
        **settings,
    }


def python(root, *arguments, timeout=1800, **settings):
    """Run Python in the copy; return the finished process with its output as text."""
    return subprocess.run(
        [sys.executable, *map(str, arguments)],
        cwd=root,
        env=environment(root, **settings),
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )


def pytest(root, *arguments, **settings):
    """Run pytest in the copy."""
    return python(root, "-m", "pytest", *plugins(arguments), *arguments, **settings)


def plugins(arguments):
    """Return the options that leave plugins out: importing nbval takes seconds."""
    return "-p", "no:cacheprovider", *(() if "--nbval" in arguments else ("-p", "no:nbval"))
