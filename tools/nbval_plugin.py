"""A plugin for ``pytest --nbval``: compare figures to 0.01 point, and run with noise.

    pytest -p tools.nbval_plugin --nbval --nbval-current-env book
    pytest -p tools.nbval_plugin --nbval --nbval-current-env --noise 1 book

nbval compares the text of an output letter by letter, figures too. Here a figure is compared as
`tools.compare_figures` does it. With ``--noise SEED`` each kernel disturbs what its generators draw
(`tools.noise`), and a cell that differs is told which sentences rest on it. ``--differing FILE``
collects what differs, one JSON object a line.
"""

import json
import os
import re
import shutil
import tempfile
from pathlib import Path

from nbformat import from_dict
from nbval.plugin import IPyNbCell, IPyNbFile, NbCellError

from tools import compare_figures, prose
from tools.book import RECORD, key, pages, texts

NOISE = Path(__file__).with_name("noise.py")
WHAT_TO_DO = (
    "What changes with the last bits of its inputs is another number on another processor. "
    "Redesign the cell: more seeds, a smaller step, a shorter run; or say less. Rounding it until "
    "it is quiet would hide that it means nothing."
)
# The first float of a generator without noise.
PROBE = "import numpy; assert numpy.random.default_rng(0).random() != 0.6369616873214543"


def pytest_addoption(parser):
    """Add the options of this plugin."""
    group = parser.getgroup("nbval")
    group.addoption("--noise", type=int, help="seed of the noise on all drawn floats")
    group.addoption("--more-noise", type=int, default=0, help="doublings of the noise")
    group.addoption("--differing", help="file for what differs, one JSON object a line")


def pytest_configure(config):
    """Give the kernels a start-up file that disturbs what they draw."""
    if config.getoption("--noise") is None:
        return
    folder = Path(tempfile.mkdtemp(prefix="noise-"))
    config.add_cleanup(lambda: shutil.rmtree(folder, ignore_errors=True))
    start = folder / "profile_default" / "startup" / "noise.py"
    start.parent.mkdir(parents=True)
    arguments = f"{config.getoption('--noise')}, {config.getoption('--more-noise')}"
    start.write_text(
        f"import runpy\nrunpy.run_path({str(NOISE)!r})['install']({arguments})\ndel runpy\n",
        encoding="utf-8",
    )
    before = os.environ.get("IPYTHONDIR")
    os.environ["IPYTHONDIR"] = str(folder)
    config.add_cleanup(lambda: restore("IPYTHONDIR", before))


def restore(name, value):
    """Set a variable of the environment back."""
    if value is None:
        os.environ.pop(name, None)
    else:
        os.environ[name] = value


# --- what is compared ----------------------------------------------------------------------------

compare_texts = IPyNbCell.compare_outputs
say_what_differs = IPyNbCell.repr_failure
start_kernel = IPyNbFile.setup


def values_last(outputs):
    """Return outputs as `make refresh` stores them, so that each stands beside its own."""
    return sorted(outputs, key=lambda output: "scrapbook" in output.get("metadata", {}))


def compare_outputs(self, test, ref, skip_compare=None):
    """Compare the outputs of a cell: figures to 0.01 point, everything else to the letter."""
    test, ref = values_last(test), values_last(ref)
    pairs = [compare_figures.settled(old, new) for old, new in zip(ref, test, strict=False)]
    stored = [from_dict(old) for old, _ in pairs] + list(ref[len(pairs) :])
    now = [from_dict(new) for _, new in pairs] + list(test[len(pairs) :])
    return compare_texts(self, now, stored, skip_compare)


def repr_failure(self, excinfo):
    """Say what differs and, for a run with noise, what rests on it and what to do."""
    text = say_what_differs(self, excinfo)
    if not isinstance(excinfo.value, NbCellError):
        return text
    changes = what_changed(*map(values_last, (self.cell.outputs, self.test_outputs or [])))
    sentences = resting_on(self.parent.path, self.parent.nb.cells, self.cell, changes)
    target = self.config.getoption("--differing")
    if target:
        line = {"notebook": self.path.name, "cell": self.cell_num, "changes": changes}
        line |= {"begins": self.cell.source.partition("\n")[0], "sentences": sentences}
        with open(target, "a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")
    if self.config.getoption("--noise") is None:
        return text
    rests = [f"  {sentence}" for sentence in sentences] or ["  (no text names it)"]
    return "\n".join([text, "What rests on it:", *rests, WHAT_TO_DO])


