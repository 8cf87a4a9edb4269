"""What all commands share: settings, sessions, and errors as one clear line instead of a stack."""

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any

import click
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session, sessionmaker

from app.cli.language import _
from app.config import Config, load_config
from app.database import create_engine_for, refuse_unsafe_settings, session_factory
from app.errors import AppError
from app.logs import configure_logging
from app.models import Job, SubjectKey


class Refused(click.ClickException):
    """A refusal in the language of the terminal; click's own has an English beginning."""

    def show(self, file: IO[Any] | None = None) -> None:
        click.echo(_("Error: %(text)s") % {"text": self.format_message()}, file=file, err=file is None)


class Frame(click.Group):
    """A group whose commands report refusals in one translated line and exit with status 1."""

    def invoke(self, context: click.Context) -> Any:
        configure_logging(logging.WARNING)  # people read this; servers say more
        try:
            return super().invoke(context)
        except AppError as error:
            raise Refused(_(error.msgid) % error.params if error.params else _(error.msgid)) from error
        except OperationalError as error:
            text = _("The database does not answer or has no tables yet. Run: aftercare upgrade-database")
            raise Refused(f"{text}\n{error.orig}") from error


def settings(**given: str) -> Config:
    """The settings of the environment, and those `given` on the command line; raises ConfigRefused."""
    return load_config({**os.environ, **given})


def refuse_unsafe_databases(sessions: sessionmaker[Session]) -> None:
    """Raise UnsafeDatabaseSettings where a power cut could lose what people were told is saved."""
    with sessions() as session:
        for model in (Job, SubjectKey):
            refuse_unsafe_settings(session.get_bind(model).engine)


def open_sessions(config: Config) -> sessionmaker[Session]:
    """Sessions on both databases of the settings, which are let go when the command ends."""
    engines = create_engine_for(config.database_url), create_engine_for(config.keys_database_url, is_key_store=True)
    if context := click.get_current_context(silent=True):
        for engine in engines:
            context.call_on_close(engine.dispose)
    return session_factory(*engines)


@contextmanager
def session_on(url: str, keys_url: str) -> Iterator[Session]:
    """One session, whose databases are let go afterwards: for files that are moved or proven."""
    engine, keys_engine = create_engine_for(url), create_engine_for(keys_url, is_key_store=True)
    try:
        with session_factory(engine, keys_engine)() as session:
            yield session
    finally:
        engine.dispose()
        keys_engine.dispose()
