"""Who does something, as every operation takes it."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class NamedProgram:
    """A program that acts through a token of a person: the name the token was given, and the token's id."""

    name: str
    token_id: str


@dataclass(frozen=True, slots=True)
class Actor:
    """The person, program or system that acts; `on_behalf_of` is the person it acts for.

    `program` is what the person acts through. It changes no right: `kind` is that of `user_id`.
    """

    user_id: str
    on_behalf_of: str | None = None
    kind: Literal["person", "program", "system"] = "person"
    program: NamedProgram | None = None

    @property
    def holder_id(self) -> str:
        """Whose work it is: the person acted for, else the one who acts."""
        return self.on_behalf_of or self.user_id


SYSTEM = Actor("system", kind="system")
