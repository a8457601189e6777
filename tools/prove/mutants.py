"""Part 2: mutants of lossutils. A mutant is killed when a test fails, or a stored figure differs.

Mutated are the modules of the losses and of everything that draws, asks and checks. What a
chapter's exercises hold (inputs, wrong answers, hints) is data; part 3 is about it. Which tests
run a line is measured first, with coverage, so that each mutant meets only those, quickest first.
A mutant first meets them in a pytest that has collected its tests already (`tools.prove.warm`),
and, where an import runs what is mutated, in one that starts anew (`tools.prove.forks`).
"""

import random
import re
from collections import defaultdict
from multiprocessing import Pool
from pathlib import Path

from lossutils.exercises.session import CHAPTERS
from tools.prove import breaking, forks, pictures, scratch
from tools.prove.record import LEAST_KILLED, Outcome, expected
from tools.prove.warm import TESTS

SAMPLE = 120
AGAIN = 3  # of the list of survivors; they meet all their tests, which takes long
DATA = {f"lossutils/exercises/{name}.py" for name in (*CHAPTERS, "probes")}
LEAST_PATIENCE = 20
SOME = 20  # tests that a module with nothing changed must pass
ALIVE = {"code": 0}
MEASURE = "[run]\nsource = lossutils\ndata_file = {data}\n"


def modules(root):
    """Return the modules that are mutated, as paths below the root."""
    paths = [*root.glob("lossutils/*.py"), *root.glob("lossutils/exercises/*.py")]
    return sorted({str(p.relative_to(root)) for p in paths} - DATA)


def mutants_of(job):
    """Return the mutants of one module."""
    root, name = job
    source = (Path(root) / name).read_text(encoding="utf-8")
    return [(name, m) for m in breaking.mutants(source, name.removesuffix(".py"))]


def all_mutants(root):
    """Return every mutant as ``(module, mutant)``, in a fixed order."""
    with Pool(2) as pool:
        found = pool.map(mutants_of, [(str(root), name) for name in modules(root)], chunksize=1)
    return [mutant for some in found for mutant in some]


def measure(root):
    """Run the tests once; return the tests that ran each line, and the seconds of each test."""
    data, config = root / "coverage.data", root / "coverage.ini"
    config.write_text(MEASURE.format(data=data))
    args = ["--cov", f"--cov-config={config}", "--cov-context=test", "--cov-report=", TESTS]
    done = scratch.pytest(root, "-q", "-n", "2", "--durations=0", *args)
    if done.returncode:
        raise RuntimeError(
            f"the tests fail before anything is changed:\n{(done.stdout + done.stderr)[-2000:]}"
        )
    seconds = defaultdict(float)
    for time, name in re.findall(r"(?m)^([\d.]+)s \w+ +(\S.*)$", done.stdout):
        seconds[name] += float(time)
    return tests_by_line(data, root), seconds


def tests_by_line(data, root):
    """Return ``{module: {line: {test, ...}}}`` from what coverage stored; "" is an import."""
    import coverage

    found = coverage.CoverageData(str(data))
    found.read()
    lines = {}
    for file in found.measured_files():
        contexts = found.contexts_by_lineno(file)
        names = {n: {c.rpartition("|")[0] for c in cs} for n, cs in contexts.items()}
        lines[str(Path(file).relative_to(root.resolve()))] = names
    return lines


def tests_for(module, mutant, lines, seconds):
    """Return the tests that a mutant meets, the quickest first, and whether an import runs it.

    A line that runs on import belongs to every test of the module, or else of its folder.
    """
    by_line = lines.get(module, {})
    here = by_line.get(mutant.line, set()) | by_line.get(mutant.statement, set())
    folder = {m: names for m, names in lines.items() if Path(m).parent == Path(module).parent}
    every = set().union(*by_line.values()) - {""}
    every = every or set().union(*(s for names in folder.values() for s in names.values()))
    tests = (here or every) - {""} or every - {""}
    return sorted(tests, key=lambda t: (seconds[t], t)), "" in here or not here


def chosen(found, amount, seed, listed):
    """Return the sample, and some of the list of survivors besides, so that it stays true."""
    picked = set(range(len(found)))
    known = {i for i, (_, m) in enumerate(found) if m.name in listed}
    if amount is not None and amount < len(found):
        draw = random.Random(seed)
        picked = set(draw.sample(range(len(found)), amount))
        known = set(draw.sample(sorted(known), min(AGAIN, len(known))))
    return [found[i] for i in sorted(picked)], [found[i] for i in sorted(known - picked)]


