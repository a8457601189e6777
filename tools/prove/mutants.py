"""mutmut changes the mathematics of lossutils, one thing at a time; a test must fail.

Its settings are in pyproject.toml. Without ALL=1 it tries some modules, chosen by the seed. What
survives is shown with its change: it means the same, or it wants a test.
"""

import os
import random
import re
import tomllib
from collections import Counter
from fnmatch import fnmatch

from tools.book import ROOT
from tools.prove import scratch
from tools.prove.record import Outcome

PACKAGES = ROOT / ".venv-prove"
SAMPLE = 2  # modules
# Some mutants mean the same: a stand-in for a number that is multiplied by 0, and the like.
LEAST_KILLED = 0.9
KILLED = {"killed", "timeout", "segfault", "suspicious"}


def mutmut(root, *arguments):
    """Run mutmut in a copy of the book."""
    path = os.pathsep.join([str(root), str(PACKAGES)])
    given = {"timeout": 20000, "MPLBACKEND": "agg", "PYTHONPATH": path}
    return scratch.python(root, "-m", "mutmut", *arguments, **given)


def verdicts(root):
    """Return what became of each mutant that was tried, by its name."""
    shown = mutmut(root, "results", "--all", "True").stdout
    found = dict(re.findall(r"(?m)^ *(lossutils\S+): (.+)$", shown))
    return {name: verdict for name, verdict in found.items() if verdict != "not checked"}


def modules(root):
    """Return the modules that the settings let mutmut change."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    left_out = [*project["tool"]["mutmut"]["do_not_mutate"], "*/__init__.py"]
    paths = sorted(str(path.relative_to(root)) for path in root.glob("lossutils/*.py"))
    paths = [path for path in paths if not any(fnmatch(path, name) for name in left_out)]
    return [path.removesuffix(".py").replace("/", ".") for path in paths]


def prove(everything, seed):
    """Let mutmut try its mutants, and return which nothing noticed."""
    found = Outcome("mutants", complete=everything)
    with scratch.copy() as root:
        names = modules(root)
        chosen = names if everything else sorted(random.Random(seed).sample(names, SAMPLE))
        found.notes.append(f"mutated: {', '.join(chosen)}")
        print(f"   mutants: all of {', '.join(chosen)}; some minutes", flush=True)
        done = mutmut(root, "run", "--max-children", "2", *(f"{name}.*" for name in chosen))
        judged = verdicts(root)
        if done.returncode or not judged:
            raise RuntimeError((done.stdout + done.stderr)[-2000:])
        for name, verdict in judged.items():
            module = ".".join(name.split(".")[:2])
            found.tried[module] = found.tried.get(module, 0) + 1
            found.caught[module] = found.caught.get(module, 0) + (verdict in KILLED)
            if verdict not in KILLED:
                change = re.findall(r"(?m)^[+-](?![+-]).*", mutmut(root, "show", name).stdout)
                found.notes.append(f"{verdict}: {name}\n  " + "\n  ".join(change))
    share = sum(found.caught.values()) / len(judged)
    counts = ", ".join(f"{n} {verdict}" for verdict, n in Counter(judged.values()).items())
    found.notes.append(f"{share:.1%} noticed ({counts})")
    if share < LEAST_KILLED:
        found.problems.append(f"{share:.1%} of the mutants are killed, {LEAST_KILLED:.0%} wanted")
    return found
