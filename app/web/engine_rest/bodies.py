"""JSON bodies, read strictly: no name twice, no NaN, nothing endlessly deep (W40)."""

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, NoReturn

from app.i18n import N_
from app.web.camunda_errors import MalformedRequest, UnknownMediaType
from app.web.current import this_request
from app.web.engine_rest.addresses import plain_value
from app.web.storable import NOT_STORABLE, is_storable
from app.web.texts import gettext

DEEPEST = 60
JSON = "application/json"


def read_body() -> dict[str, Any]:
    """The object in the body; an empty body is an empty object. Raises MalformedRequest, UnknownMediaType."""
    asking = this_request()
    content = asking.get_data()
    if not content:
        return {}
    if asking.mimetype != JSON:
        raise UnknownMediaType(N_("Send the body as application/json."))
    found = strict_json(content)
    if not isinstance(found, dict):
        raise MalformedRequest(N_("The body must be a JSON object."))
    return found


def strict_json(content: bytes | str) -> object:
    """What a JSON text says, fractions as decimals; raises MalformedRequest."""
    try:
        found = json.loads(content, object_pairs_hook=_once, parse_constant=_refuse_constant, parse_float=Decimal)
    except (ValueError, RecursionError) as error:
        raise MalformedRequest(N_("This is not valid JSON: %(detail)s"), detail=str(error)[:200]) from error
    if _is_deeper(found, DEEPEST):
        raise MalformedRequest(N_("This JSON is nested too deeply."))
    if not is_storable(found):
        raise MalformedRequest(NOT_STORABLE)
    return found


def text_in(body: Mapping[str, Any], name: str) -> str | None:
    """A text of the body, None where it is null or missing; raises MalformedRequest."""
    value = body.get(name)
    return None if value is None else plain_value(name, as_text(name, value))


def needed_text(body: Mapping[str, Any], name: str) -> str:
    """A text that must be there and not be empty; raises MalformedRequest."""
    value = text_in(body, name)
    if not value:
        raise missing_value(name)
    return value


def flag_in(body: Mapping[str, Any], name: str) -> bool:
    """A truth value of the body, false where it is null or missing; raises MalformedRequest."""
    value = body.get(name)
    return value is not None and as_flag(name, value)


def number_in(body: Mapping[str, Any], name: str) -> int | None:
    """A whole number of the body, None where it is null or missing; raises MalformedRequest."""
    value = body.get(name)
    if value is None or (isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**63):
        return value
    raise wrong_type(name, N_("a whole number"))


def needed_number(body: Mapping[str, Any], name: str) -> int:
    """A whole number that must be there; raises MalformedRequest."""
    value = number_in(body, name)
    if value is None:
        raise missing_value(name)
    return value


def object_in(body: Mapping[str, Any], name: str) -> dict[str, Any]:
    """An object of the body, an empty one where it is null or missing; raises MalformedRequest."""
    value = body.get(name)
    if value is None or isinstance(value, dict):
        return value or {}
    raise wrong_type(name, N_("an object"))


def query_in(body: Mapping[str, Any], name: str) -> dict[str, Any] | None:
    """A query of the body, None where it is null or missing: an empty one finds everything. Raises MalformedRequest."""
    return None if body.get(name) is None else object_in(body, name)


def list_in(body: Mapping[str, Any], name: str) -> list[Any]:
    """A list of the body, an empty one where it is null or missing; raises MalformedRequest."""
    value = body.get(name)
    if value is None or isinstance(value, list):
        return value or []
    raise wrong_type(name, N_("a list"))


def texts_in(body: Mapping[str, Any], name: str) -> list[str]:
    """A list of texts of the body; raises MalformedRequest."""
    found = list_in(body, name)
    if all(isinstance(entry, str) for entry in found):
        return [plain_value(name, entry) for entry in found]
    raise wrong_type(name, N_("a list of texts"))


def objects_in(body: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    """A list of objects of the body; raises MalformedRequest."""
    found = list_in(body, name)
    if all(isinstance(entry, dict) for entry in found):
        return found
    raise wrong_type(name, N_("a list of objects"))


def as_text(name: str, value: object) -> str:
    """A value that must be a text; raises MalformedRequest."""
    if isinstance(value, str):
        return value
    raise wrong_type(name, N_("a text"))


def as_flag(name: str, value: object) -> bool:
    """A value that must be a truth value; raises MalformedRequest."""
    if isinstance(value, bool):
        return value
    raise wrong_type(name, N_("true or false"))


def missing_value(name: str) -> MalformedRequest:
    """The refusal of a request without a value that it needs."""
    return MalformedRequest(N_("“%(name)s” is missing."), name=name)


def wrong_type(name: str, wanted: str) -> MalformedRequest:
    """The refusal of a value of another type than the one wanted."""
    msgid = N_("“%(name)s” must be of another type: %(wanted)s.")
    return MalformedRequest(msgid, name=name[:80], wanted=gettext(wanted))


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice in an object")
    return found


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(name)


def _is_deeper(value: object, levels: int) -> bool:
    if not isinstance(value, (dict, list)):
        return False
    inside = value.values() if isinstance(value, dict) else value
    return levels == 0 or any(_is_deeper(entry, levels - 1) for entry in inside)
