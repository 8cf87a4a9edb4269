"""Changes that owners make: tried once, and told with everything typed still there when they are refused."""

from collections.abc import Callable
from dataclasses import dataclass

from app.engine import ChangeRefused, Reason
from app.errors import AppError, NotAllowed, NotFound
from app.extensions import db
from app.i18n import N_
from app.models.display_names import DefinitionNames, definition_names
from app.operations.case_changes import VariableTypeChanges
from app.operations.failures import StepNotDone
from app.web.element_names import element_name
from app.web.texts import gettext
from app.web.transactions import done_in_transaction
from app.web.value_types import type_title


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why nothing was changed; `field` is the one that is to be looked at, where it is one.

    confirm: where it may be done if it is meant: what is to be confirmed.
    """

    texts: list[str]
    status: int
    field: str = ""
    confirm: str = ""


def attempt(action: Callable[[], object], definition_id: str) -> Refusal | None:
    """Do it in a transaction of its own; only in views that commit themselves. None when it is done.

    Arguments: definition_id, whose names the reasons use.
    Raises NotFound, NotAllowed.
    """
    db.session.rollback()  # what was read for the page; the change has a transaction of its own
    try:
        done_in_transaction(action)
    except (NotFound, NotAllowed):
        raise
    except AppError as error:
        return refusal_of(error, definition_id)
    return None


def refusal_of(error: AppError, definition_id: str) -> Refusal:
    """An error in words."""
    if isinstance(error, ChangeRefused):
        return Refusal(reason_texts(error.reasons, definition_id), error.http_status)
    if isinstance(error, StepNotDone):
        reason = gettext(error.msgid, **error.params)
        text = gettext(N_("The case cannot go on from there; nothing was changed. %(reason)s"), reason=reason)
        return Refusal([text], error.http_status)
    if isinstance(error, VariableTypeChanges):
        old, new = type_title(error.old_type), type_title(error.new_type)
        text = gettext(error.msgid, name=error.params["name"], old=old, new=new)
        return Refusal([text], error.http_status, confirm=error.new_type)
    fields = getattr(error, "fields", {})
    return Refusal([gettext(error.msgid, **error.params)], error.http_status, next(iter(fields), ""))


def reason_texts(reasons: tuple[Reason, ...], definition_id: str) -> list[str]:
    """Reasons with the names that the diagram gives, each once."""
    names = definition_names(db.session(), {definition_id})[definition_id]
    return list(dict.fromkeys(reason_text(reason.msgid, _params(reason), names) for reason in reasons))


def reason_text(msgid: str, params: dict[str, object], names: DefinitionNames) -> str:
    """One reason; its places `element` and `target` hold ids of elements."""
    named = {
        name: element_name(names, str(value)) if name in ("element", "target") else value
        for name, value in params.items()
    }
    return gettext(msgid, **named) if named else gettext(msgid)


def _params(reason: Reason) -> dict[str, object]:
    return {"element": reason.element_id, **reason.params}
