"""`aftercare check`"""

import os
from collections.abc import Iterator

import click
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from app.cli.frame import open_sessions
from app.cli.language import _
from app.clock import engine_clock
from app.config import Config, inspect_config
from app.database import refuse_unsafe_settings
from app.errors import AppError
from app.i18n import N_
from app.models import Job, SubjectKey
from app.operations.readiness import look_at_all


@click.command(help=_("Look at settings, databases, worker and disk, and say everything that is wrong at once."))
@click.pass_context
def check(context: click.Context) -> None:
    """Exits with status 1 when something is wrong; advice alone is no fault. Changes nothing in the databases."""
    config, refusals = inspect_config(os.environ)
    sessions = open_sessions(config)
    wrong = [_(refusal.msgid) % refusal.params for refusal in refusals]
    wrong += [*_unsafe_databases(sessions), *_not_ready(sessions, config)]
    for text in wrong:
        click.echo(_("WRONG: %(text)s") % {"text": text}, err=True)
    for msgid in _advice(config):
        click.echo(_("Advice: %(text)s") % {"text": _(msgid)})
    if wrong:
        context.exit(1)
    click.echo(_("Nothing is wrong."))


def _unsafe_databases(sessions: sessionmaker[Session]) -> Iterator[str]:
    with sessions() as session:
        engines = {session.get_bind(model).engine for model in (Job, SubjectKey)}
    for engine in engines:
        try:
            refuse_unsafe_settings(engine)
        except AppError as refusal:
            yield _(refusal.msgid) % refusal.params
        except SQLAlchemyError:  # told by the look at the databases
            continue


def _not_ready(sessions: sessionmaker[Session], config: Config) -> Iterator[str]:
    with sessions() as session:
        for finding in look_at_all(session, config.data_dir, engine_clock(config)()):
            if not finding.is_well:
                yield _(finding.msgid) % dict(finding.params)


def _advice(config: Config) -> Iterator[str]:
    if config.mail is None:
        yield N_("No mail server is set (AFTERCARE_SMTP_URL): mail stays on the outbox page.")
    if config.is_https and not config.trusted_proxies:
        yield N_("Name the proxy that ends HTTPS in AFTERCARE_TRUSTED_PROXIES, else all requests seem to come from it.")
    if config.is_https and not config.metrics_token:
        yield N_("Without AFTERCARE_METRICS_TOKEN nobody can read /metrics.")
    if not config.is_production:
        yield N_("This is no production: AFTERCARE_ENVIRONMENT says demonstration or test.")
