"""Every exercise of the book, as its learners and their teachers get it.

Driven by whatever chapters have exercises: a new chapter needs no new test.
"""

import ast
import json
import os
import re
import zipfile

import nbformat
import numpy as np
import pytest
from nbclient import NotebookClient

from lossutils.exercises.judge import evaluate
from lossutils.exercises.model import Choice, Function
from lossutils.exercises.session import CHAPTERS, chapters
from tools import workbooks
from tools.book import BOOK, load, tags
from tools.plain_markdown import Reader
from tools.tasks import all_tasks, fresh_names, run

# Of each solution; `make prove PART=exercises` asks for ten times as many.
MUTATIONS = int(os.environ.get("MUTATIONS", "30"))


TASKS = all_tasks()
STEMS = list(TASKS)
ALL = [task for tasks in TASKS.values() for task in tasks]
DATA = {key: e for exercises in chapters().values() for key, e in exercises.items()}
each_chapter = pytest.mark.parametrize("stem", STEMS)
each_task = pytest.mark.parametrize("task", ALL, ids=[task.id for task in ALL])


def wrong_answers(exercise):
    """Return every known wrong answer: the place of its part, the answer, what is said."""
    return [(place, *pair) for place, p in enumerate(exercise.parts) for pair in p.known.items()]


@pytest.fixture(scope="module")
def solved():
    """The right answers, from the solutions in the book, run from top to bottom."""
    answers = {}
    for tasks in TASKS.values():
        names = fresh_names()
        for task in tasks:
            run(task.stub + task.solution, names)
            answers[task.id] = task.answers(names)
    return answers


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("workbooks")
    workbooks.write_all(BOOK, folder)
    return folder


def test_a_chapter_s_exercises_are_in_a_module_of_its_name():
    assert [f"{n:02}_{name}" for n, name in enumerate(CHAPTERS, 1)] == STEMS


@each_chapter
def test_exercises_are_complete_and_counted_through(stem):
    tasks, number = TASKS[stem], int(stem[:2])
    assert [task.id for task in tasks] == [f"{number}.{i + 1}" for i in range(len(tasks))]
    assert [task.id for task in tasks] == list(chapters()[number])
    for task in tasks:
        label = f"ex-{task.id.replace('.', '-')}"
        solution = ["solution"] * task.order.count("solution")
        assert task.order == ["stub", *solution, "check"], f"{task.id}: {task.order}"
        assert len(task.fences) == 2, f"{task.id}: solution-start and solution-end"
        assert task.fences[0].startswith(f":::{{solution-start}} {label}\n:class: dropdown\n")
        assert task.solution, f"{task.id} has no solution that runs"
        assert task.check[0].startswith(f'check("{task.id}"')
        names = ast.parse(task.check[0]).body[-1].value.args[1:]
        assert [ast.unparse(n) for n in names] == [p.name for p in DATA[task.id].parts]


@each_task
def test_text_and_data_agree(task):
    exercise = DATA[task.id]
    assert (exercise.title, exercise.stars) == (task.title, task.stars)
    assert len(exercise.hints) == len(set(exercise.hints)) == 3
    assert len(wrong_answers(exercise)) >= 2


@each_task
def test_every_solution_passes(task, solved):
    result = evaluate(DATA[task.id], solved[task.id])
    assert result.status == "passed", result.text


@each_chapter
def test_every_stub_is_not_started(stem):
    names = fresh_names()
    for task in TASKS[stem]:
        run(task.stub, names)
        result = evaluate(DATA[task.id], task.answers(names))
        assert (result.status, "not started yet" in result.text) == ("not started", True)


@each_task
def test_every_known_wrong_answer_gets_its_own_diagnosis(task, solved):
    exercise = DATA[task.id]
    for part, answer, says in wrong_answers(exercise):
        answers = list(solved[task.id])
        answers[part] = answer
        result = evaluate(exercise, answers)
        assert result.status == "failed"
        assert says in result.text, f"{says!r} expected, got {result.text!r}"