def setup(self):
    """Start the kernel, and see that it makes noise if it should."""
    start_kernel(self)
    if self.config.getoption("--noise") is not None and not succeeds(self.kernel, PROBE):
        # IPython goes on after a start-up file that failed; such a run would prove nothing.
        raise RuntimeError(f"the kernel makes no noise: run {NOISE} by hand to see why")


def succeeds(kernel, code):
    """Run code in a kernel; tell whether it raised nothing."""
    asked = kernel.execute_cell_input(code)
    while (reply := kernel.get_message("shell", timeout=60))["parent_header"]["msg_id"] != asked:
        pass
    kernel.await_idle(asked, 60)
    return reply["content"]["status"] == "ok"


IPyNbCell.compare_outputs = compare_outputs
IPyNbCell.repr_failure = repr_failure
IPyNbFile.setup = setup


# --- what rests on it ----------------------------------------------------------------------------


def described(output):
    """Return ``(name or kind, text)`` for an output, a figure as one word."""
    name = output.get("metadata", {}).get("scrapbook", {}).get("name")
    data = output.get("data", {})
    if name:
        return name, data.get(RECORD)
    text = output.get("text") or output.get("evalue") or data.get("text/html")
    return output["output_type"], text or data.get("text/plain", "")


def what_changed(stored, now):
    """Return what is not as it is stored, one line each: published values by name."""
    changes = []
    if len(stored) != len(now):
        changes.append(f"{len(stored)} outputs are stored, {len(now)} came")
    for old, new in zip(stored, now, strict=False):
        pairs = zip(compare_figures.drawings(old), compare_figures.drawings(new), strict=False)
        words = [word for pair in pairs if (word := compare_figures.difference(*pair))]
        changes += [f"figure: {word}" for word in words]
        (name, was), (_, came) = map(described, compare_figures.settled(old, new))
        if was != came and not words:
            lines = zip(str(was).splitlines(), str(came).splitlines(), strict=False)
            a, b = next(((x, y) for x, y in lines if x != y), (was, came))
            changes.append(f"{name}: {a} -> {b}")
    return changes


def resting_on(path, cells, cell, changes):
    """Return the sentences, with their place, that rest on what changed in a cell.

    Those that quote a published value by its name, on any page and slide; where none does, what
    stands after the cell.
    """
    figure = cell and cell.metadata.get("mystnb", {}).get("figure", {}).get("name")
    names = [change.partition(":")[0] for change in changes]
    names = [figure if name == "figure" else name for name in names]
    found = []
    for page in [*pages(path.parent), *pages(path.parent / "slides")]:
        said = texts(page)
        for name in filter(None, names):
            here = "" if page.stem.endswith(key(path)) else f"{key(path)}."
            begins = r"#|\{\{figure " if name == figure else rf"<!--v {here}|\{{\{{{here}"
            quoted = re.compile(rf"(?:{begins}){re.escape(name)}\b")
            found += [
                f"{page.name}: {sentence}"
                for text in said
                for sentence in sentences_of(text)
                if quoted.search(sentence)
            ]
    if not found:
        after = cells[cells.index(cell) + 1 :]
        text = next((c.source for c in after if c.cell_type == "markdown"), "")
        found = [f"{path.name}, after the cell: {s}" for s in sentences_of(text)[:1]]
    return [" ".join(prose.MARKER.sub(lambda m: m["shown"], line).split()) for line in found]


def sentences_of(text):
    """Return the sentences of a text; lines of a table and a list stand alone."""
    parts = re.split(r"\n\s*\n|\n(?=[|*-])|(?<=[.!?])\s+|(?<=[.!?]\*\*)\s+", text)
    return [part.strip() for part in parts if part.strip()]
