"""Many mutants, one pytest: it collects the tests once, and forks for each mutant.

python -m tools.prove.warm JOBS.json RESULTS.jsonl WORKERS

In the fork, functions get the code of the mutant in place, so that every test that has hold of
one calls the mutated one. What runs on import (tables, decorators, defaults of dataclasses) cannot
be exchanged in this way; such a job ends as "cold", and `tools.prove.forks` must run it. So must
it run what survives here though an import runs it: only there is the package imported anew.
"""

import json
import os
import signal
import sys
import types
from pathlib import Path

from tools.prove import forks

TESTS = "tests/lossutils_tests"


class TooLong(BaseException):
    """A test took much longer than with the unchanged package."""


def functions(namespace, module, prefix=""):
    """Return ``{name: function}`` of what a module defines, methods and wrapped ones included."""
    found = {}
    for name, value in namespace.items():
        if isinstance(value, type) and value.__module__ == module:
            found.update(functions(vars(value), module, f"{prefix}{name}."))
            continue
        parts = [value]
        if isinstance(value, property):
            parts = [value.fget, value.fset, value.fdel]
        elif isinstance(value, (classmethod, staticmethod)):
            parts = [value.__func__]
        for place, part in enumerate(parts):
            while hasattr(part, "__wrapped__"):
                part = part.__wrapped__
            if isinstance(part, types.FunctionType) and part.__module__ == module:
                found[f"{prefix}{name}/{place}"] = part
    return found


def exchange(module, text):
    """Give the functions of an imported module the code of another source text.

    Returns whether any code differed. Raises if the two do not have the same functions.
    """
    old = sys.modules[module]
    new = {"__name__": module, "__file__": old.__file__, "__package__": old.__package__}
    exec(compile(text, old.__file__, "exec"), new)
    ours, theirs = functions(vars(old), module), functions(new, module)
    if list(ours) != list(theirs):
        raise ValueError(f"{module}: other functions")
    differs = False
    for name, function in ours.items():
        other = theirs[name]
        before = (function.__code__, repr(function.__defaults__), repr(function.__kwdefaults__))
        if before == (other.__code__, repr(other.__defaults__), repr(other.__kwdefaults__)):
            continue
        function.__code__ = other.__code__
        function.__defaults__, function.__kwdefaults__ = other.__defaults__, other.__kwdefaults__
        differs = True
    for value in vars(old).values():
        if hasattr(value, "cache_clear"):
            value.cache_clear()
    return differs


def run_tests(items, names, patience, failures):
    """Run tests, each with the seconds that it may take, until one fails or takes too long."""

    def too_long(*_):
        raise TooLong

    signal.signal(signal.SIGALRM, too_long)
    chosen = [items[name] for name in names]
    for item, following, most in zip(chosen, [*chosen[1:], None], patience, strict=True):
        signal.setitimer(signal.ITIMER_REAL, most)
        try:
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        except BaseException as error:  # pytest lets an interrupt through
            failures.found[item.nodeid] = repr(error)
        signal.setitimer(signal.ITIMER_REAL, 0)
        if failures.found:
            return


class Server:
    """Instead of running the tests, fork for each job and run its tests there."""

    def __init__(self, jobs, target, workers):
        self.jobs, self.target, self.workers = jobs, target, workers

    def pytest_runtestloop(self, session):
        """Serve the jobs."""
        self.items = {item.nodeid: item for item in session.items}
        self.plugins = session.config.pluginmanager
        forks.drain(self.jobs, self.target, self.workers, self.child)
        return True

    def child(self, job, target):
        """Run one job in this process, which ends with it."""
        module, text = job["source"]
        forks.silence()
        try:
            differs = exchange(module, text)
        except BaseException:
            differs = False
        if not (differs or job.get("unchanged")):
            target.write_text(json.dumps({"code": "cold", "failed": {}}))
            return
        failures = forks.Failures()
        self.plugins.register(failures)
        run_tests(self.items, job["tests"], job["patience"], failures)
        code = int(bool(failures.found))
        target.write_text(json.dumps({"code": code, "failed": failures.found}))


def main(jobs, target, workers):
    """Collect the tests and serve the jobs."""
    import pytest

    arguments = ["-q", "-s", *forks.QUIET, "-p", "no:xdist", "-p", "no:cov"]
    arguments += ["--hypothesis-seed=0", TESTS]
    server = Server(jobs, target, workers)
    code = pytest.main(arguments, plugins=[server])
    if code:
        sys.exit(f"pytest ended with {code} before or while the mutants were tried")


if __name__ == "__main__":
    os.environ.setdefault("MPLBACKEND", "agg")
    main(json.loads(Path(sys.argv[1]).read_text()), sys.argv[2], int(sys.argv[3]))
