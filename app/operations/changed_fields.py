"""What administrators change: the fields that differ, with old and new, as the history keeps them."""

from collections.abc import Mapping

from app.database import Base
from app.errors import InvalidInput
from app.i18n import N_


def required_texts(texts: Mapping[str, str], longest: int) -> dict[str, str]:
    """The texts without blanks around them; raises InvalidInput, naming the field, for an empty or too long one."""
    found = {name: text.strip() for name, text in texts.items()}
    for name, text in found.items():
        if not text:
            raise InvalidInput(N_("Fill in this field."), fields={name: N_("Fill in this field.")})
        if len(text) > longest:
            refusal = N_("Use at most %(count)s characters.")
            raise InvalidInput(refusal, fields={name: refusal}, count=longest)
    return found


def changed_fields(row: Base, values: Mapping[str, object]) -> dict[str, dict[str, object]]:
    """Set the fields of a row; returns those that differed as {field: {"old": …, "new": …}}, in plain JSON."""
    changes: dict[str, dict[str, object]] = {}
    for name, new in values.items():
        old = getattr(row, name)
        if old != new:
            changes[name] = {"old": old, "new": new}
            setattr(row, name, new)
    return changes
