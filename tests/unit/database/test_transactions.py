"""What the drivers say when a lock is held or the disk is full, in the product's words."""

import sqlite3

import psycopg
import pytest

from app.database.transactions import refuse_as_busy
from app.errors import Busy, DiskFull


def sqlite_error(code: int) -> sqlite3.OperationalError:
    error = sqlite3.OperationalError("as the driver says it")
    error.sqlite_errorcode = code
    return error


@pytest.mark.parametrize("error", [sqlite_error(13), sqlite_error(778), psycopg.errors.DiskFull()])
def test_a_full_disk_is_told_as_such(error: Exception) -> None:
    with pytest.raises(DiskFull) as refusal:
        refuse_as_busy(error)
    assert (refusal.value.http_status, refusal.value.retry_after) == (507, 60)


@pytest.mark.parametrize("error", [sqlite_error(5), sqlite_error(5 | 2 << 8), psycopg.errors.LockNotAvailable()])
def test_a_lock_that_is_held_is_no_full_disk(error: Exception) -> None:
    with pytest.raises(Busy) as refusal:
        refuse_as_busy(error)
    assert refusal.value.http_status == 503


@pytest.mark.parametrize("error", [sqlite_error(1), psycopg.errors.UniqueViolation(), ValueError()])
def test_other_errors_stay_what_they_are(error: Exception) -> None:
    refuse_as_busy(error)