def jobs_for(mutants, lines, seconds):
    """Return a job for each mutant that some test runs.

    No test may take much longer than it took, nor all of them than they took together: a mutant
    that loops for ever is killed by this.
    """
    jobs = []
    for number, (module, mutant) in enumerate(mutants):
        tests, imported = tests_for(module, mutant, lines, seconds)
        name = module.removesuffix(".py").replace("/", ".")
        args = ["-x", "-p", "no:xdist", "-p", "no:cov", "--hypothesis-seed=0"]
        args += sorted({test.partition("::")[0] for test in tests})
        whole = 60 + 5 * sum(seconds[test] + 0.02 for test in tests)
        source = [name, mutant.text]
        patience = [round(max(LEAST_PATIENCE, 5 * seconds[test])) for test in tests]
        if tests:
            jobs.append({"id": number, "args": args, "tests": tests, "source": source,
                         "patience": patience, "timeout": whole, "imported": imported})  # fmt: skip
    return jobs


def controls(root, jobs):
    """Return a job for each module with nothing changed: its tests must pass.

    Some of them are enough: all of them have just passed, when it was measured what they run.
    """
    first = {job["source"][0]: job for job in reversed(jobs)}
    found = []
    for name, job in first.items():
        text = (root / name.replace(".", "/")).with_suffix(".py").read_text(encoding="utf-8")
        some = {key: job[key][:SOME] for key in ("tests", "patience")}
        found.append({**job, **some, "id": name, "source": [name, text], "unchanged": True})
    return found


def judged(root, jobs):
    """Run the jobs where tests are collected already; then from the start, where that matters."""
    results = forks.run(root, [*jobs, *controls(root, jobs)], program="tools.prove.warm")
    codes = {job["id"]: results[job["id"]]["code"] for job in jobs}
    alive = [j for j in jobs if codes[j["id"]] == "cold" or (j["imported"] and not codes[j["id"]])]
    wrong = [name for name, r in results.items() if isinstance(name, str) and r["code"] != 0]
    if alive:
        cold = forks.run(root, [*alive, *controls(root, alive)])
        wrong += [name for name, r in cold.items() if isinstance(name, str) and r["code"] != 0]
        results |= cold
    return results, sorted(set(wrong))


def look_at_pictures(mutants, results, listed):
    """Let the notebooks judge what lives and draws; what is listed is known to change nothing."""
    alive = [
        number
        for number, (module, mutant) in enumerate(mutants)
        if results.get(number, ALIVE)["code"] == 0
        and module in pictures.SHOWN
        and mutant.name not in listed
    ]
    for number, seen in zip(alive, pictures.noticed([mutants[n] for n in alive]), strict=True):
        results[number] = {"code": "a notebook differs" if seen else 0}


def prove(everything, seed):
    """Try the mutants and return what came out."""
    found, listed = Outcome("mutants", complete=everything), expected("mutants")
    with scratch.copy() as root:
        lines, seconds = measure(root)
        every = all_mutants(root)
        sample, extra = chosen(every, None if everything else SAMPLE, seed, listed)
        mutants = [*sample, *extra]
        jobs = jobs_for(mutants, lines, seconds)
        results, wrong = judged(root, jobs)
    look_at_pictures(mutants, results, listed)
    found.problems += [f"the unchanged {name} fails its tests" for name in wrong]
    count(found, mutants, len(sample), results)
    names = {m.name for _, m in every}
    killed = {m.name for _, m in mutants} - set(found.survived)
    found.gone += [f"{n} (no such mutant)" for n in listed if n not in names]
    found.gone += [f"{n} (killed now)" for n in listed if n in killed]
    found.notes.append(f"{len(sample)} of {len(every)} mutants")
    return found


def count(found, mutants, sampled, results):
    """Count killed and surviving mutants; the listed ones beyond the sample are no part of it.

    The share that must be killed is that of the mutants which mean something else: those on the
    list are left out.
    """
    for number, (_, mutant) in enumerate(mutants):
        killed = results.get(number, ALIVE)["code"] not in (0, 5)
        if number < sampled:
            found.add("mutants", killed, mutant.name)
        elif not killed:
            found.survived.append(mutant.name)
    alive = {mutant.name for _, mutant in mutants[:sampled]} & set(found.survived)
    equal = len(alive & set(expected("mutants")))
    share = found.caught["mutants"] / max(1, found.tried["mutants"] - equal)
    if share < LEAST_KILLED:
        least = f"{LEAST_KILLED:.0%}"
        found.problems.append(f"{share:.1%} of the mutants that differ killed, {least} wanted")
