"""Many short pytest runs: one process imports what is slow once, and forks for each run.

python -m tools.prove.forks JOBS.json RESULTS.jsonl WORKERS

A job is ``{"id", "args", "source", "files", "timeout"}``. `source`, when given, is ``[module,
text]``: the text that the run finds in the place of that module of lossutils. `files` are written
before the run and put back after it (``{path: text}``, one worker only). `tests`, when given, are
the tests to run, in this order; `args` must name their files. The result of a job is the tests
that failed, with what they said, and how the run ended: the exit code of pytest, "timeout" or
"crashed".
"died" is a fault of this program, and an error.
"""

import contextlib
import importlib.abc
import importlib.util
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from pathlib import Path

from tools.prove import scratch

SLOW = ("numpy", "scipy.special", "torch", "matplotlib.pyplot", "hypothesis", "IPython", "pytest")
# What is imported before pytest starts cannot be rewritten by it, and need not be.
QUIET = (*scratch.plugins(()), "-W", "ignore::pytest.PytestAssertRewriteWarning")
SLOW_BOOK = (*SLOW, "nbformat", "nbclient", "bs4", "yaml", "sphinx", "sphinxcontrib.katex")


class Instead(importlib.abc.MetaPathFinder, importlib.abc.InspectLoader):
    """Give one module another source text."""

    def __init__(self, module, text):
        self.module, self.text = module, text
        file = Path("lossutils", *module.split(".")[1:]).with_suffix(".py")
        self.file = str(file.resolve())

    def find_spec(self, name, path=None, target=None):
        """Answer for the one module only."""
        if name != self.module:
            return None
        spec = importlib.util.spec_from_loader(name, self, origin=self.file)
        spec.has_location = True
        return spec

    def get_source(self, name):
        """Return the other text."""
        return self.text

    def get_code(self, name):
        """Return its code, with the name of the file: tracebacks are told apart by it."""
        return compile(self.text, self.file, "exec", dont_inherit=True)

    def is_package(self, name):
        """Say that the module is a file."""
        return False


class Failures:
    """Collect the tests that failed and what they said."""

    def __init__(self):
        self.found = {}

    def pytest_runtest_logreport(self, report):
        """Note a failure in set-up or call."""
        if report.failed:
            self.found[report.nodeid] = str(report.longreprtext)

    def pytest_collectreport(self, report):
        """Note a file that could not be read."""
        if report.failed:
            self.found[report.nodeid] = str(report.longreprtext)


class Only:
    """Keep the tests of a list, in its order; pytest is slow when it gets many names."""

    def __init__(self, names):
        self.place = {name: number for number, name in enumerate(names)}

    def pytest_collection_modifyitems(self, items):
        """Leave out the others."""
        items[:] = [item for item in items if item.nodeid in self.place]
        items.sort(key=lambda item: self.place[item.nodeid])


def silence():
    """Send what this process prints nowhere."""
    with open(os.devnull, "w") as nowhere:
        os.dup2(nowhere.fileno(), 1)
        os.dup2(nowhere.fileno(), 2)


def child(job, target):
    """Run one job in this process, which ends with it."""
    import pytest

    for name in [n for n in sys.modules if n.partition(".")[0] in ("tools", "lossutils", "tests")]:
        del sys.modules[name]
    if job.get("source"):
        sys.meta_path.insert(0, Instead(*job["source"]))
    failures = Failures()
    plugins = [failures, *([Only(job["tests"])] if job.get("tests") else [])]
    silence()
    code = pytest.main(["-q", *QUIET, *job["args"]], plugins=plugins)
    Path(target).write_text(json.dumps({"code": int(code), "failed": failures.found}))


def name_of(job):
    """Return the name of the file with a job's result."""
    return "".join(c if c.isalnum() else "_" for c in str(job["id"]))


def start(job, folder, work):
    """Fork for a job, which is done by ``work(job, path of its result)``; return its id."""
    pid = os.fork()
    if pid:
        return pid
    try:
        os.setsid()
        work(job, Path(folder) / name_of(job))
    except BaseException:
        problem = {"code": "died", "failed": {"": traceback.format_exc()}}
        (Path(folder) / name_of(job)).write_text(json.dumps(problem))
    finally:
        os._exit(0)


def finished(running, folder):
    """Wait for one of the running jobs; return its process id and result."""
    while True:
        for pid, (job, began) in running.items():
            done, _ = os.waitpid(pid, os.WNOHANG)
            late = time.monotonic() - began > job.get("timeout", 60)
            if not done and not late:
                continue
            if not done:
                os.waitpid(pid, 0) if kill(pid) else None
            path = Path(folder) / name_of(job)
            result = {"code": "crashed" if done else "timeout", "failed": {}}
            if path.exists() and done:
                result = json.loads(path.read_text())
            return pid, {"id": job["id"], **result, "seconds": time.monotonic() - began}
        time.sleep(0.005)


def kill(pid):
    """End a run and the processes it started."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)
    return True


def swapped(files):
    """Write files and return what they held; None removes a file, or says that there was none."""
    before = {}
    for name, text in files.items():
        path = Path(name)
        before[name] = path.read_text(encoding="utf-8") if path.exists() else None
        if text is None:
            path.unlink(missing_ok=True)
        else:
            path.write_text(text, encoding="utf-8")
    return before


def drain(jobs, target, workers, work):
    """Do all jobs, some at a time, each in a fork, and write a line for each."""
    waiting, running = list(reversed(jobs)), {}
    with tempfile.TemporaryDirectory() as folder, open(target, "w", encoding="utf-8") as out:
        while waiting or running:
            while waiting and len(running) < workers:
                job = waiting.pop()
                job["before"] = swapped(job.get("files", {}))
                running[start(job, folder, work)] = (job, time.monotonic())
            pid, result = finished(running, folder)
            swapped(running.pop(pid)[0]["before"])
            if result["code"] == "died":
                for other in running:
                    kill(other)
                print(f"{result['id']}: {result['failed']['']}", file=sys.__stderr__)
                sys.exit(1)
            out.write(json.dumps(result) + "\n")
            out.flush()


def serve(jobs, target, workers):
    """Import what is slow, then do all jobs."""
    for name in SLOW_BOOK if any(not j.get("source") for j in jobs) else SLOW:
        importlib.import_module(name)
    import torch

    torch.set_num_threads(1)
    drain(jobs, target, workers, child)


def run(root, jobs, workers=2, timeout=7200, program="tools.prove.forks"):
    """Run jobs in a copy of the book; return their results by id."""
    with tempfile.TemporaryDirectory() as folder:
        given, written = Path(folder) / "jobs.json", Path(folder) / "results.jsonl"
        given.write_text(json.dumps(jobs))
        command = [sys.executable, "-m", program, given, written, str(workers)]
        env = scratch.environment(root, MPLBACKEND="agg", PYTHONHASHSEED="0")
        if not any(job.get("files") for job in jobs):
            del env["PYTHONDONTWRITEBYTECODE"]  # pytest need not rewrite the same tests each time
        done = subprocess.run(
            command, cwd=root, env=env, timeout=timeout, check=False, capture_output=True, text=True
        )
        if done.returncode:
            raise RuntimeError(done.stderr[-3000:])
        results = [json.loads(line) for line in written.read_text().splitlines()]
    return {result["id"]: result for result in results}


if __name__ == "__main__":
    serve(json.loads(Path(sys.argv[1]).read_text()), sys.argv[2], int(sys.argv[3]))
