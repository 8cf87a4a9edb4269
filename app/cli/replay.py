"""`aftercare replay`"""

import click

from app.cli.frame import open_sessions, settings
from app.cli.language import _
from app.operations.replay import find_case, replay_case


@click.command(
    help=_("Play a case again from its recorded inputs and say whether it comes to where it is. Nothing is changed.")
)
@click.argument("case")
@click.pass_context
def replay(context: click.Context, case: str) -> None:
    """CASE is its number or id. Exits with status 1 when the replay is not what is stored."""
    with open_sessions(settings())() as session:
        result = replay_case(session, find_case(session, case))
    click.echo(_("Case %(case)s: %(steps)s steps played again.") % {"case": result.case_number, "steps": result.steps})
    if result.difference:
        text = _(result.difference.msgid) % result.difference.params
        click.echo(_("DIFFERENT: %(what)s") % {"what": text}, err=True)
        context.exit(1)
    click.echo(_("The replay comes to the same path, variables and state."))
