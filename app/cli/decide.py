"""`aftercare decide FILE DECISION`"""

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import click

from app.cli.language import _
from app.clock import real_clock
from app.errors import InvalidInput, NotFound
from app.feel import BudgetExceeded, Environment, Notice, NotRepresentable, read_json, write_json
from app.feel.dmn import DecisionModel, LoadedModels, Problem, UnknownDecision, has_imports, load_models, read_as
from app.i18n import N_

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command(
    help=_(
        "Evaluate a decision or decision service of a DMN file and print its value as JSON."
        " What made parts of it null is said on the standard error."
    )
)
@click.argument("file", type=FILE)
@click.argument("decision")
@click.option(
    "--input", "given", default="{}", help=_("A JSON object: the values by name; @FILE reads a file, - stdin.")
)
@click.option(
    "--model", "others", multiple=True, type=FILE,
    help=_("A DMN file that is imported, if it does not lie beside; may be given several times."),
)
@click.option("--zone", default="Asia/Shanghai", show_default=True, help=_("The time zone of now() and today()."))
@click.option(
    "--tolerant", "is_tolerant", is_flag=True, help=_("What cannot run is null instead of refusing the file.")
)
@click.pass_context
def decide(
    context: click.Context, file: Path, decision: str, given: str, others: tuple[Path, ...], zone: str,
    *, is_tolerant: bool,
) -> None:
    """Needs no database: an author tries a table before it is deployed."""
    values = _values(given)
    loaded = load_models(_files(file, others), is_tolerant=is_tolerant)
    _print_problems(loaded, file)
    model = loaded.models.get(str(file))
    if model is None:
        context.exit(1)
    _warn_of_unknown_names(model, values)
    environment = Environment(real_clock(), _zone(zone))
    try:
        types = model.inputs_of(decision)
        inputs = {name: read_as(value, types[name]) if name in types else value for name, value in values.items()}
        result = model.evaluate(decision, inputs, environment)
    except UnknownDecision:
        raise NotFound(
            N_("There is no decision “%(name)s” in the file. There are: %(known)s."),
            name=decision, known=", ".join(model.decision_names) or "-",
        ) from None
    except BudgetExceeded as error:
        msgid = N_("The decision “%(decision)s” needs more than its budget allows: %(limit)s.")
        raise InvalidInput(msgid, decision=decision, limit=error.kind) from error
    _print_notices(result.warnings)
    click.echo(write_json(result.value))


def _values(given: str) -> dict[str, object]:
    """The input values; raises InvalidInput for what is not a JSON object."""
    text = given
    if given == "-":
        text = sys.stdin.read()
    elif given.startswith("@"):
        file = Path(given[1:])
        if not file.is_file():
            raise InvalidInput(N_("There is no file %(file)s."), file=file)
        text = file.read_text(encoding="utf-8")
    try:
        values = read_json(text)
    except json.JSONDecodeError as error:
        msgid = N_("The input is not JSON: line %(line)s, column %(column)s.")
        raise InvalidInput(msgid, line=error.lineno, column=error.colno) from error
    except NotRepresentable as error:
        raise InvalidInput(N_("A number of the input is out of range.")) from error
    if not isinstance(values, dict):
        raise InvalidInput(N_("The input must be a JSON object with the values by name."))
    return values


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise InvalidInput(N_("“%(zone)s” is not a time zone such as Asia/Shanghai."), zone=name) from error


def _files(file: Path, others: Iterable[Path]) -> dict[str, bytes]:
    """The file, those named besides it, and its neighbours where it imports something; by path."""
    content = file.read_bytes()
    neighbours = sorted(file.parent.glob("*.dmn")) if has_imports(content) else []
    around = {path.resolve(): path for path in (*neighbours, *others)}
    around.pop(file.resolve(), None)
    return {**{str(path): path.read_bytes() for path in around.values()}, str(file): content}


def _print_problems(loaded: LoadedModels, file: Path) -> None:
    """What cannot run; files around matter only where they keep this one from running."""
    refused = loaded.refused if str(file) in loaded.refused else {}
    for path, problems in refused.items():
        for problem in problems:
            _print_problem(path, problem)
    for path, model in loaded.models.items():
        for problem in model.problems:
            _print_problem(path, problem)


def _print_problem(path: str, problem: Problem) -> None:
    text = _(problem.msgid) % problem.params if problem.params else _(problem.msgid)
    click.echo(f"{path}:{problem.line}: {problem.element}: {text}", err=True)


def _warn_of_unknown_names(model: DecisionModel, values: dict[str, object]) -> None:
    known = {element.name for element in model.known.values()}
    for name in values:
        if name.rpartition("#")[2] not in known:
            click.echo(_("Nothing in the file is called “%(name)s”; its value is not used.") % {"name": name}, err=True)


def _print_notices(notices: Iterable[Notice]) -> None:
    texts = (f"{notice.element}: {_(notice.msgid) % notice.params}" for notice in notices)
    for text in dict.fromkeys(texts):  # a rule that is tried again has the same to say
        click.echo(text, err=True)
