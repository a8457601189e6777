"""Part 6: the newest versions that pyproject.toml allows, in an environment of their own.

It only reports: what others release is no fault of the book. The environment sees the packages of
.venv and puts newer ones in front of them, so that nothing is downloaded twice. Without ALL=1 a
sample of the notebooks runs there.
"""

import random
import re
import subprocess
import sys
import sysconfig
import tomllib
from pathlib import Path

from tools.prove import scratch
from tools.prove.notebooks import COMMAND, failed_cells
from tools.prove.record import ROOT, Outcome

FOLDER = ROOT / ".venv-newest"
SAMPLE = 4  # notebooks
VERSIONS = """\
import sys
from importlib.metadata import version
print(*(f"{name}=={version(name)}" for name in sys.argv[1:]))
"""


def wanted(root=ROOT):
    """Return the requirements of lossutils and of the notebooks, with their ranges."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return project["dependencies"] + project["optional-dependencies"]["notebooks"]


def set_up():
    """Make or bring up to date the environment; return its Python, or None with the reason."""
    python = FOLDER / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", FOLDER], check=True)
    own = subprocess.run([python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
                         capture_output=True, text=True, check=True).stdout.strip()  # fmt: skip
    (Path(own) / "course.pth").write_text(sysconfig.get_path("purelib") + "\n")
    command = [python, "-m", "pip", "install", "--quiet", "--upgrade", "--upgrade-strategy",
               "only-if-needed", "--disable-pip-version-check", *wanted()]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return (python, "") if done.returncode == 0 else (None, done.stderr.strip()[-400:])


def versions(python):
    """Return the versions that a Python has of the packages in question."""
    names = [re.split(r"[<>=!~ ]", requirement)[0] for requirement in wanted()]
    done = subprocess.run([python, "-c", VERSIONS, *names],
                          capture_output=True, text=True, check=True)  # fmt: skip
    return done.stdout.split()


def run(python, root, *arguments):
    """Run pytest in a copy of the book with that Python."""
    command = [python, "-m", "pytest", *scratch.plugins(arguments), *arguments]
    return subprocess.run(command, cwd=root, env=scratch.environment(root), text=True,
                          capture_output=True, check=False)  # fmt: skip


def report(tests, cells, books):
    """Return, as notes, how the tests ended, and which cells of which notebooks differ."""
    different = failed_cells(cells)
    names = ", ".join(Path(book).stem for book in books)
    where = ", ".join(f"{name} cell {cell}" for name, cell in sorted(different)) or "none"
    return [
        f"tests of lossutils: {tests.strip().splitlines()[-1]}",
        f"notebooks ({names}): {cells.strip().splitlines()[-1]}",
        f"cells with another output: {where}",
    ]


def prove(everything, seed):
    """Run lossutils' tests and notebooks with the newest versions; say what changes."""
    found = Outcome("newest", complete=everything)
    python, reason = set_up()
    if python is None:
        found.notes.append(f"not tried, the newest versions could not be installed: {reason}")
        return found
    newer = sorted(set(versions(python)) - set(versions(sys.executable)))
    found.notes.append(f"newer than in requirements.txt: {', '.join(newer) or 'nothing'}")
    if not newer:
        return found
    with scratch.copy() as root:
        tests = run(python, root, "-q", "-n", "2", "tests/lossutils_tests")
        books = sorted(str(path.relative_to(root)) for path in root.glob("book/*.ipynb"))
        if not everything:
            books = sorted(random.Random(seed).sample(books, SAMPLE))
        cells = run(python, root, *COMMAND, *books)
    found.notes += report(tests.stdout, cells.stdout, books)
    return found
