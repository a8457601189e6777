"""Build the site, and the zip of it. A failed build leaves the last good site where it was.

python -m tools.build
"""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

from tools import book

ROOT, BUILD, SITE, ZIP = book.ROOT, book.BUILD, book.HTML, book.ZIP
STAGING = BUILD / "staging"
JUPYTER_BOOK = Path(sys.executable).with_name("jupyter-book")
# The date inside the wheel that the site carries, so that the same sources give the same bytes.
EPOCH = "1767225600"
FOLDER = ZIP.stem  # what the zip unpacks to
LICENSES = ("LICENSE", "LICENSE-CC-BY-4.0")


def build():
    """Build with Jupyter Book into a folder beside the site; return whether it went well."""
    if not JUPYTER_BOOK.is_file():
        sys.exit(f"there is no {JUPYTER_BOOK}: run `make book`, which sets up .venv and uses it")
    shutil.rmtree(STAGING, ignore_errors=True)
    command = [str(JUPYTER_BOOK), "build", str(ROOT), "--path-output", str(STAGING)]
    # Warnings are errors, broken references are warnings, and all of them are shown at once.
    environment = {"SOURCE_DATE_EPOCH": EPOCH} | os.environ
    done = subprocess.run(
        [*command, "--all", "-W", "-n", "--keep-going"], check=False, env=environment
    )
    return done.returncode == 0 and (STAGING / "_build" / "html" / "index.html").is_file()


def publish():
    """Put the new site in the place of the old one."""
    old = BUILD / "replaced"
    shutil.rmtree(old, ignore_errors=True)
    if SITE.exists():
        SITE.rename(old)
    (STAGING / "_build" / "html").rename(SITE)
    shutil.rmtree(old, ignore_errors=True)
    shutil.rmtree(STAGING)


def contents():
    """Return ``{name in the zip: file}``: the site, and the licenses that go with a copy of it."""
    found = {
        f"{FOLDER}/{path.relative_to(SITE).as_posix()}": path
        for path in SITE.rglob("*")
        if path.is_file() and not path.name.startswith(".")
    }
    terms = {f"{FOLDER}/{n}.txt": ROOT / n for n in LICENSES if (ROOT / n).is_file()}
    return found | terms


def main():
    """Build, and say where the site is."""
    start = time.perf_counter()
    if not build():
        kept = f" The last good site is still in {SITE}." if SITE.exists() else ""
        sys.exit(f"\nThe build failed: look above for the first WARNING or ERROR.{kept}")
    publish()
    book.write_zip(ZIP, contents())
    print(f"\nBuilt in {time.perf_counter() - start:.1f} s. Open {SITE / 'index.html'}")
    print(f"The same to take along, in one file: {ZIP} ({ZIP.stat().st_size / 1e6:.1f} MB)")


if __name__ == "__main__":
    main()
