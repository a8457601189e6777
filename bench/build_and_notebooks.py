"""Time the site build and every notebook. Prints; checks nothing.

    python bench/build_and_notebooks.py [--cold]

`--cold` also times a set-up from nothing, in a temporary folder, with whatever pip has cached.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
NBVAL = [sys.executable, "-m", "pytest", "-q", "--nbval", "--nbval-current-env", "-W", "default"]


def timed(label, command, **options):
    """Run a command and print how long it took."""
    start = time.perf_counter()
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, **options)
    note = "" if done.returncode == 0 else f"   (exit code {done.returncode})"
    print(f"{label:44}{time.perf_counter() - start:8.1f} s{note}", flush=True)


def main():
    """Print the table."""
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    if "--cold" in sys.argv:
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run(["git", "clone", "-q", str(ROOT), folder], check=True)
            timed("set-up from nothing", ["make", "-C", folder, "setup"])
    timed("site", [sys.executable, "tools/build.py"])
    for notebook in sorted((ROOT / "book").glob("*.ipynb")):
        timed(f"nbval {notebook.name}", [*NBVAL, str(notebook)])
    timed("nbval, all, two workers", [*NBVAL, "-n", "2", "--dist", "loadfile", "book"])
    for module in ("numpy", "lossutils"):
        timed(f"python -c 'import {module}'", [sys.executable, "-c", f"import {module}"])


if __name__ == "__main__":
    main()