def mutated(value, kind, amount, place, small):
    """Return a value that is a little or a lot wrong, in the shape of the right one."""
    array = np.array(value, dtype=float)
    flat = array.reshape(-1)
    if kind == "scale":
        flat *= 1 + amount
    elif kind == "flip":
        flat *= -1
    elif kind == "shift":
        flat[place % flat.size] += amount
    elif kind == "permute":
        flat[:] = np.roll(flat, 1 + place % max(1, flat.size - 1))
    else:
        flat[place % flat.size] += small * np.sign(amount) * max(1, np.abs(flat).max())
    return array[()]


def mutation(part, answer, rng):
    """Return a wrong answer for a part, made from the right one."""
    if isinstance(part, Choice):
        return rng.choice([letter for letter in part.letters if letter != answer])
    amount = rng.choice([-1, 1]) * rng.uniform(0.1, 3)
    place, kinds = int(rng.integers(100)), ["scale", "flip", "shift", "small"]
    if not isinstance(part, Function):
        kinds += ["permute"] * (np.size(part.value) > 1)
        small = 2 * part.tolerance
        return mutated(answer, rng.choice(kinds), amount, place, small)
    results = [np.size(part.value(*probe.arguments.values())) for probe in part.probes]
    kind = rng.choice(kinds + ["permute"] * (max(results) > 1))
    return lambda *inputs: mutated(answer(*inputs), kind, amount, place, 1e-3)


@each_task
def test_mutations_of_every_solution_are_rejected(task, solved):
    exercise, rng = DATA[task.id], np.random.default_rng(0)
    for number in range(MUTATIONS):
        answers = list(solved[task.id])
        part = number % len(answers)
        answers[part] = mutation(exercise.parts[part], answers[part], rng)
        result = evaluate(exercise, answers)
        assert result.status != "passed", f"mutation {number} of part {part}: {answers[part]}"


def test_no_line_of_a_solution_is_in_a_learner_s_workbook(made):
    given = "\n".join(line for task in ALL for line in [*task.stub, task.text])
    secret = {
        line.strip()
        for task in ALL
        for cell in task.solution
        for line in cell.splitlines()
        if len(line.strip()) > 12 and line.strip() not in given
    }
    assert bool(secret) == bool(ALL)
    for path in made.glob("*_workbook.ipynb"):
        text = "\n".join(cell["source"] for cell in load(path)["cells"])
        assert not [line for line in secret if line in text], path.name


def test_no_hint_or_diagnosis_is_a_line_of_a_solution():
    says = [h for e in DATA.values() for h in (*e.hints, *(text for *_, text in wrong_answers(e)))]
    for task in ALL:
        for line in "\n".join(task.solution).splitlines():
            bare = line.strip().removeprefix("return ")
            assert len(bare) < 13 or not [text for text in says if bare in text], (task.id, bare)


@each_chapter
@pytest.mark.parametrize("ending", ["workbook", "instructor"])
def test_workbooks_are_clean(made, stem, ending):
    notebook = load(made / f"{stem}_{ending}.ipynb")
    nbformat.validate(nbformat.from_dict(notebook))
    assert workbooks.raw_myst(notebook) == []
    for cell in notebook["cells"]:
        assert tags(cell) == []
        if cell["cell_type"] == "code":
            assert (cell["execution_count"], cell["outputs"]) == (None, [])
    text = "\n".join(cell["source"] for cell in notebook["cells"])
    solutions = text.count("**Solution**")
    assert solutions == (len(TASKS[stem]) if ending == "instructor" else 0)
    for task in TASKS[stem]:
        assert f"### Exercise {task.id} {'★' * task.stars} {task.title}" in text
        assert f'# hint("{task.id}")' in text
        assert task.stub[0] in text


def printed(notebook):
    return [
        "".join(out.get("text", "") for out in cell.outputs if out.output_type == "stream")
        for cell in notebook.cells
        if cell.cell_type == "code"
    ]


@each_chapter
@pytest.mark.parametrize("ending", ["workbook", "instructor"])
def test_workbooks_run_in_a_fresh_kernel(made, stem, ending):
    notebook = nbformat.read(made / f"{stem}_{ending}.ipynb", as_version=4)
    # A cell that raises ends this, and so fails the test.
    NotebookClient(notebook, timeout=120, kernel_name="python3").execute()
    outputs = "".join(printed(notebook))
    for task in TASKS[stem]:
        said = "not started yet" if ending == "workbook" else "passed"
        assert re.search(rf"(?m)^{re.escape(task.id)} {said}", outputs), task.id
    end = "All done." if ending == "instructor" else f"Next: {TASKS[stem][0].id}"
    assert end in printed(notebook)[-1]


