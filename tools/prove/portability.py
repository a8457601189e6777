"""Part 5: all notebooks again under other threads, hash seeds and instruction sets.

No stored output may differ, figures included. Settings are tried together: what does not differ
under all of them at once is not split up. When something differs, each setting is tried alone on
the notebooks that differ, to name the cause. Without ALL=1 only the oldest machine is tried, the
most different one; the part about notebooks works on that machine too, and one run does for both.
"""

import json

from tools.prove import notebooks, scratch
from tools.prove.machines import FEATURES, machines
from tools.prove.record import ROOT, Outcome, expected


def effect(machine):
    """Return what PyTorch and NumPy say that they use under a machine's settings."""
    code = f"{FEATURES}; import torch; print(torch.backends.cpu.get_cpu_capability(), "
    code += "torch.get_num_threads(), [n for n in d if f[n]])"
    done = scratch.python(ROOT, "-c", code, **machine.settings)
    return f"they use: {done.stdout.strip() or done.stderr.strip()[-200:]}"


def differences(root, machine, books=("book",)):
    """Run notebooks under a machine's settings; return the cells that differ."""
    done = scratch.pytest(root, *notebooks.COMMAND, *books, timeout=20000, **machine.settings)
    if done.returncode not in (0, 1):
        raise RuntimeError(f"{machine.name}: {(done.stdout + done.stderr)[-2000:]}")
    return notebooks.failed_cells(done.stdout)


def causes(root, machine, cells):
    """Name the settings that alone make a cell differ."""
    books = sorted({f"book/{name}" for name, _ in cells})
    found = {}
    for single in machine.one_by_one():
        for cell in differences(root, single, books) & cells:
            found.setdefault(cell, []).append(single.name)
    return found


def prove(everything, seed):
    """Run the notebooks under the settings; by default under the oldest machine's only."""
    found, listed = Outcome("portability", complete=everything), expected("portability")
    oldest, *others = machines()
    different = {oldest.name: notebooks.compared(seed, False).different}
    with scratch.copy() as root:
        cells = number_of_cells(root)
        for machine in [oldest, *others] if everything else [oldest]:
            if machine.name not in different:
                different[machine.name] = differences(root, machine)
            count(found, root, machine, cells, different[machine.name])
    found.gone += [f"{n} (the same now)" for n in listed if n not in found.survived]
    return found


def count(found, root, machine, cells, different):
    """Count the cells that are the same on a machine; name those that differ, and the cause."""
    why = causes(root, machine, different) if different else {}
    found.tried["cells"] = found.tried.get("cells", 0) + cells
    found.caught["cells"] = found.caught.get("cells", 0) + cells - len(different)
    for name, cell in sorted(different):
        found.survived.append(f"{name} cell {cell} differs under {machine.name}")
        reason = ", ".join(why.get((name, cell), ["only all settings together"]))
        found.notes.append(f"{name} cell {cell}: {reason}")
    found.notes.append(f"{machine.name}: {machine.words()}; {effect(machine)}")


def number_of_cells(root):
    """Count the code cells of the book."""
    books = [json.loads(p.read_text(encoding="utf-8")) for p in (root / "book").glob("*.ipynb")]
    return sum(cell["cell_type"] == "code" for book in books for cell in book["cells"])
