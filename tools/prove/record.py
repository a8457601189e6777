"""What a part of the proof found, the list of what may survive, and the table at the end."""

import time
import tomllib
from dataclasses import dataclass, field
from pathlib import Path

ALLOWED = Path(__file__).with_name("survivors.toml")
EVERY = 5  # seconds


@dataclass
class Outcome:
    """Everything that one part tried.

    `tried` counts by kind; `survived` holds one text for each break that nothing noticed, which
    is also what the list of survivors names; `gone` holds entries of that list that no longer
    survive or no longer exist; `problems` is what went wrong otherwise; `notes` is only shown.
    """

    part: str
    tried: dict = field(default_factory=dict)
    caught: dict = field(default_factory=dict)
    survived: list = field(default_factory=list)
    gone: list = field(default_factory=list)
    problems: list = field(default_factory=list)
    notes: list = field(default_factory=list)
    seconds: float = 0.0
    complete: bool = False
    progress: "Progress | None" = None

    def add(self, kind, was_caught, name):
        """Count one break."""
        self.tried[kind] = self.tried.get(kind, 0) + 1
        self.caught[kind] = self.caught.get(kind, 0) + bool(was_caught)
        if not was_caught:
            self.survived.append(name)

    def allowed(self, entries):
        """Return the survivors that the list knows."""
        known = {name for e in entries if e["part"] == self.part for name in e["what"]}
        return [name for name in self.survived if name in known]

    def surprises(self, entries):
        """Return what makes the proof fail, one line each."""
        allowed = self.allowed(entries)
        lines = [f"nothing noticed: {n}" for n in self.survived if n not in allowed]
        lines += [f"take it off tools/prove/survivors.toml: {name}" for name in self.gone]
        return lines + self.problems


@dataclass
class Progress:
    """Says how many of how many are done, but not more often than every few seconds."""

    part: str
    total: int
    done: int = 0
    shown: float = field(default_factory=lambda: time.monotonic())

    def step(self, name=""):
        """Count one more."""
        self.done += 1
        if name or time.monotonic() - self.shown > EVERY:
            self.shown = time.monotonic()
            print(f"   {self.part}: {self.done} of {self.total}  {name}".rstrip(), flush=True)


def allowed_survivors(path=ALLOWED):
    """Return the list of survivors: a part, what survives (a name or several), and a reason."""
    entries = tomllib.loads(path.read_text(encoding="utf-8")).get("allow", [])
    for entry in entries:
        if set(entry) != {"part", "what", "reason"} or len(entry["reason"]) < 20:
            raise ValueError(f"an entry needs part, what and a reason in words: {entry}")
        if isinstance(entry["what"], str):
            entry["what"] = [entry["what"]]
    return entries


def expected(part, path=ALLOWED):
    """Return what the list says of one part, by name."""
    entries = [e for e in allowed_survivors(path) if e["part"] == part]
    return {name: entry["reason"] for entry in entries for name in entry["what"]}


def table(outcomes, entries):
    """Return the table, as lines."""
    head = ("part", "tried", "caught", "survived", "allowed", "seconds")
    rows = []
    for found in outcomes:
        totals = (sum(found.tried.values()), sum(found.caught.values()), len(found.survived))
        rows.append((found.part, *totals, len(found.allowed(entries)), f"{found.seconds:.0f}"))
        kinds = found.tried if len(found.tried) > 1 else ()
        rows += [(f"  {k}", found.tried[k], found.caught[k], "", "", "") for k in kinds]
    widths = [max(len(str(row[i])) for row in (head, *rows)) for i in range(len(head))]
    return [
        "  ".join(
            str(value).ljust(width) if i == 0 else str(value).rjust(width)
            for i, (value, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in (head, *rows)
    ]