def test_the_zips_are_the_same_each_time(made, tmp_path):
    workbooks.write_all(BOOK, tmp_path)
    for name, ending in (("workbooks.zip", "workbook"), ("instructor.zip", "instructor")):
        assert (tmp_path / name).read_bytes() == (made / name).read_bytes()
        with zipfile.ZipFile(made / name) as archive:
            assert archive.namelist() == [f"{stem}_{ending}.ipynb" for stem in STEMS]


# A small book of its own, with everything that a workbook must change.

CHAPTER = [
    ("markdown", [], "(small)=\n# A *small* chapter\n\nSee (fig-x)."),
    ("code", [], "import numpy as np"),
    ("markdown", [], "$$\nL = 1\n$$ (eq-l)"),
    (
        "markdown",
        [],
        "## Recap\n\n- {cite:t}`huber1964` found **25**<!--v ratio:.0f-->.\n"
        "- [](#fig-x), [](#eq-l), [](#other), [here](#other), [](#nowhere) and [page](notation.md)."
        "\n- {term}`loss`, {term}`losses <loss>`, {math}`x^2`, {ref}`other`, `{code}` stays\n\n"
        ":::{admonition} In short\n:class: takeaway\nShort.\n\nVery.\n:::\n\n:::{note}\nN\n:::",
    ),
    ("markdown", [], "## Exercises\n\nWords for the page."),
    (
        "markdown",
        [],
        ":::{exercise} ★★ Add up\n:label: ex-5-1\n\nAdd 1 and 1, as in [](#fig-x).\n:::",
    ),
    ("code", ["stub"], "total = ..."),
    ("markdown", ["solution"], ":::{solution-start} ex-5-1\n:class: dropdown\n:::"),
    ("markdown", ["solution"], "See [](#ex-5-1)."),
    ("code", ["solution"], "total = 1 + 1"),
    ("markdown", ["solution"], ":::{solution-end}\n:::"),
    ("code", ["check"], 'check("5.1", total)'),
    ("markdown", ["capstone"], "The {term}`capstone`."),
    ("code", ["capstone"], "print('capstone')"),
]
BIBLIOGRAPHY = """
@article{huber1964, author = {Huber, Peter J.}, title = {T}, year = {1964}}
@article{two, author = {de la Tour, Ada and Bee, Bo}, title = {T}, year = {2000}}
@book{three, editor = {A, B and C, D and E, F}, title = {T}, year = {2001}}
"""


@pytest.fixture
def small(tmp_path):
    cells = [
        {"cell_type": kind, "metadata": {"tags": tags}, "source": text, "id": f"c{i}"}
        | ({"outputs": [], "execution_count": 3} if kind == "code" else {})
        for i, (kind, tags, text) in enumerate(CHAPTER)
    ]
    cells[1]["metadata"]["mystnb"] = {"figure": {"name": "fig-x", "caption": "A line."}}
    cells[9]["metadata"]["mystnb"] = {"figure": {"name": "fig-bare"}}
    notebook = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    (tmp_path / "05_small.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    (tmp_path / "06_other.ipynb").write_text(
        json.dumps({"cells": [{"cell_type": "markdown", "source": "(other)=\n## Other things"}]}),
        encoding="utf-8",
    )
    (tmp_path / "notation.md").write_text("(symbols)=\n# Symbols\n(bare)=\ntext", encoding="utf-8")
    (tmp_path / "references.bib").write_text(BIBLIOGRAPHY, encoding="utf-8")
    return tmp_path


def text_of(folder, ending):
    notebook = load(folder / f"05_small_{ending}.ipynb")
    return notebook, "\n".join(cell["source"] for cell in notebook["cells"])


