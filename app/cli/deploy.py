"""`aftercare deploy`"""

from pathlib import Path

import click

from app.cli.frame import open_sessions, settings
from app.cli.language import _
from app.clock import engine_clock
from app.database import JOB_WAIT_SECONDS, writing
from app.errors import InvalidInput
from app.i18n import N_
from app.operations.actor import SYSTEM
from app.operations.deployment_checks import KINDS, BundleRefused
from app.operations.deployment_warnings import BundleWarning, deployment_warnings
from app.operations.deployments import deploy as deploy_bundle
from app.operations.shipped import shipped_resources


@click.command(
    help=_("Deploy a folder's diagrams, decision tables and forms as one bundle; without a folder the shipped ones.")
)
@click.argument("folder", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--name", help=_("The bundle's name; by default the folder's."))
@click.option("--reason", default="Deployed from the command line", help=_("Why; kept in the history."))
@click.pass_context
def deploy(context: click.Context, folder: Path | None, name: str | None, reason: str) -> None:
    """All of it or nothing; what is deployed already gives no new version."""
    config = settings()
    resources = resources_of(folder) if folder else shipped_resources()
    bundle_name = name or (folder.resolve().name if folder else "aftercare")
    try:
        with writing(JOB_WAIT_SECONDS), open_sessions(config).begin() as session:
            now = engine_clock(config)()
            deployment = deploy_bundle(session, resources, name=bundle_name, reason=reason, actor=SYSTEM, now=now)
            warnings = deployment_warnings(session, deployment.id)
    except BundleRefused as error:
        _print_problems(error)
        context.exit(1)
    click.echo(_("Deployed %(count)s files as “%(name)s”.") % {"count": len(resources), "name": bundle_name})
    _print_warnings(warnings)


def resources_of(folder: Path) -> dict[str, bytes]:
    """File name -> content of what can be deployed below a folder; raises InvalidInput for none or two alike."""
    files = sorted(file for file in folder.rglob("*") if file.suffix in KINDS)
    if not files:
        raise InvalidInput(N_("There is no .bpmn, .dmn or .form file in %(folder)s."), folder=folder)
    resources: dict[str, bytes] = {}
    for file in files:
        if file.name in resources:
            raise InvalidInput(N_("Two files of the bundle are called %(name)s."), name=file.name)
        resources[file.name] = file.read_bytes()
    return resources


def _print_problems(error: BundleRefused) -> None:
    click.echo(_("Nothing was deployed:"), err=True)
    for problem in error.problems:
        place = ":".join(str(part) for part in (problem.resource, problem.line) if part)
        element = " ".join(part for part in (problem.element_id, problem.element_name) if part)
        text = _(problem.msgid) % problem.params if problem.params else _(problem.msgid)
        advice = _(problem.advice) if problem.advice else ""
        click.echo("  " + " ".join(filter(None, [_joined(place, element, text), advice])), err=True)


def _print_warnings(warnings: tuple[BundleWarning, ...]) -> None:
    if warnings:
        click.echo(_("Worth a look:"), err=True)
    for warning in warnings:
        text = _(warning.msgid) % warning.params if warning.params else _(warning.msgid)
        rules = _("rules %(numbers)s") % {"numbers": ", ".join(map(str, warning.rules))} if warning.rules else ""
        inputs = ", ".join(f"{name}: {value}" for name, value in warning.example.items())
        example = _("Example: %(inputs)s") % {"inputs": inputs} if inputs else ""
        place = _joined(f"{warning.resource}:{warning.line}", warning.element, rules, text)
        click.echo("  " + " ".join(filter(None, [place, example])), err=True)


def _joined(*parts: str) -> str:
    return ": ".join(filter(None, parts))
