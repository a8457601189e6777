"""Part 5: all notebooks again under other threads, hash seeds and instruction sets.

No stored output may differ, figures included. Settings are tried together: what does not differ
under all of them at once is not split up. When something differs, each setting is tried alone on
the notebooks that differ, to name the cause.
"""

import json
import subprocess
import sys
from dataclasses import dataclass

from tools.prove import scratch
from tools.prove.notebooks import COMMAND, failed_cells
from tools.prove.record import ROOT, Outcome, expected

FEATURES = "from numpy._core._multiarray_umath import __cpu_features__ as f, __cpu_dispatch__ as d"
ASK = f"{FEATURES}; import json; print(json.dumps([n for n in d if f.get(n)]))"


@dataclass(frozen=True)
class Machine:
    """Settings that make this machine behave like another."""

    name: str
    settings: dict

    def words(self):
        """Return the settings as one line."""
        return " ".join(f"{k}={v}" for k, v in self.settings.items())

    def one_by_one(self):
        """Return a machine for each setting alone."""
        return [Machine(f"{k}={v}", {k: v}) for k, v in self.settings.items()]


def numpy_features():
    """Return the features that NumPy chooses code by and that this processor has.

    NumPy warns about the name of any other feature, and a warning is an error.
    """
    done = subprocess.run([sys.executable, "-c", ASK], capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def machines():
    """Return the machines, the most different one first."""
    features = numpy_features()
    wide = [f for f in features if "512" in f or f == "X86_V4"]
    old = {
        "OMP_NUM_THREADS": "2",
        "PYTHONHASHSEED": "0",
        "ATEN_CPU_CAPABILITY": "default",
        "ONEDNN_MAX_CPU_ISA": "SSE41",
        "MKL_ENABLE_INSTRUCTIONS": "SSE4_2",
        "MKL_CBWR": "COMPATIBLE",
        "OPENBLAS_CORETYPE": "Nehalem",
        "OPENBLAS_NUM_THREADS": "2",
        "NPY_DISABLE_CPU_FEATURES": " ".join(features),
    }
    middle = {
        "OMP_NUM_THREADS": "1",
        "PYTHONHASHSEED": "42",
        "ATEN_CPU_CAPABILITY": "avx2",
        "ONEDNN_MAX_CPU_ISA": "AVX2",
        "MKL_ENABLE_INSTRUCTIONS": "AVX2",
        "OPENBLAS_CORETYPE": "Haswell",
        "NPY_DISABLE_CPU_FEATURES": " ".join(wide),
    }
    own = {"OMP_NUM_THREADS": "2", "PYTHONHASHSEED": "random"}
    named = {"old": old, "middle": middle, "own": own}
    return [
        Machine(name, {k: v for k, v in settings.items() if v}) for name, settings in named.items()
    ]


def effect(machine):
    """Return what PyTorch and NumPy say that they use under a machine's settings."""
    code = f"{FEATURES}; import torch; print(torch.backends.cpu.get_cpu_capability(), "
    code += "torch.get_num_threads(), [n for n in d if f[n]])"
    done = scratch.python(ROOT, "-c", code, **machine.settings)
    return f"they use: {done.stdout.strip() or done.stderr.strip()[-200:]}"


def differences(root, machine, notebooks=("book",)):
    """Run notebooks under a machine's settings; return the cells that differ."""
    done = scratch.pytest(root, *COMMAND, *notebooks, timeout=20000, **machine.settings)
    if done.returncode not in (0, 1):
        raise RuntimeError(f"{machine.name}: {(done.stdout + done.stderr)[-2000:]}")
    return failed_cells(done.stdout)


def causes(root, machine, cells):
    """Name the settings that alone make a cell differ."""
    notebooks = sorted({f"book/{name}" for name, _ in cells})
    found = {}
    for single in machine.one_by_one():
        for cell in differences(root, single, notebooks) & cells:
            found.setdefault(cell, []).append(single.name)
    return found


def prove(everything, seed):
    """Run the notebooks under the settings; by default under the oldest machine's only."""
    found, listed = Outcome("portability", complete=everything), expected("portability")
    chosen = machines() if everything else machines()[:1]
    with scratch.copy() as root:
        cells = number_of_cells(root)
        for machine in chosen:
            different = differences(root, machine)
            why = causes(root, machine, different) if different else {}
            found.tried["cells"] = found.tried.get("cells", 0) + cells
            found.caught["cells"] = found.caught.get("cells", 0) + cells - len(different)
            for name, cell in sorted(different):
                found.survived.append(f"{name} cell {cell} differs under {machine.name}")
                reason = ", ".join(why.get((name, cell), ["only all settings together"]))
                found.notes.append(f"{name} cell {cell}: {reason}")
            found.notes.append(f"{machine.name}: {machine.words()}; {effect(machine)}")
    found.gone += [f"{n} (the same now)" for n in listed if n not in found.survived]
    return found


def number_of_cells(root):
    """Count the code cells of the book."""
    books = [json.loads(p.read_text(encoding="utf-8")) for p in (root / "book").glob("*.ipynb")]
    return sum(cell["cell_type"] == "code" for book in books for cell in book["cells"])
