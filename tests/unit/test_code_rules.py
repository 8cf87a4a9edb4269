"""Rules of the code that no linter knows: sizes, words, where commits and SQL may stand. See docs/architecture.md."""

import ast
import statistics
from collections.abc import Iterator
from pathlib import Path

import pytest

APP = Path(__file__).parents[2] / "app"
FILES = sorted(path for path in APP.rglob("*.py") if "migrations" not in path.parts)
EDGES = ("web", "cli", "worker", "worker.py", "__init__.py")

LONGEST_FILE = 400
LONGEST_FUNCTION = 50
MEDIAN_FILE = 120
MEDIAN_FUNCTION = 10

# Names that say nothing about what is inside, and "service", which means three things in this field.
EMPTY_WORDS = {"util", "utils", "helper", "helpers", "manager", "service", "services", "processor", "misc", "common"}
# `task` alone is ambiguous here: spiff_task in the engine, user_task in the inbox, job in the background.
AMBIGUOUS_NAMES = {"task", "tasks"}
BROAD = {"Exception", "BaseException"}
RUNS_SQL = {"execute", "executemany", "exec_driver_sql", "scalar", "scalars", "text"}
RUNS_CODE = {"eval", "exec", "compile", "__import__"}

Finding = tuple[int, str]


def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def _functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def _length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (function.end_lineno or function.lineno) - function.lineno + 1


def _called(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def long_functions(tree: ast.Module) -> Iterator[Finding]:
    for function in _functions(tree):
        if _length(function) > LONGEST_FUNCTION:
            yield function.lineno, f"{function.name} has {_length(function)} lines"


def broad_excepts(tree: ast.Module) -> Iterator[Finding]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ExceptHandler):
            caught = {getattr(name, "id", "") for name in ast.walk(node.type)} if node.type else BROAD
            if caught & BROAD:
                yield node.lineno, "catches everything: name the errors that can be handled here"


def assembled_sql(tree: ast.Module) -> Iterator[Finding]:
    """An f-string, `%`, `+` or .format() as the statement."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _called(node) in RUNS_SQL and node.args:
            statement = node.args[0]
            is_formatted = isinstance(statement, ast.Call) and _called(statement) == "format"
            is_joined = isinstance(statement, ast.BinOp) and any(
                isinstance(part, ast.JoinedStr) or (isinstance(part, ast.Constant) and isinstance(part.value, str))
                for part in (statement.left, statement.right)
            )
            if isinstance(statement, ast.JoinedStr) or is_formatted or is_joined:
                yield node.lineno, "assembles SQL: bind parameters instead"


def run_code(tree: ast.Module) -> Iterator[Finding]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in RUNS_CODE:
            yield node.lineno, f"{node.func.id}() runs text as code"


def ambiguous_names(tree: ast.Module) -> Iterator[Finding]:
    # A bare declaration in a subclass repeats the name that a library gave.
    declared = {id(node.target) for node in ast.walk(tree) if isinstance(node, ast.AnnAssign) and node.value is None}
    for node in ast.walk(tree):
        if id(node) in declared:
            continue
        match node:
            case ast.Name(id=name, ctx=ast.Store()) | ast.arg(arg=name):
                pass
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                pass
            case _:
                continue
        if name.lower() in AMBIGUOUS_NAMES:
            yield node.lineno, f"bare `{name}`: say spiff_task, user_task or job"


SESSIONS = {APP / "database" / "lean_session.py"}  # what the edges call when they commit


def commits(tree: ast.Module) -> Iterator[Finding]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "commit":
            yield node.lineno, "commits: only the edges do"


EVERYWHERE = (long_functions, broad_excepts, assembled_sql, run_code, ambiguous_names)


def _named(path: Path) -> str:
    return str(path.relative_to(APP.parent))


@pytest.mark.parametrize("path", FILES, ids=_named)
def test_file_keeps_the_rules(path: Path) -> None:
    tree = _tree(path)
    may_commit = path.relative_to(APP).parts[0] in EDGES or path in SESSIONS
    rules = EVERYWHERE if may_commit else (*EVERYWHERE, commits)
    findings = [f"{_named(path)}:{line}: {text}" for rule in rules for line, text in rule(tree)]
    lines = len(path.read_text(encoding="utf-8").splitlines())
    if lines > LONGEST_FILE:
        findings.append(f"{_named(path)} has {lines} lines")
    if path.stem.split("_")[-1] in EMPTY_WORDS:  # service_task is a word of BPMN, task_service says nothing
        findings.append(f"{_named(path)}: the name says nothing")
    assert not findings, "\n".join(findings)


def test_most_files_and_functions_are_short() -> None:
    files = [len(path.read_text(encoding="utf-8").splitlines()) for path in FILES]
    functions = [_length(function) for path in FILES for function in _functions(_tree(path))]
    assert statistics.median(files) <= MEDIAN_FILE
    assert statistics.median(functions) < MEDIAN_FUNCTION


@pytest.mark.parametrize(
    ("rule", "source"),
    [
        (long_functions, "def f():\n" + "    x = 1\n" * LONGEST_FUNCTION),
        (broad_excepts, "try:\n    f()\nexcept (ValueError, Exception):\n    g()"),
        (broad_excepts, "try:\n    f()\nexcept:\n    g()"),
        (assembled_sql, "session.execute(text(f'select {x}'))"),
        (assembled_sql, "session.execute('select ' + x)"),
        (assembled_sql, "text('select %s' % x)"),
        (assembled_sql, "text('select {}'.format(x))"),
        (run_code, "eval('1')"),
        (ambiguous_names, "for task in tasks: pass"),
        (ambiguous_names, "def f(task): pass"),
        (ambiguous_names, "class Task: pass"),
        (commits, "session.commit()"),
    ],
)
def test_a_breach_is_found(rule: object, source: str) -> None:
    assert list(rule(ast.parse(source)))  # type: ignore[operator]


def test_files_are_looked_at() -> None:
    assert APP / "errors.py" in FILES


def test_every_folder_is_a_package() -> None:
    # The architecture contracts do not see a folder without __init__.py: whatever lies in it would go unchecked.
    folders = {path.parent for path in FILES}
    assert not sorted(_named(folder) for folder in folders if not (folder / "__init__.py").exists())
