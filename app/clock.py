"""The clock of the engine: the real one, or one that can be moved ahead for demonstrations and tests."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from app.config import Config

Clock = Callable[[], datetime]
FILE_NAME = "test-clock"


def real_clock() -> datetime:
    """Now, in UTC. Sessions and tokens always use this one."""
    return datetime.now(UTC)


def engine_clock(config: Config) -> Clock:
    """The clock for everything a case sees; ahead of the real one only where the settings allow a test clock."""
    if not config.test_clock:
        return real_clock
    path = config.data_dir / FILE_NAME
    return lambda: real_clock() + timedelta(seconds=_seconds_ahead(path))


def move_clock(config: Config, ahead: timedelta) -> timedelta:
    """Move the test clock further ahead, for all processes on this data folder; returns how far it is ahead now."""
    path = config.data_dir / FILE_NAME
    seconds = _seconds_ahead(path) + ahead.total_seconds()
    aside = path.with_suffix(".new")
    aside.write_text(str(seconds), encoding="ascii")
    aside.replace(path)
    return timedelta(seconds=seconds)


def _seconds_ahead(path: Path) -> float:
    try:
        return float(path.read_text(encoding="ascii"))
    except FileNotFoundError:
        return 0.0
