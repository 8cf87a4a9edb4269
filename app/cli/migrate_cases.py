"""`aftercare migrate-cases`"""

from collections.abc import Sequence
from datetime import datetime

import click
from sqlalchemy.orm import Session

from app.cli.frame import open_sessions, settings
from app.cli.language import _
from app.clock import engine_clock
from app.database import JOB_WAIT_SECONDS, writing
from app.engine import ChangeRefused
from app.errors import AppError, NotFound
from app.i18n import N_
from app.models import ProcessInstance
from app.models.case_change_queries import VersionRow, versions
from app.operations.actor import SYSTEM
from app.operations.case_batches import BatchOrder, changeable_cases, order_batch
from app.operations.case_migration import check_migration


@click.command(help=_("Take the open cases of older versions of a process to another version, the newest by default."))
@click.argument("process")
@click.option("--to", "target", type=int, help=_("The version to go to."))
@click.option("--reason", default="Migrated from the command line", help=_("Why; kept in the history."))
@click.option("--check", is_flag=True, help=_("Only say for each case what would happen."))
def migrate_cases(process: str, target: int | None, reason: str, *, check: bool) -> None:
    """Elements go to those of the same id; other mappings are made on the page. A worker carries it out."""
    config = settings()
    now = engine_clock(config)()
    with writing(JOB_WAIT_SECONDS), open_sessions(config).begin() as session:
        found = versions(session, process)
        aim = next((row for row in found if target in (None, row.version)), None)
        if aim is None:
            raise NotFound(N_("There is no such version of “%(process)s”."), process=process)
        others = [row for row in found if row.id != aim.id and row.open_cases]
        if check:
            _print_check(session, others, aim, now)
            return
        for row in others:
            order_batch(session, BatchOrder("migrate", row.id, reason, aim.id), actor=SYSTEM, now=now)
    count = sum(row.open_cases for row in others)
    text = _(
        "%(count)s cases go to version %(version)s as soon as a worker runs; the page “Processes” shows the result."
    )
    click.echo(text % {"count": count, "version": aim.version})


def _print_check(session: Session, others: Sequence[VersionRow], aim: VersionRow, now: datetime) -> None:
    for row in others:
        for instance_id, _site in changeable_cases(session, row.id, SYSTEM):
            number = session.get_one(ProcessInstance, instance_id).case_number
            click.echo(f"{number}: {_result(session, instance_id, aim.id, now)}")


def _result(session: Session, instance_id: str, target_id: str, now: datetime) -> str:
    try:
        check_migration(session, instance_id, target_id, None, actor=SYSTEM, now=now)
    except ChangeRefused as refused:
        reasons = (_(reason.msgid) % {"element": reason.element_id, **reason.params} for reason in refused.reasons)
        return _("stays: %(reasons)s") % {"reasons": " ".join(reasons)}
    except AppError as error:
        return _("stays: %(reasons)s") % {"reasons": _(error.msgid) % error.params if error.params else _(error.msgid)}
    return _("goes")
