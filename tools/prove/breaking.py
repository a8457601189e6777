"""Mutants of Python source: cosmic-ray's operators, as far as they make sense for this code."""

import ast
import bisect
import copy
import difflib
import itertools
import re
import sys
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ROOT / ".venv-prove"

ARITHMETIC = {"Add": "Sub", "Sub": "Add", "Mul": "Div", "Div": "Mul", "Pow": "Mul"}
WHOLE = {"FloorDiv": "Div", "Mod": "FloorDiv", "BitAnd": "BitOr", "BitOr": "BitAnd"}
# A change of < to <= moves the border, one to > turns the branch round.
COMPARE = {
    "Lt": ("LtE", "Gt"),
    "LtE": ("Lt", "GtE"),
    "Gt": ("GtE", "Lt"),
    "GtE": ("Gt", "LtE"),
    "Eq": ("NotEq",),
    "NotEq": ("Eq",),
    "Is": ("IsNot",),
    "IsNot": ("Is",),
}
OTHER = (
    "AddNot",
    "NumberReplacer",
    "RemoveDecorator",
    "ReplaceAndWithOr",
    "ReplaceBreakWithContinue",
    "ReplaceContinueWithBreak",
    "ReplaceFalseWithTrue",
    "ReplaceOrWithAnd",
    "ReplaceTrueWithFalse",
    "ReplaceUnaryOperator_Delete_Invert",
    "ReplaceUnaryOperator_Delete_Not",
    "ReplaceUnaryOperator_Delete_USub",
    "ZeroIterationForLoop",
)


@dataclass(frozen=True)
class Mutant:
    """One change of one source text."""

    where: str
    line: int
    statement: int
    was: str
    now: str
    text: str

    @property
    def name(self):
        """Return what identifies the mutant, also when lines move."""
        return f"{self.where}: {self.was} -> {self.now}"


def operator_names():
    """Return the names of the operators that are used."""
    changes = [*(ARITHMETIC | WHOLE).items()]
    binary = [f"ReplaceBinaryOperator_{a}_{b}" for a, b in changes]
    compare = [f"ReplaceComparisonOperator_{a}_{b}" for a, bs in COMPARE.items() for b in bs]
    return (*binary, *compare, *OTHER)


@cache
def operators():
    """Return cosmic-ray's operators; its packages come last, behind those of the course."""
    if str(PACKAGES) not in sys.path:
        sys.path.append(str(PACKAGES))
    from cosmic_ray.operators.provider import OperatorProvider

    provider = OperatorProvider()
    missing = set(operator_names()) - set(provider)
    if missing:
        raise RuntimeError(f"this cosmic-ray has no operator {sorted(missing)}")
    return {name: provider[name]() for name in operator_names()}


def own_copy(node):
    """Return a copy of a node that an operator may change: they reach down to its children."""
    node = copy.copy(node)
    if hasattr(node, "children"):
        node.children = [copy.copy(child) for child in node.children]
    return node


def line_offsets(source):
    """Return where each line begins."""
    return [0, *itertools.accumulate(map(len, source.splitlines(keepends=True)))]


def each_change(source):
    """Yield ``(first offset, end, new text)`` of every change, in a fixed order.

    cosmic-ray parses the whole source again for each change; here it is parsed once, and each
    operator gets a copy of the node that it changes.
    """
    chosen = operators().values()  # they bring cosmic-ray's packages into reach
    from cosmic_ray.ast import ast_nodes, get_ast

    offsets = line_offsets(source)
    nodes = list(ast_nodes(get_ast(source)))
    for operator in chosen:
        for node in nodes:
            for index, _ in enumerate(operator.mutation_positions(node)):
                new = operator.mutate(own_copy(node), index)
                ends = node.get_start_pos_of_prefix(), node.end_pos
                first, end = (offsets[line - 1] + column for line, column in ends)
                yield first, end, new.get_code() if new else ""


def plan(source):
    """Return the syntax tree, or None where the source is no Python."""
    try:
        return ast.parse(source)
    except SyntaxError:
        return None


def parameters(tree):
    """Return the kinds of parameters: cosmic-ray takes the bare * between them for a product."""
    functions = (n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef))
    return [(len(f.args.posonlyargs), len(f.args.args), len(f.args.kwonlyargs)) for f in functions]


def scopes(source):
    """Return, for each line, the name of the innermost function or class around it."""
    found = {}

    def walk(node, prefix):
        for child in ast.iter_child_nodes(node):
            name = getattr(child, "name", None)
            here = f"{prefix}.{name}" if prefix and name else name or prefix
            if isinstance(child, (ast.FunctionDef, ast.ClassDef)):
                first = min([child.lineno, *(d.lineno for d in child.decorator_list)])
                found.update(dict.fromkeys(range(first, child.end_lineno + 1), here))
                walk(child, here)
            else:
                walk(child, prefix)

    walk(ast.parse(source), "")
    return found


def statements(source):
    """Return, for each line, the first line of the innermost statement that it belongs to."""
    found = {}
    for node in ast.walk(ast.parse(source)):  # outer statements come before inner ones
        if isinstance(node, ast.stmt):
            found.update(dict.fromkeys(range(node.lineno, node.end_lineno + 1), node.lineno))
    return found


def beginnings(source):
    """Return where the statements of a module begin: a change in one of them leaves the others."""
    offsets = line_offsets(source)
    starts = [
        min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", ()))])
        for node in ast.parse(source).body
    ]
    return sorted({0, *(offsets[line - 1] for line in starts)})


def mutants(source, where):
    """Return the mutants of a source text that are Python and mean something else."""
    seen, found = set(), []
    names, starts = scopes(source), statements(source)
    old = source.splitlines()
    begins, length = beginnings(source), len(source)
    for first, end, code in each_change(source):
        text = source[:first] + code + source[end:]
        begin = begins[bisect.bisect_right(begins, first) - 1]
        stop = [*begins, length][bisect.bisect_left(begins, end)]
        before = plan(source[begin:stop])
        after = plan(text[begin : stop + len(text) - length])
        if after is None or ast.dump(after) == ast.dump(before):
            continue
        if (begin, ast.dump(after)) in seen:
            continue
        seen.add((begin, ast.dump(after)))
        if parameters(after) != parameters(before):
            continue
        new = text.splitlines()
        line = next(i for i, (a, b) in enumerate(zip(old, new, strict=False)) if a != b)
        was, now = difference(old[line], new[line])
        scope, start = names.get(line + 1, ""), starts.get(line + 1, line + 1)
        found.append(Mutant(f"{where} {scope}".strip(), line + 1, start, was, now, text))
    return numbered(found)


def difference(old, new):
    """Return a changed line before and after, without what only serves the layout."""
    tidy = [re.sub(r"\s+", " ", line).strip() for line in (old, new)]
    if max(map(len, tidy)) <= 90:
        return tuple(tidy)
    pieces = difflib.SequenceMatcher(None, *tidy, autojunk=False).get_opcodes()
    first = next(p for p in pieces if p[0] != "equal")
    start = max(0, first[1] - 40)
    return tidy[0][start : start + 90], tidy[1][start : start + 90]


def numbered(found):
    """Tell mutants of the same name apart: lines that occur twice in one function."""
    counts, result = {}, []
    for mutant in sorted(found, key=lambda m: m.line):
        count = counts[mutant.name] = counts.get(mutant.name, 0) + 1
        where = mutant.where if count == 1 else f"{mutant.where} ({count})"
        result.append(replace(mutant, where=where))
    return result
