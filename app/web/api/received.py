"""Requests read into their shapes; what does not fit is refused with the place and what is wanted there."""

import re
from collections.abc import Mapping
from typing import Any, TypeVar

import msgspec

from app.errors import InvalidInput, NotFound
from app.i18n import N_
from app.web.current import this_request
from app.web.engine_rest.bodies import read_body
from app.web.storable import NOT_STORABLE, is_storable
from app.web.texts import gettext

Wanted = TypeVar("Wanted", bound=msgspec.Struct)

NOWHERE = N_("There is nothing at this address, or nothing that you may see.")
LARGEST_NUMBER = 2**31
LONGEST_ECHO = 120
OTHER = "%(text)s"  # as the library says it
KIND = N_("Wanted is %(wanted)s, not %(name)s.")
_KINDS: Mapping[str, str] = {
    "str": N_("a text"), "int": N_("a whole number"), "bool": N_("true or false"), "object": N_("an object"),
    "array": N_("a list"),
}  # fmt: skip
# What the library says -> what we say of it; the groups fill the places.
_WORDS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"Object missing required field `(?P<name>.+)`", re.DOTALL), N_("“%(name)s” is missing.")),
    (re.compile(r"Object contains unknown field `(?P<name>.+)`", re.DOTALL), N_("“%(name)s” is not known here.")),
    (re.compile(r"Expected `str` of length >= (?P<wanted>\d+)"), N_("At least %(wanted)s characters are wanted.")),
    (re.compile(r"Expected `str` of length <= (?P<wanted>\d+)"), N_("At most %(wanted)s characters are taken.")),
    (re.compile(r"Expected `array` of length >= (?P<wanted>\d+)"), N_("At least %(wanted)s entries are wanted.")),
    (re.compile(r"Expected `array` of length <= (?P<wanted>\d+)"), N_("At most %(wanted)s entries are taken.")),
    (re.compile(r"Expected `int` (?P<wanted>[<>]=? -?\d+)"), N_("A number %(wanted)s is wanted.")),
    (re.compile(r"Expected `(?P<wanted>[^`]+)`, got `(?P<name>[^`]+)`"), KIND),
    (re.compile(r"Expected `str` matching regex '(?P<wanted>.+)'"), N_("A text of the form %(wanted)s is wanted.")),
    (
        re.compile(r"Invalid enum value '?(?P<name>.*?)'?", re.DOTALL),
        N_("“%(name)s” is none of the values that are known here."),
    ),
)
_PLACE = re.compile(r"(?P<text>.*?)(?: - at `(?:key in )?\$(?P<place>.*)`)?", re.DOTALL)


class ShapeRefused(InvalidInput):
    """The request is not of the shape that the document describes."""


def read_query(shape: type[Wanted]) -> Wanted:
    """The parameters of the address. Raises ShapeRefused."""
    return converted(this_request().args.to_dict(), shape, is_strict=False)


def read_form(shape: type[Wanted]) -> Wanted:
    """The fields sent beside a file. Raises ShapeRefused."""
    return converted(this_request().form.to_dict(), shape, is_strict=False)


def read_json(shape: type[Wanted]) -> Wanted:
    """The body. Raises MalformedRequest, UnknownMediaType, ShapeRefused."""
    return converted(read_body(), shape, is_strict=True)


def refuse_impossible(places: Mapping[str, Any]) -> None:
    """Nothing has such an id or number, and no database takes it. Raises NotFound."""
    for value in places.values():
        if not is_storable(value) or (isinstance(value, int) and value >= LARGEST_NUMBER):
            raise NotFound(NOWHERE)


def converted(sent: Mapping[str, Any], shape: type[Wanted], *, is_strict: bool) -> Wanted:
    """What was sent in its shape. Arguments: is_strict, false where numbers come as texts. Raises ShapeRefused."""
    if not is_storable(sent):
        raise ShapeRefused(NOT_STORABLE)
    try:
        return msgspec.convert(sent, shape, strict=is_strict)
    except msgspec.ValidationError as error:
        raise _refused(str(error)) from error


def _refused(message: str) -> ShapeRefused:
    """Where it is, and what is wrong there, in the reader's language."""
    found = _PLACE.fullmatch(message)
    text, place = (found["text"], (found["place"] or "").removeprefix(".")) if found else (message, "")
    said = ((words, match.groupdict()) for pattern, words in _WORDS if (match := pattern.fullmatch(text)))
    words, parts = next(said, (OTHER, {}))
    params = {"text": text, **parts}
    shown = {name: (_kinds(part) if words == KIND else part)[:LONGEST_ECHO] for name, part in params.items()}
    return ShapeRefused(
        N_("The request is not of the shape that is described: %(place)s %(problem)s"),
        fields={place[:LONGEST_ECHO] or "request": words}, place=place[:LONGEST_ECHO],
        problem=gettext(words, **shown), **shown,
    )  # fmt: skip


def _kinds(text: str) -> str:
    """The library's names of kinds in words."""
    return " / ".join(gettext(_KINDS[kind]) if kind in _KINDS else kind for kind in text.split(" | "))
