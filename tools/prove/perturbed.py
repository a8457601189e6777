"""No printed number, published value or figure rests on the last bits of its inputs.

All notebooks run with noise of eight seeds (`tools.noise`), and without noise under the settings
of two other machines, each with one and two threads. Nothing may differ. Of each cell that does
differ the table says what changed, which sentences rest on it, and how much noise it stands. Cells
that stand the noise of this proof but not a thousand times more are listed too: their numbers have
little room.
"""

import json
from collections import defaultdict
from itertools import takewhile

from tools.book import ROOT, code_cells, load, notebooks
from tools.prove import scratch
from tools.prove.machines import FEATURES, machines
from tools.prove.record import Outcome, Progress, expected
from tools.prove.scratch import COMMAND

SEEDS = 8
ROOM = {"2^5": -5, "2^10": 0, "2^15": 5, "2^20": 10}  # s for float64, and doublings of the noise


def effect(settings):
    """Return what PyTorch and NumPy say that they use under a machine's settings."""
    code = f"{FEATURES}; import torch; print(torch.backends.cpu.get_cpu_capability(), "
    code += "torch.get_num_threads(), 'thread(s),', sum(map(bool, map(f.get, d))), 'features')"
    done = scratch.python(ROOT, "-c", code, **settings)
    return f"they use: {done.stdout.strip() or done.stderr.strip()[-200:]}"


def differing(root, name, *options, books=("book",), **settings):
    """Run notebooks; return ``{(notebook, cell): what the plugin says of it}``."""
    target = root / "differing.jsonl"
    target.unlink(missing_ok=True)
    done = scratch.pytest(
        root, *COMMAND, *options, "--differing", target, *books, timeout=20000, **settings
    )
    if done.returncode not in (0, 1):
        raise RuntimeError(f"{name}: {(done.stdout + done.stderr)[-2000:]}")
    lines = target.read_text(encoding="utf-8").splitlines() if target.exists() else []
    found = {(line["notebook"], line["cell"]): line for line in map(json.loads, lines)}
    if bool(found) != (done.returncode == 1):
        raise RuntimeError(f"{name}: pytest failed for another reason: {done.stdout[-2000:]}")
    return found


def settings_tried(everything, seed):
    """Yield the name, the options and the environment of each run in which nothing may differ."""
    for noise in range(seed, seed + SEEDS * (3 if everything else 1)):
        yield f"noise, seed {noise}", ("--noise", str(noise)), {}
    for machine in machines():
        yield f"{machine.name}: {machine.words()}", (), machine.settings


def prove(everything, seed):
    """Disturb all notebooks; say what changes, and how much noise each cell stands."""
    found, listed = Outcome("perturbed", complete=everything), expected("perturbed")
    different, said = defaultdict(list), {}
    with scratch.copy() as root:
        cells = number_of_cells(root)
        tried = list(settings_tried(everything, seed))
        progress = Progress("perturbed", len(tried) + len(ROOM))
        for name, options, settings in tried:
            progress.step(name)
            now = differing(root, name, *options, **settings)
            found.tried["cells"] = found.tried.get("cells", 0) + cells
            found.caught["cells"] = found.caught.get("cells", 0) + cells - len(now)
            for cell, line in now.items():
                different[cell].append(name.partition(":")[0])
                said.setdefault(cell, line)
            if settings:
                found.notes.append(f"{name}; {effect(settings)}")
        stood = room(root, seed, set(different), progress)
    for cell in sorted(different):
        found.survived.append(f"{cell[0]} cell {cell[1]}: another output")
        found.notes += words(cell, said[cell], different[cell], stood)
    for cell in sorted(set().union(*stood.values()) - set(different)):
        most = [name for name, fell in stood.items() if cell not in fell][-1]
        found.notes.append(f"{cell[0]} cell {cell[1]}: little room, stands noise of {most} ε")
    found.gone += [f"{name} (the same now)" for name in listed if name not in found.survived]
    return found


def room(root, seed, different, progress):
    """Return, for each amount of noise, the cells that do not stand it.

    Less noise than the proof's is tried only on the notebooks that did not stand that.
    """
    fell = {}
    for name, more in ROOM.items():
        books = [f"book/{notebook}" for notebook in sorted({n for n, _ in different})]
        books = ["book"] if more > 0 else books
        options = ("--noise", str(seed), "--more-noise", str(more))
        progress.step(f"noise of {name} ε")
        run = differing(root, f"noise of {name} ε", *options, books=books) if books else {}
        fell[name] = set(run)
    return fell


def words(cell, line, where, stood):
    """Return what there is to say of a cell that differs, one line each."""
    # A cell at the edge of a decision may fall at one amount of noise and not at the next.
    most = list(takewhile(lambda name: cell not in stood[name], stood))
    if any(name.startswith("noise") for name in where):
        most = [name for name in most if ROOM[name] < 0]
    return [
        f"{cell[0]} cell {cell[1]}, {line['begins']!r}, differs under {', '.join(where)}",
        *(f"    {change}" for change in line["changes"][:5]),
        f"    it stands noise of {most[-1] + ' ε' if most else 'less than 2^5 ε'}",
        *(f"    rests on it: {sentence}" for sentence in line["sentences"][:5]),
        "    what to do: more seeds, a smaller step, a shorter run, or say less",
    ]


def number_of_cells(root):
    """Count the code cells of the book."""
    return sum(len(code_cells(load(path))) for path in notebooks(root / "book"))
