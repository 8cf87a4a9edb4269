"""Forms whose change is tried once: what was typed stays when it is refused, with the reason at its field."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import TypeVar

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue

from app.errors import AppError, InvalidInput, NotAllowed, NotFound
from app.extensions import db
from app.web.current import current_person
from app.web.permissions import SAFE_METHODS
from app.web.texts import gettext

Refused = TypeVar("Refused")


class TypedForm:
    """What a form shows: what was typed, or else what is stored, and why it was refused.

    Arguments: stored, texts by field; for a choice of several the chosen ones; is_posted, whether it is this form of
    a page with several that was sent.
    """

    def __init__(
        self,
        stored: Mapping[str, str | list[str] | None] | None = None,
        refusal: AppError | None = None,
        *,
        is_posted: bool = True,
    ) -> None:
        self._stored = stored or {}
        self._is_typed = is_posted and request.method not in SAFE_METHODS
        texts = refusal.fields if isinstance(refusal, InvalidInput) else {}
        params = refusal.params if refusal else {}
        self.status = refusal.http_status if refusal else 200
        self.problem = gettext(refusal.msgid, **refusal.params) if refusal else ""
        self.problems = {name: gettext(text, **params) for name, text in texts.items()}

    def value(self, name: str) -> str:
        """The text of a field."""
        if self._is_typed:
            return request.form.get(name, "")
        stored = self._stored.get(name)
        return stored if isinstance(stored, str) else ""

    def chosen(self, name: str) -> list[str]:
        """What is ticked in a choice of several, or a single tick (`yes`)."""
        if self._is_typed:
            return request.form.getlist(name)
        stored = self._stored.get(name) or []
        return [stored] if isinstance(stored, str) else stored


def attempt(action: Callable[[], object]) -> AppError | None:
    """Do it; None when it is done, else the refusal to show at the form, and nothing was changed.

    Raises NotFound and NotAllowed, which no correction of the form can mend.
    """
    try:
        action()
    except (NotFound, NotAllowed):
        raise
    except AppError as refusal:
        db.session.rollback()
        return refusal
    return None


def answer_form(
    refusal: Refused | None, done: str, url: str, show: Callable[[Refused], ResponseReturnValue]
) -> ResponseReturnValue:
    """What comes after an attempt: the page with the refusal, else on to `url`, where `done` is said."""
    if refusal is not None:
        return show(refusal)
    flash(done)
    return redirect(url, 303)


def is_ticked(name: str) -> bool:
    """Whether a single tick was posted."""
    return request.form.get(name) == "yes"


def typed(name: str) -> str:
    """The posted text of a field without blanks around it."""
    return request.form.get(name, "").strip()


def typed_moment(name: str) -> datetime | None:
    """The posted day and time on the clocks of the person's site; None for what is none."""
    try:
        moment = datetime.fromisoformat(typed(name))
        return moment.replace(tzinfo=moment.tzinfo or current_person().zone).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
