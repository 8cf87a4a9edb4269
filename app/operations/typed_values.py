"""Values that somebody types by hand: as FEEL, as JSON or as plain text."""

import json
from datetime import datetime
from typing import Literal, get_args
from zoneinfo import ZoneInfo

from app import feel
from app.errors import InvalidInput
from app.i18n import N_

TypedAs = Literal["text", "feel", "json"]
KINDS: tuple[TypedAs, ...] = get_args(TypedAs)
LONGEST = 100_000  # characters


def typed_value(text: str, kind: str, *, now: datetime, zone: ZoneInfo) -> object:
    """The FEEL value that was typed; raises InvalidInput that says what is wrong with it.

    Arguments: kind, one of `KINDS`; FEEL may compute but sees no variables.
    """
    if len(text) > LONGEST:
        raise _refused(N_("The value is too long."))
    if kind == "text":
        return text
    if kind == "json":
        return _from_json(text)
    if kind == "feel":
        return _from_feel(text, now, zone)
    raise _refused(N_("Say whether the value is text, FEEL or JSON."))


def typed_form(value: object) -> tuple[TypedAs, str]:
    """(kind, text) that `typed_value` makes this very value of; a function raises TypeError."""
    if isinstance(value, str):
        return "text", value
    if isinstance(value, (list, dict)) and feel.read_json(text := feel.write_json(value)) == value:
        return "json", text
    return "feel", feel.write_literal(value)


def _from_json(text: str) -> object:
    try:
        return feel.read_json(text)
    except (json.JSONDecodeError, ValueError, RecursionError) as error:
        raise _refused(N_("This is not valid JSON: %(detail)s"), detail=str(error)) from error


def _from_feel(text: str, now: datetime, zone: ZoneInfo) -> object:
    try:
        result = feel.compile_expression(text).evaluate({}, feel.Environment(now=now, zone=zone))
        feel.encode(result.value)
    except feel.FeelError as error:
        raise _refused(N_("This is not a value in FEEL: %(detail)s"), detail=str(error)) from error
    if result.warnings:
        notice = result.warnings[0]
        detail = notice.msgid % notice.params if notice.params else notice.msgid
        raise _refused(N_("This is not a value in FEEL: %(detail)s"), detail=detail)
    return result.value


def _refused(msgid: str, **params: object) -> InvalidInput:
    text = msgid % params if params else msgid
    return InvalidInput(msgid, fields={"value": text}, **params)
