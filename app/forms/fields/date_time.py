"""A day, a time of day or a moment; moments are read and shown in the site's zone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import cast

from wtforms.fields.core import UnboundField
from wtforms.form import BaseForm
from wtforms.validators import ValidationError

from app import feel
from app.forms.component_type import ComponentReader, InputType
from app.forms.definition import Component
from app.forms.input_field import InputField
from app.forms.scope import FormScope
from app.i18n import N_

SUBTYPES = ("date", "time", "datetime")


class MomentInput(InputField):
    """The three kinds of `subtype`; a moment without an offset is on the site's clocks."""

    @property
    def subtype(self) -> str:
        return str(self.component.settings.get("subtype") or "date")

    @property
    def input_type(self) -> str:  # type: ignore[override]  # depends on the component here
        return "datetime-local" if self.subtype == "datetime" else self.subtype

    def parse(self, texts: Sequence[str]) -> object:
        text = texts[0].strip() if texts else ""
        if not text:
            return None
        try:
            return feel.from_python(self._read(text))
        except ValueError:
            raise ValueError(self.say(N_("Enter a valid date or time."))) from None

    def _read(self, text: str) -> object:
        if self.subtype == "date":
            return dt.date.fromisoformat(text)
        if self.subtype == "time":
            return dt.time.fromisoformat(text)
        moment = dt.datetime.fromisoformat(text)
        return moment if moment.tzinfo is not None else moment.replace(tzinfo=self.scope.environment.zone)

    def write(self, value: object) -> str:
        if value is None:
            return ""
        moment = feel.to_python(value)
        if isinstance(moment, dt.datetime):
            return moment.astimezone(self.scope.environment.zone).strftime("%Y-%m-%dT%H:%M")
        if isinstance(moment, dt.time):
            return moment.strftime("%H:%M")
        return str(moment)

    @property
    def least(self) -> str:
        """The earliest the page should offer."""
        if not self.component.settings.get("disallowPassedDates"):
            return ""
        return self.write(feel.from_python(_earliest(self)))

    @property
    def most(self) -> str:
        """The latest the page should offer."""
        latest = _latest(self)
        return "" if latest is None else self.write(feel.from_python(latest))


def _earliest(field: MomentInput) -> dt.date:
    now = field.scope.environment.now.astimezone(field.scope.environment.zone)
    return now if field.subtype == "datetime" else now.date()


def _latest(field: MomentInput) -> dt.date | None:
    """`max`, a day or a moment; a moment may be any of that day."""
    limit = field.component.setting("max", field.scope)
    latest = field.read_default(limit) if isinstance(limit, str) else limit
    found = None if latest is None else feel.to_python(latest)
    if field.subtype == "datetime" and isinstance(found, dt.date) and not isinstance(found, dt.datetime):
        return dt.datetime.combine(found, dt.time(23, 59), field.scope.environment.zone)
    return found if isinstance(found, dt.date) else None


def check_not_too_late(form: BaseForm, field: MomentInput) -> None:
    """max: a year typed wrongly would put what waits for the moment to sleep for ever."""
    del form
    latest = _latest(field)
    if latest is not None and cast("dt.date", feel.to_python(field.data)) > latest:
        raise ValidationError(field.say(N_("The latest possible is %(most)s."), most=field.most.replace("T", " ")))


def check_not_past(form: BaseForm, field: MomentInput) -> None:
    """disallowPassedDates: not before today, and for a moment not before now."""
    del form
    if not field.component.settings.get("disallowPassedDates") or field.subtype == "time":
        return
    if cast("dt.date", feel.to_python(field.data)) < _earliest(field):
        raise ValidationError(field.say(N_("This is in the past.")))


class DateTime(InputType):
    """A day, a time of day or a moment."""

    name = "datetime"
    settings = frozenset({"subtype", "disallowPassedDates"})
    texts = frozenset({"label", "dateLabel", "timeLabel", "description"})
    validations = frozenset({"required", "max"})

    def check(self, reader: ComponentReader) -> None:
        if reader.attributes.get("subtype", "date") not in SUBTYPES:
            reader.refuse(N_("%(component)s: subtype must be date, time or datetime."))

    def new_field(self, component: Component, scope: FormScope) -> UnboundField[InputField]:
        validators = [check_not_past, check_not_too_late]
        return UnboundField(MomentInput, component=component, scope=scope, validators=validators)
