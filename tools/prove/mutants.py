"""Part 2: mutants of lossutils. A mutant is killed when a test fails on it.

Mutated are the modules of the losses and of everything that draws, asks and checks. What a
chapter's exercises hold (inputs, wrong answers, hints) is data; part 3 is about it. Which tests
run a line is measured first, with coverage, so that each mutant meets only those, quickest first.
"""

import random
import re
from collections import defaultdict
from multiprocessing import Pool
from pathlib import Path

from tools.prove import breaking, forks, scratch
from tools.prove.record import LEAST_KILLED, Outcome, expected

SAMPLE = 240
TESTS = "tests/lossutils_tests"
TIMEOUT = 40
MEASURE = "[run]\nsource = lossutils\ndata_file = {data}\n"


def modules(root):
    """Return the modules that are mutated, as paths below the root."""
    paths = [*root.glob("lossutils/*.py"), *root.glob("lossutils/exercises/*.py")]
    chapters = re.compile(r"_?chapter_\d")
    return sorted(str(p.relative_to(root)) for p in paths if not chapters.match(p.name))


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
    """Return ``{module: {line: {test, ...}}}`` from what coverage stored."""
    import coverage

    found = coverage.CoverageData(str(data))
    found.read()
    lines = {}
    for file in found.measured_files():
        contexts = found.contexts_by_lineno(file)
        names = {n: {c.partition("|")[0] for c in cs if c} for n, cs in contexts.items()}
        lines[str(Path(file).relative_to(root.resolve()))] = names
    return lines


def tests_for(module, mutant, lines, seconds):
    """Return the tests that a mutant meets, the quickest first.

    A line that runs on import belongs to every test of the module; the quick ones go first.
    """
    by_line = lines.get(module, {})
    tests = by_line.get(mutant.line, set())
    every = set().union(*by_line.values()) if by_line else set()
    return sorted(tests or every, key=lambda t: (seconds[t], t))


def chosen(found, amount, seed, listed):
    """Return the sample, and the mutants of the list of survivors, which are always tried."""
    picked = set(range(len(found)))
    if amount is not None and amount < len(found):
        picked = set(random.Random(seed).sample(range(len(found)), amount))
    extra = {i for i, (_, m) in enumerate(found) if m.name in listed} - picked
    return [found[i] for i in sorted(picked)], [found[i] for i in sorted(extra)]


def jobs_for(mutants, lines, seconds):
    """Return a job for each mutant that some test runs."""
    jobs = []
    for number, (module, mutant) in enumerate(mutants):
        tests = tests_for(module, mutant, lines, seconds)
        name = module.removesuffix(".py").replace("/", ".")
        args = ["-x", "-p", "no:xdist", "-p", "no:cov", "--hypothesis-seed=0"]
        args += sorted({test.partition("::")[0] for test in tests})
        source = [name, mutant.text]
        if tests:
            jobs.append({"id": number, "args": args, "tests": tests, "source": source,
                         "timeout": TIMEOUT})  # fmt: skip
    return jobs


def controls(root, jobs):
    """Return a job for each module with nothing changed: its tests must pass."""
    first = {job["source"][0]: job for job in reversed(jobs)}
    found = []
    for name, job in first.items():
        text = (root / name.replace(".", "/")).with_suffix(".py").read_text(encoding="utf-8")
        found.append({**job, "id": name, "source": [name, text], "timeout": 3 * TIMEOUT})
    return found


def prove(everything, seed):
    """Try the mutants and return what came out."""
    found, listed = Outcome("mutants", complete=everything), expected("mutants")
    with scratch.copy() as root:
        lines, seconds = measure(root)
        every = all_mutants(root)
        sample, extra = chosen(every, None if everything else SAMPLE, seed, listed)
        mutants = [*sample, *extra]
        jobs = jobs_for(mutants, lines, seconds)
        results = forks.run(root, [*jobs, *controls(root, jobs)])
    found.problems += [
        f"the unchanged {result['id']} fails its tests: {sorted(result['failed'])[:3]}"
        for result in results.values()
        if isinstance(result["id"], str) and result["code"] != 0
    ]
    count(found, mutants, len(sample), results)
    names = {m.name for _, m in every}
    found.gone += [f"{n} (no such mutant)" for n in listed if n not in names]
    tried = {m.name for _, m in mutants}
    found.gone += [f"{n} (killed now)" for n in listed if n in tried - set(found.survived)]
    found.notes.append(f"{len(sample)} of {len(every)} mutants")
    return found


def count(found, mutants, sampled, results):
    """Count killed and surviving mutants; the listed ones beyond the sample are no part of it."""
    for number, (_, mutant) in enumerate(mutants):
        result = results.get(number, {"code": 0})
        killed = result["code"] not in (0, 5)
        if number < sampled:
            found.add("mutants", killed, mutant.name)
        elif not killed:
            found.survived.append(mutant.name)
    share = found.caught["mutants"] / found.tried["mutants"]
    if share < LEAST_KILLED:
        found.problems.append(f"{share:.1%} of the mutants killed, {LEAST_KILLED:.0%} wanted")
