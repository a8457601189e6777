"""Check what hangs on one notebook: outputs, words, figures, exercises, page, workbook, slides.

    python -m tools.check_notebook [book/05_multiclass.ipynb ...]

Without a name: the notebooks that differ from the last commit. The page is built alone, against
what the last build of all pages has kept; `make test` is the judge.
"""

import re
import subprocess
import sys
import time
from pathlib import Path

from tools import build, check_all
from tools.book import BOOK, ROOT, notebooks

CODE = ("tests/book_tests", "tests/tools_tests/test_workbooks.py")
CODE += ("tests/tools_tests/test_slides.py", "tests/tools_tests/test_prose.py")
NBVAL = ("pytest", "-q", "-p", "tools.nbval_plugin", "--nbval", "--nbval-current-env")
NBVAL += ("-W", "default")


def changed():
    """Return the notebooks that differ from the last commit."""
    command = ["git", "status", "--porcelain", "-z", "--no-renames", "--", "book"]
    listed = subprocess.check_output(command, cwd=ROOT, text=True).split("\0")
    paths = {ROOT / entry[3:] for entry in listed if entry}
    return [path for path in notebooks() if path in paths]


def chosen(names):
    """Return the notebooks that are asked for."""
    for name in names:
        if not (ROOT / name).is_file() or (ROOT / name).parent != BOOK or name[-6:] != ".ipynb":
            known = ", ".join(f"book/{path.name}" for path in notebooks())
            sys.exit(f"NB must name notebooks of the book ({known}); got {name!r}")
    return [ROOT / name for name in names] or changed()


def about(stems):
    """Return pytest's expression for tests whose parameters name a chapter or its exercises."""
    numbers = [f"[{int(stem[:2])}." for stem in stems if re.match(r"\d\d_", stem)]
    return " or ".join([*stems, *numbers])


def parts(paths):
    """Return what to run for notebooks."""
    stems = [path.stem for path in paths]
    python, which = [sys.executable, "-m"], ["-k", about(stems)]
    quiet = ["pytest", "-q", "-p", "no:nbval"]
    return [
        check_all.Part("outputs", [*python, *NBVAL, *map(str, paths)]),
        check_all.Part(
            "page and slides", [*python, "tools.check_notebook", "--pages", *map(str, paths)]
        ),
        check_all.Part("words, figures and exercises", [*python, *quiet, *which, *CODE]),
    ]


def check_pages(paths):
    """Build the pages of notebooks alone, and visit them."""
    site = build.build_pages(paths)
    which = ["-k", " or ".join(path.stem for path in paths), "tests/site_tests"]
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:nbval", *which]
    done = subprocess.run(command, cwd=ROOT, check=False, env=build.with_site(site))
    sys.exit(done.returncode)


def main(arguments):
    """Run the checks."""
    if arguments[:1] == ["--pages"]:
        check_pages([Path(name) for name in arguments[1:]])
    start, paths = time.perf_counter(), chosen(arguments)
    if not paths:
        sys.exit("no notebook differs from the last commit: NB=book/NAME.ipynb takes one")
    done = check_all.run(parts(paths))
    name = "make check: " + ", ".join(path.stem for path in paths)
    check_all.report(done, name, time.perf_counter() - start)


if __name__ == "__main__":
    main(sys.argv[1:])
