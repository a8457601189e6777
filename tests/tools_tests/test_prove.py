"""The proof's own parts: what it changes, what it counts, and when it fails."""

import re
import time

import pytest

from tools.book import ROOT
from tools.prove import (
    exercises,
    faults,
    faults_book,
    faults_course,
    faults_pdf,
    faults_site,
    machines,
    mutants,
    perturbed,
    precision,
    prose,
    record,
    scratch,
)
from tools.prove.record import Outcome
from tools.prove.scratch import kept


def outcome():
    found = Outcome("gates")
    found.add("sources", True, "a")
    found.add("sources", False, "b")
    return found


def test_a_survivor_fails_the_proof_unless_it_is_listed():
    found = outcome()
    assert found.surprises([]) == ["nothing noticed: b"]
    assert found.surprises([{"part": "gates", "what": ["b"], "reason": "x"}]) == []
    assert found.surprises([{"part": "mutants", "what": ["b"], "reason": "x"}]) != []


def test_an_entry_may_name_several(tmp_path):
    path = tmp_path / "survivors.toml"
    reason = "the same in other words"
    path.write_text(
        f'[[allow]]\npart = "gates"\nwhat = ["a", "b"]\nreason = "{reason}"\n', encoding="utf-8"
    )
    entries = record.allowed_survivors(path)
    assert outcome().allowed(entries) == ["b"]
    assert record.expected("gates", path) == {"a": reason, "b": reason}


def test_an_entry_that_no_longer_survives_fails_the_proof():
    found = outcome()
    found.gone.append("c")
    entries = [{"part": "gates", "what": ["b"], "reason": "x"}]
    assert found.surprises(entries) == ["take it off tools/prove/survivors.toml: c"]


def test_the_table_has_a_line_for_each_part_and_kind():
    found = outcome()
    found.add("site", True, "d")
    lines = record.table([found], [])
    assert lines[0].split() == ["part", "tried", "caught", "survived", "allowed", "seconds"]
    assert [line.split()[:3] for line in lines[1:]] == [
        ["gates", "3", "2"],
        ["sources", "2", "1"],
        ["site", "1", "1"],
    ]


def test_every_entry_of_the_list_has_a_reason(tmp_path):
    assert all(len(e["reason"]) >= 20 for e in record.allowed_survivors())
    short = tmp_path / "survivors.toml"
    short.write_text('[[allow]]\npart = "gates"\nwhat = "b"\nreason = "ok"\n', encoding="utf-8")
    with pytest.raises(ValueError, match="a reason in words"):
        record.allowed_survivors(short)


def test_precision_counts_the_worst_of_each_function():
    lines = ['["a", "value", 0.5, "x"]', '["a", "value", 9.5, "y"]', '["a", "gradient", 1, "z"]']
    found = Outcome("precision")
    precision.note(found, precision.worst(lines))
    assert (found.tried, found.caught) == ({"results": 2}, {"results": 1})
    assert found.survived == ["a, value"]
    assert found.notes[1:] == ["a, value: 9.50 eps (1 + kappa)", "    y"]


FAULTS = [*faults_book.faults(), *faults_course.faults()]
IN_BOOK = [
    *FAULTS,
    *faults_book.output_faults(),
    *faults_site.build_faults(),
    *faults_site.formula_faults(),
    *faults_pdf.document_faults(),
]


@pytest.mark.parametrize("fault", IN_BOOK, ids=lambda fault: fault.name)
def test_a_fault_finds_what_it_breaks(fault):
    text = (ROOT / fault.file).read_text(encoding="utf-8")
    assert fault.change(text) != text


PRINTED = [*faults_pdf.print_faults(), *faults_pdf.document_faults()]


@pytest.mark.parametrize("fault", [*FAULTS, *PRINTED], ids=lambda fault: fault.name)
def test_the_test_that_a_fault_names_is_there(fault):
    file, _, name = fault.test.partition("::")
    source = (ROOT / file).read_text(encoding="utf-8")
    assert re.search(rf"(?m)^def {name.partition('[')[0]}\(", source)


def test_a_fault_that_finds_nothing_to_break_says_so():
    with pytest.raises(ValueError, match="nothing matches 'x'"):
        faults.sub("x", "y")("abc")


def test_a_change_of_the_pdf_keeps_its_length_or_says_so():
    assert faults_pdf.same_length(rb"(a)b", rb"\1c")(b"xabx") == b"xacx"
    assert faults_pdf.moved("b", "a")(b"\n/a [ 7 0 R ]\n/b [ 12 0 R ]") == (
        b"\n/a [ 7 0 R ]\n/b [  7 0 R ]"
    )
    with pytest.raises(ValueError, match="differ in length"):
        faults_pdf.same_length(rb"ab", rb"a")(b"xabx")
    with pytest.raises(ValueError, match="nothing matches"):
        faults_pdf.same_length(rb"q", rb"a")(b"xabx")


def test_files_are_put_back(tmp_path):
    (tmp_path / "old").write_text("old", encoding="utf-8")
    with kept(tmp_path, "old", "new"):
        for name in ("old", "new"):
            (tmp_path / name).write_text("broken", encoding="utf-8")
    assert [path.name for path in tmp_path.iterdir()] == ["old"]
    assert (tmp_path / "old").read_text(encoding="utf-8") == "old"


