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
KEPT = BUILD / "kept"  # what `make check` builds a page against
SITE_SOURCES = book.SITE
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


def is_kept():
    """Tell whether a build of all pages is kept, and nothing that shapes pages is newer."""
    shaping = [*ROOT.glob("tools/**/*.py"), *SITE_SOURCES.rglob("*"), *ROOT.glob("_*.yml")]
    shaping = [path for path in shaping if "node_modules" not in path.parts]
    stamp = KEPT / "complete"
    return stamp.is_file() and stamp.stat().st_mtime > max(p.stat().st_mtime for p in shaping)


def build_pages(paths):
    """Build the pages of some notebooks against kept doctrees; return the folder with the site.

    The first time, and after a change of what shapes pages, that is all pages.
    """
    site = KEPT / "_build" / "html"
    if not is_kept():
        print("building all pages once; the next time it is one page", flush=True)
        shutil.rmtree(KEPT, ignore_errors=True)
        command = [str(JUPYTER_BOOK), "build", str(ROOT), "--path-output", str(KEPT)]
        subprocess.run([*command, "-W", "-n", "--keep-going"], check=True)
        (KEPT / "complete").touch()
        return site
    # What `jupyter-book build` calls: its command line has no way to name pages.
    from jupyter_book.sphinx import build_sphinx

    settings = {"external_toc_path": str(ROOT / "_toc.yml"), "latex_individualpages": False}
    failed = build_sphinx(
        str(ROOT),
        str(site),
        path_config=str(ROOT / "_config.yml"),
        noconfig=True,
        confoverrides={**settings, "nitpicky": True},
        filenames=[str(path) for path in paths],
        warningiserror=True,
        keep_going=True,
        tags=["part"],
    )
    if failed:
        sys.exit(f"The page was not built: look above for the first WARNING or ERROR. ({failed})")
    return site


def with_site(folder):
    """Return an environment in which the site's tests visit another folder."""
    return os.environ | {"SITE_HTML": str(folder)}


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
