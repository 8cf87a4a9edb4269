"""One line per event, nothing secret, nothing forged (W54)."""

import errno
import io
import json
import logging

import pytest
import structlog

from app.logs import configure_logging


@pytest.fixture
def lines() -> io.StringIO:
    stream = io.StringIO()
    configure_logging(stream=stream)
    return stream


def _only(lines: io.StringIO) -> dict[str, object]:
    [line] = lines.getvalue().splitlines()
    event: dict[str, object] = json.loads(line)
    return event


@pytest.mark.parametrize(
    "name", ['a\n{"event": "signed_in"}', "a\r\nb", "\x1b[2Jx", "\u202egnp.exe", "\u2028x", "\x00"]
)
def test_w54_text_of_others_cannot_break_the_line(lines: io.StringIO, name: str) -> None:
    structlog.get_logger("test").warning("sign_in_failed", user=name)
    assert _only(lines)["user"] == name
    assert lines.getvalue().isascii()


@pytest.mark.parametrize(
    "key", ["password", "new_password", "token", "csrf_token", "secret_key", "Cookie", "Authorization"]
)
def test_w54_secrets_are_withheld_by_name(lines: io.StringIO, key: str) -> None:
    structlog.get_logger("test").info(
        "x", **{key: "s3cret-value"}, nested={key: "s3cret-value", "rest": [{key: "s3cret-value"}]}
    )
    assert "s3cret-value" not in lines.getvalue()


@pytest.mark.parametrize("number", ["10012345678", "+86 10012345678", "0571-88888888", "8610012345678"])
def test_w54_telephone_numbers_are_withheld_by_shape(lines: io.StringIO, number: str) -> None:
    structlog.get_logger("test").info(f"called {number}", number=number, text=f"电话{number}，请回电")
    assert number.rsplit("-", maxsplit=1)[-1][-8:] not in lines.getvalue()


def test_identifiers_and_times_are_left_alone(lines: io.StringIO) -> None:
    structlog.get_logger("test").info("x", request_id="01a2015c372d738e82a8d3d212996a39", order="RO20261122001")
    event = _only(lines)
    assert (event["request_id"], event["order"]) == ("01a2015c372d738e82a8d3d212996a39", "RO20261122001")
    assert str(event["at"]).endswith("Z")


def test_libraries_write_the_same_lines(lines: io.StringIO) -> None:
    try:
        int("10012345678\nsecond line")
    except ValueError:
        logging.getLogger("some.library").exception("failed for %s", "10012345678")
    event = _only(lines)
    assert (event["logger"], event["level"], event["event"]) == ("some.library", "error", "failed for [phone]")
    assert "ValueError" in str(event["exception"])
    assert "10012345678" not in lines.getvalue()


def test_a_long_trace_keeps_its_end_where_it_says_what_happened(lines: io.StringIO) -> None:
    structlog.get_logger("test").error("failed", trace="Traceback" + " frame" * 2000 + " ValueError: the reason")
    kept = str(_only(lines)["trace"])
    assert kept.startswith("Traceback frame")
    assert kept.endswith("ValueError: the reason")
    assert len(kept) < 4100


def test_configuring_twice_does_not_write_twice(lines: io.StringIO) -> None:
    configure_logging(stream=lines)
    structlog.get_logger("test").info("once")
    assert _only(lines)["event"] == "once"


def test_r9_work_goes_on_when_nothing_can_be_logged() -> None:
    class FullDisk(io.StringIO):
        def flush(self) -> None:
            raise OSError(errno.ENOSPC, "No space left on device")

    stream = FullDisk()
    configure_logging(stream=stream)
    structlog.get_logger("test").info("x")
    logging.getLogger("library").warning("y")
    assert stream.getvalue().count("\n") == 2