def test_nbval_is_left_out_unless_it_is_asked_for():
    assert "no:nbval" in scratch.plugins(["-q", "tests"])
    assert "no:nbval" not in scratch.plugins(scratch.COMMAND)


def test_a_copy_is_not_run_with_settings_from_outside(monkeypatch):
    names = ("PYTEST_ADDOPTS", "MAKEFLAGS", "MPLBACKEND")
    for name in names:
        monkeypatch.setenv(name, "agg")
    found = scratch.environment(ROOT, PYTHONHASHSEED="1")
    left = [name for name in names if name in found]
    assert not left, f"tools/prove/scratch.py must leave out {left}"
    assert found["PYTHONHASHSEED"] == "1"
    assert found["PYTHONPATH"] == str(ROOT)


@pytest.mark.parametrize(
    ("work", "result"),
    [(lambda: b"right", b"right"), (lambda: 1 / 0, b""), (lambda: time.sleep(60), b"")],
)
def test_what_comes_to_no_end_in_time_gives_no_answer(work, result):
    began = time.monotonic()
    assert exercises.forked(work, 2.0) == result
    assert time.monotonic() - began < 30


def test_numpy_is_only_asked_to_leave_out_what_the_processor_has():
    dispatched, features = machines.numpy_features()
    assert set(dispatched) <= features
    for machine in machines.machines():
        asked = machine.settings.get("NPY_DISABLE_CPU_FEATURES", "").split()
        assert set(asked) <= set(dispatched)
        assert all(machine.settings.values())


def test_the_book_is_run_with_eight_noises_on_two_machines_with_one_and_two_threads():
    runs = list(perturbed.settings_tried(False, 3))
    assert [options for _, options, _ in runs[:8]] == [("--noise", str(n)) for n in range(3, 11)]
    settings = [settings for _, _, settings in runs[8:]]
    assert [s["OMP_NUM_THREADS"] for s in settings] == ["1", "2", "1", "2"]
    assert len({s.get("OPENBLAS_CORETYPE") for s in settings}) == 2


def test_it_is_said_what_changed_what_rests_on_it_and_how_much_noise_it_stands():
    line = {"begins": "x = 1", "changes": ["cost: 5 -> 6"], "sentences": ["a.ipynb: It costs 5."]}
    stood = {"2^5": set(), "2^10": {("a.ipynb", 3)}, "2^15": {("a.ipynb", 3)}}
    said = "\n".join(perturbed.words(("a.ipynb", 3), line, ["noise, seed 0"], stood))
    for part in (
        "a.ipynb cell 3, 'x = 1', differs under noise, seed 0",
        "cost: 5 -> 6",
        "stands noise of 2^5 ε",
        "rests on it: a.ipynb: It costs 5.",
        "more seeds",
    ):
        assert part in said
    stood |= {"2^10": set(), "2^15": set(), "2^20": set()}  # with another seed of the noise
    said = "\n".join(perturbed.words(("a.ipynb", 3), line, ["noise, seed 7"], stood))
    assert "stands noise of 2^5 ε" in said
    said = "\n".join(perturbed.words(("a.ipynb", 3), line, ["old, 1 thread(s)"], stood))
    assert "stands noise of 2^20 ε" in said


SOLUTION = """def f(x, *, steps=2):
    return -x if x < 0.5 and True else x ** steps
"""


def test_a_solution_is_changed_in_one_place_at_a_time():
    found = exercises.mutants(SOLUTION, "3.1")
    assert len(found) == len(set(found.values()))
    assert "3.1 f: def f(x, *, steps=2): -> def f(x, *, steps=3):" in found
    returned = "return -x if x < 0.5 and True else x ** steps"
    for old, new in (("-x", "+x"), ("<", "<="), ("<", ">"), ("0.5", "1.5"), ("0.5", "-0.5"),
                     ("and", "or"), ("True", "False"), ("**", "*")):  # fmt: skip
        assert f"3.1 f: {returned} -> {returned.replace(old, new, 1)}" in found
    assert len(found) == 10
    for text in found.values():
        assert (
            sum(a != b for a, b in zip(text.splitlines(), SOLUTION.splitlines(), strict=True)) == 1
        )


def test_each_digit_of_a_marked_number_is_changed_alone():
    found = [text for _, text in prose.changes("so **0.5**<!--v a:.1f--> of 7")]
    assert found == ["so **1.5**<!--v a:.1f--> of 7", "so **0.6**<!--v a:.1f--> of 7"]


def test_mutmut_gets_the_mathematics_and_nothing_else():
    names = mutants.modules(ROOT)
    assert "lossutils.regression" in names
    assert not [name for name in names if "plotting" in name or "__init__" in name]


def test_progress_says_how_many_of_how_many_and_not_too_often(monkeypatch, capsys):
    now = [0.0]
    monkeypatch.setattr(record.time, "monotonic", lambda: now[0])
    progress = record.Progress("gates", 3)
    progress.step()
    now[0] = 6.0
    progress.step()
    progress.step("a part with a name")
    said = capsys.readouterr().out
    assert said == "   gates: 2 of 3\n   gates: 3 of 3  a part with a name\n"