def test_a_small_book_without_an_address(small, tmp_path):
    paths = workbooks.write_all(small, tmp_path / "out")
    assert [p.name for p in paths] == ["05_small_workbook.ipynb", "05_small_instructor.ipynb"]
    notebook, text = text_of(tmp_path / "out", "workbook")
    assert workbooks.raw_myst(notebook) == []
    for expected in (
        "# Workbook: A *small* chapter",
        "- Huber (1964) found **25**.",
        "- the figure “A line”, the formula, “Other things” of chapter 6, here, the chapter and "
        "page.",
        "- loss, losses, $x^2$, “Other things” of chapter 6, `{code}` stays",
        "> **In short**\n>\n> Short.\n>\n> Very.\n",
        "> **Note**\n>\n> N",
        "### Exercise 5.1 ★★ Add up\n\nAdd 1 and 1, as in the figure “A line”.",
        "total = ...",
        '# hint("5.1")\ncheck("5.1", total)',
        "The capstone.",
        "print('capstone')",
        "progress()",
    ):
        assert expected in text
    for gone in ("1 + 1", "http", "%pip", "Words for the page", "**Solution**"):
        assert gone not in text
    instructor, text = text_of(tmp_path / "out", "instructor")
    assert workbooks.raw_myst(instructor) == []
    assert "**Solution**\nSee exercise 5.1.\ntotal = 1 + 1\n" in text


def test_a_small_book_with_an_address(small, tmp_path):
    site, wheel = "https://example.org/losses", "https://example.org/losses/w-1.0.whl"
    workbooks.write_all(small, tmp_path / "out", install_from=wheel, site=site + "/")
    notebook, text = text_of(tmp_path / "out", "workbook")
    first = next(cell for cell in notebook["cells"] if cell["cell_type"] == "code")
    assert f'%pip install --quiet "{wheel}"' in first["source"]
    assert f"[here]({site}/book/06_other.html#other)" in text
    assert f"[page]({site}/book/notation.html)" in text
    assert f"[the figure “A line”]({site}/book/05_small.html#fig-x)" in text
    assert workbooks.raw_myst(notebook) == []


def test_sources_are_named_as_in_a_sentence(small):
    reader = Reader(small)
    assert reader.read("{cite:t}`two,three`") == "de la Tour and Bee (2000), A et al. (2001)"
    assert reader.read("[](#symbols), [](#bare), [](#fig-bare), {eq}`eq-l`") == (
        "“Symbols”, the section, the figure of chapter 5, the formula of chapter 5"
    )
    assert reader.read(":::{figure} x\n:name: y\nwords\n:::") == "> **x**\n>\n> words"
    assert reader.read(":::{div}\nwords\n:::") == "> words"


@pytest.mark.parametrize(
    "left",
    [
        ":::{note}",
        "```{code-cell}\n```",
        "(label)=",
        ":class: dropdown",
        "{term}`loss`",
        "[text](#label)",
        "[text](notation.md)",
        "<!--v x-->",
        "$$ (eq-x)",
        "+++",
        "% a comment",
    ],
)
def test_raw_myst_finds_what_is_left(left):
    cells = [workbooks.markdown(f"Words.\n\n{left}\n\nMore."), workbooks.code(left)]
    assert workbooks.raw_myst({"cells": cells})
    assert not workbooks.raw_myst({"cells": cells[1:]})


def test_code_in_a_text_is_no_myst():
    cells = [workbooks.markdown("Write `{term}` or `<!--`:\n\n```\n:::{note}\n```\n")]
    assert workbooks.raw_myst({"cells": cells}) == []


def test_an_unknown_edition_is_refused(small):
    with pytest.raises(ValueError, match="edition must be 'learner' or 'instructor'; got 'x'"):
        workbooks.workbook({"cells": []}, "x", stem="05_small", reader=Reader(small))


def test_the_command_line(small, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(workbooks, "BOOK", small)
    workbooks.main([str(tmp_path / "out")])
    assert capsys.readouterr().out == "05_small_workbook.ipynb\n05_small_instructor.ipynb\n"
    with pytest.raises(SystemExit, match="usage"):
        workbooks.main([])


def test_a_workbook_that_somebody_has_begun_is_never_overwritten(tmp_path, capsys):
    begun = tmp_path / "03_regression_workbook.ipynb"
    begun.write_text("my answers", encoding="utf-8")
    workbooks.main(["--begin", str(tmp_path)])
    assert begun.read_text(encoding="utf-8") == "my answers"
    new = capsys.readouterr().out.split()
    assert "01_introduction_workbook.ipynb" in new
    assert sorted(p.name for p in tmp_path.iterdir()) == sorted([*new, begun.name])
