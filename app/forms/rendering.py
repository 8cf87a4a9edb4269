"""What the macros of the pages are given: one object per component, nothing left to compute."""

from __future__ import annotations

from dataclasses import dataclass, field

from markupsafe import Markup

from app.forms.input_field import InputField

Rows = list[list["Rendering"]]
NO_MARKUP = Markup()


@dataclass
class ListItem:
    """One item of a dynamic list; `name` is what its inputs' names begin with."""

    name: str
    rows: Rows


@dataclass
class Rendering:
    """A component as it stands in the page right now.

    type: the component's kind in the file. id, name: of the HTML input. columns: of 16, None for the whole row.
    is_watched: another part of the form depends on it, so a change asks the server for the form anew.
    prefix, suffix: shown inside the frame of the input. control: the input with its
    text, choices and messages.
    """

    type: str
    id: str
    name: str = ""
    label: str = ""
    hint: str = ""
    columns: int | None = None
    prefix: str = ""
    suffix: str = ""
    appearance: str = ""
    is_required: bool = False
    is_readonly: bool = False
    is_watched: bool = False
    control: InputField | None = None
    text: str = ""
    html: Markup = NO_MARKUP
    rows: Rows = field(default_factory=list)
    items: list[ListItem] = field(default_factory=list)
    can_add: bool = False
    can_remove: bool = False
    header: list[str] = field(default_factory=list)
    body: list[list[str]] = field(default_factory=list)

    @property
    def errors(self) -> list[str]:
        return list(self.control.errors) if self.control is not None else []
