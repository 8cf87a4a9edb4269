"""`aftercare rebuild-search`"""

import click
from sqlalchemy.orm import Session, sessionmaker

from app.cli.frame import open_sessions, settings
from app.cli.language import _
from app.database import JOB_WAIT_SECONDS, writing
from app.operations.search_index import empty_index, go_on_from_now, index_cases, index_next_cases
from app.operations.search_proof import cases_amiss

# Others who write wait for one such transaction at most.
AT_ONCE = 50
SHOWN = 10


@click.command("rebuild-search", help=_("Make the search index anew from the cases and prove that it holds them all."))
@click.option("--check-only", is_flag=True, help=_("Change nothing, only compare the index with the cases."))
@click.pass_context
def rebuild_search(context: click.Context, *, check_only: bool) -> None:
    """People may go on working; they find less until it is done. Exits with status 1 when something is amiss."""
    sessions = open_sessions(settings())
    if not check_only:
        click.echo(_("%(count)s cases indexed.") % {"count": _rebuild(sessions)})
    with sessions() as session:
        amiss = cases_amiss(session)
    if amiss and not check_only:  # changed while they were compared, or really amiss: indexed and compared once more
        with writing(JOB_WAIT_SECONDS), sessions() as session:
            index_cases(session, amiss)
            amiss = cases_amiss(session)
            session.commit()
    if amiss:
        click.echo(_("AMISS: %(cases)s") % {"cases": ", ".join(amiss[:SHOWN])}, err=True)
        text = _("%(count)s cases are not found as they are. Run: aftercare rebuild-search")
        click.echo(text % {"count": len(amiss)}, err=True)
        context.exit(1)
    click.echo(_("The index holds what the cases say."))


def _rebuild(sessions: sessionmaker[Session]) -> int:
    with writing(JOB_WAIT_SECONDS), sessions() as session:
        empty_index(session)
        go_on_from_now(session)
        session.commit()
    last, count = "", 0
    while True:
        with writing(JOB_WAIT_SECONDS), sessions() as session:
            indexed = index_next_cases(session, last, AT_ONCE)
            session.commit()
        if not indexed:
            return count
        last, count = indexed[-1], count + len(indexed)
