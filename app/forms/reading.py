"""Reading one component of a form's file: everything in it is understood, or refused with the component's id."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import re2

from app import feel
from app.forms.component_type import ComponentType
from app.forms.definition import Component, Option
from app.forms.errors import FormProblem
from app.forms.scope import Setting
from app.forms.templating import LocalText, Template, UnusableTemplate, read_template
from app.i18n import N_

Json = Mapping[str, Any]

EVERYWHERE = frozenset({"id", "type", "layout", "conditional", "properties"})
OF_VALUES = frozenset({"key", "validate", "defaultValue", "disabled", "readonly", "appearance"})
AFFIXES = frozenset({"prefixAdorner", "suffixAdorner"})
PROPERTIES: Mapping[str, frozenset[str]] = {
    "personal": frozenset({"customer"}),
    "identifies": frozenset({"name", "phone", "plate", "vin", "order_number"}),
    "prefill": frozenset({"never"}),
    "appearance": frozenset({"segments", "column"}),
    "items": frozenset({"required"}),
}
OPTION_ATTRIBUTES = frozenset({"value", "label", "tone"})
TONES = frozenset({"", "good", "warning", "bad"})

NOT_SUPPORTED = N_("%(component)s: the attribute “%(name)s” is not supported. Remove it.")

_NAME = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)*")
_LOCALE = re.compile(r"\.[a-z]{2}(_[A-Z]{2})?$")


class Reader:
    """One component while it is read."""

    def __init__(self, attributes: Json, kind: ComponentType, outer_path: tuple[str, ...]) -> None:
        self.attributes = attributes
        self.kind = kind
        self.outer_path = outer_path
        self.id = str(attributes.get("id") or attributes.get("key") or kind.name)
        self.problems: list[FormProblem] = []

    def refuse(self, msgid: str, **params: object) -> None:
        self.problems.append(FormProblem(self.id, msgid, params))

    def component(self, children: tuple[Component, ...]) -> Component:
        """The component; what is wrong with it stands in `problems` afterwards."""
        self._refuse_unknown()
        self.kind.check(self)
        layout = self._part("layout", {"row", "columns"})
        return Component(
            id=self.id,
            type=self.kind,
            path=self.path(),
            row=layout.get("row"),
            columns=self._columns(layout),
            hide=self._hide(),
            settings=dict(self._settings()),
            texts=dict(self._texts()),
            options=tuple(self._options()),
            properties=self._properties(),
            children=children,
        )

    def path(self) -> tuple[str, ...]:
        """Where the value stands; for groups and lists, where the values inside do."""
        name = self.attributes.get("key" if self.kind.has_key else "path")
        if not name:
            if self.kind.has_key or self.kind.must_have_path:
                self.refuse(N_("%(component)s: say under which name the value is kept (key or path)."))
            return self.outer_path if self.kind.may_have_path else ()
        if not isinstance(name, str) or not _NAME.fullmatch(name):
            self.refuse(N_("%(component)s: “%(name)s” cannot be the name of a variable."), name=name)
            return ()
        return (*self.outer_path, *name.split("."))

    # --- what is allowed ---

    def _refuse_unknown(self) -> None:
        known = EVERYWHERE | self.kind.settings | self.kind.texts
        known |= OF_VALUES if self.kind.has_key else frozenset()
        known |= {"values"} if self.kind.has_options else frozenset()
        known |= {"path", "components"} if self.kind.may_have_path else frozenset()
        for name in sorted(self.attributes.keys() - known):
            self.refuse(NOT_SUPPORTED, name=name)

    def _part(self, name: str, known: set[str] | frozenset[str]) -> dict[str, Any]:
        """An attribute that is an object of its own."""
        part = self.attributes.get(name) or {}
        if not isinstance(part, dict):
            self.refuse(N_("%(component)s: “%(name)s” must be an object."), name=name)
            return {}
        for entry in sorted(part.keys() - known):
            self.refuse(NOT_SUPPORTED, name=f"{name}.{entry}")
        return {entry: value for entry, value in part.items() if entry in known}

    def _columns(self, layout: Json) -> int | None:
        columns = layout.get("columns")
        if columns is not None and not (isinstance(columns, int) and 1 <= columns <= 16):
            self.refuse(N_("%(component)s: columns must be a whole number from 1 to 16."))
            return None
        return columns

    # --- expressions and texts ---

    def _setting(self, value: object) -> Setting:
        if not isinstance(value, str) or not value.startswith("="):
            return value
        try:
            return feel.compile_expression(value.removeprefix("=").strip())
        except feel.FeelSyntaxError as error:
            self.refuse(N_("%(component)s: “%(text)s” is not FEEL: %(detail)s"), text=value, detail=str(error))
            return None

    def _hide(self) -> feel.Expression | None:
        hide = self._part("conditional", {"hide"}).get("hide")
        if hide is None:
            return None
        compiled = self._setting(f"={str(hide).removeprefix('=')}")
        return compiled if isinstance(compiled, feel.Expression) else None

    def _settings(self) -> Iterator[tuple[str, Setting]]:
        for name in self.kind.settings | (OF_VALUES - {"key", "validate", "appearance"}):
            if name in self.attributes:
                yield name, self._setting(self.attributes[name])
        for name, value in self._part("validate", self.kind.validations).items():
            if name == "pattern":
                yield name, self._pattern(value)
            elif name != "patternErrorMessage":
                yield name, self._setting(value)

    def _pattern(self, pattern: object) -> str:
        try:
            re2.compile(str(pattern))
        except re2.error as error:
            detail = error.args[0] if error.args else ""
            self.refuse(N_("%(component)s: the pattern cannot be used: %(detail)s"), detail=detail)
        return str(pattern)

    def _texts(self) -> Iterator[tuple[str, LocalText]]:
        for name in self.kind.texts:
            if self.attributes.get(name):
                yield name, self._local_text(name, self.attributes[name])
        if "label" not in self.attributes and (labelling := self._name_of_label()):
            yield "label", self._local_text(labelling, self.attributes[labelling])
        appearance = self._part("appearance", AFFIXES) if self.kind.has_key else {}
        validation = self.attributes.get("validate") or {}
        if isinstance(validation, dict) and "patternErrorMessage" in validation:
            appearance["patternErrorMessage"] = validation["patternErrorMessage"]
        for name, text in appearance.items():
            yield name, self._local_text(name, text)

    def _name_of_label(self) -> str | None:
        """Moments have a label for the day and one for the time; here both are asked for in one input."""
        return next((name for name in ("dateLabel", "timeLabel") if self.attributes.get(name)), None)

    def _local_text(self, name: str, text: object) -> LocalText:
        properties = self.attributes.get("properties") or {}
        translated = {
            entry.removeprefix(f"{name}."): self._template(value)
            for entry, value in properties.items()
            if entry.startswith(f"{name}.")
        }
        return LocalText(self._template(text), translated)

    def _template(self, text: object) -> Template:
        try:
            template = read_template(str(text))
        except UnusableTemplate as error:
            self.refuse(N_("%(component)s: “%(text)s” is not supported in a text."), text=str(error))
        except feel.FeelSyntaxError as error:
            self.refuse(N_("%(component)s: “%(text)s” is not FEEL: %(detail)s"), text=text, detail=str(error))
        else:
            if template.has_expression_in_markup():
                self.refuse(N_("%(component)s: an expression cannot stand inside the address of a link."))
            return template
        return Template(("",), ())

    # --- options and properties ---

    def _options(self) -> Iterator[Option]:
        if not self.kind.has_options:
            return
        sources = self.attributes.keys() & {"values", "valuesKey", "valuesExpression"}
        if len(sources) != 1:
            self.refuse(N_("%(component)s: give the options once: as values, valuesKey or valuesExpression."))
        values = self.attributes.get("values", [])
        if not isinstance(values, list) or not all(isinstance(entry, dict) and "value" in entry for entry in values):
            self.refuse(N_("%(component)s: each option needs a value."))
            return
        if len({str(entry["value"]) for entry in values}) != len(values):
            self.refuse(N_("%(component)s: two options have the same value."))
        for entry in values:
            yield self._option(entry)

    def _option(self, entry: dict[str, Any]) -> Option:
        for name in sorted(entry):
            if name not in OPTION_ATTRIBUTES and not (name.startswith("label.") and _LOCALE.search(name)):
                self.refuse(NOT_SUPPORTED, name=f"values.{name}")
        if entry.get("tone", "") not in TONES:
            self.refuse(N_("%(component)s: the tone of an option is good, warning or bad."))
        translations = {
            name.removeprefix("label."): self._template(text)
            for name, text in entry.items()
            if name.startswith("label.")
        }
        label = LocalText(self._template(entry.get("label", entry["value"])), translations)
        return Option(feel.from_python(entry["value"]), label, str(entry.get("tone", "")))

    def _properties(self) -> dict[str, str]:
        properties = self.attributes.get("properties") or {}
        if not isinstance(properties, dict) or not all(isinstance(value, str) for value in properties.values()):
            self.refuse(N_("%(component)s: “%(name)s” must be an object."), name="properties")
            return {}
        readable = self.kind.texts | AFFIXES | {"patternErrorMessage"}
        for name, value in properties.items():
            if name in PROPERTIES:
                if value not in PROPERTIES[name]:
                    msgid = N_("%(component)s: the property “%(name)s” cannot be “%(value)s”.")
                    self.refuse(msgid, name=name, value=value)
            elif not (_LOCALE.search(name) and _LOCALE.sub("", name) in readable):
                self.refuse(N_("%(component)s: the property “%(name)s” is not supported. Remove it."), name=name)
        return {name: value for name, value in properties.items() if name in PROPERTIES}
