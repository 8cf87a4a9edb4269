"""`aftercare rebuild-projections`"""

from collections.abc import Iterator, Sequence

import click
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from app.cli.frame import open_sessions, settings
from app.cli.language import _
from app.clock import Clock, engine_clock
from app.database import JOB_WAIT_SECONDS, writing
from app.models import ProcessInstance
from app.operations.actor import SYSTEM
from app.operations.projections import Deviation, deviations
from app.operations.projections_rebuilt import NotRebuildable, rebuild_projections
from app.operations.replay import find_case

AT_ONCE = 500
SHOWN = 20


@click.command(
    "rebuild-projections",
    help=_("Hold what pages show of each case (variables, path, tasks) against its history, and write it again."),
)
@click.argument("case", required=False)
@click.option("--check-only", is_flag=True, help=_("Change nothing, only say what differs."))
@click.pass_context
def rebuild_projections_command(context: click.Context, case: str | None, *, check_only: bool) -> None:
    """People may go on working: one case is locked at a time. Exits with status 1 when something stays different."""
    config = settings()
    sessions, clock = open_sessions(config), engine_clock(config)
    looked_at = different = failed = 0
    for instance_id in _cases(sessions, case):
        with sessions() as session:
            found = deviations(session, instance_id)
        looked_at += 1
        if not found:
            continue
        different += 1
        _show(instance_id, found)
        failed += check_only or not _rebuild(sessions, instance_id, clock)
    click.echo(_("%(count)s cases looked at, %(different)s differed.") % {"count": looked_at, "different": different})
    if failed:
        context.exit(1)
    click.echo(_("The tables are what the history says."))


def _cases(sessions: sessionmaker[Session], case: str | None) -> Iterator[str]:
    """The ids of all cases, or of the one named."""
    last = ""
    while True:
        with sessions() as session:
            query = select(ProcessInstance.id).where(ProcessInstance.id > last).order_by(ProcessInstance.id)
            ids = [find_case(session, case)] if case else session.scalars(query.limit(AT_ONCE)).all()
        yield from ids
        if case or not ids:
            return
        last = ids[-1]


def _rebuild(sessions: sessionmaker[Session], instance_id: str, clock: Clock) -> bool:
    with writing(JOB_WAIT_SECONDS), sessions() as session:
        try:
            rebuild_projections(session, instance_id, actor=SYSTEM, now=clock())
        except NotRebuildable as refusal:
            click.echo(_(refusal.msgid) % refusal.params, err=True)
            return False
        session.commit()
    return True


def _show(instance_id: str, found: Sequence[Deviation]) -> None:
    for deviation in found[:SHOWN]:
        text = _("DIFFERENT: case %(case)s, %(table)s %(key)s: stored %(stored)s, history %(told)s")
        facts = {name: getattr(deviation, name) for name in ("table", "key", "stored", "told")}
        click.echo(text % {"case": instance_id, **facts}, err=True)
