"""What the browser sent or a draft kept: names and texts, nothing interpreted."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Protocol

MOST_NAMES = 2_000
MOST_KEPT = 50_000  # characters of one text; far more than any input accepts
ADD, REMOVE = "_add", "_remove"  # buttons of dynamic lists: their value names the list, or the item
ITEM = "_item"  # a hidden input that says an item exists, even with all its boxes unticked


class PostedValues(Protocol):
    """A request's form as Werkzeug gives it."""

    def __iter__(self) -> Iterator[str]: ...

    def getlist(self, key: str) -> list[str]: ...


class RawValues:
    """Names to lists of texts, in the shape WTForms reads."""

    def __init__(self, values: Mapping[str, list[str]]) -> None:
        self._values = dict(values)

    def __contains__(self, name: object) -> bool:
        return name in self._values

    def __len__(self) -> int:
        return len(self._values)

    def __bool__(self) -> bool:
        return True  # a form sent with nothing in it was still sent

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def getlist(self, name: str, /) -> list[str]:
        return self._values.get(name, [])

    def item_indices(self, name: str) -> list[int]:
        """The items of a dynamic list in the order of their numbers, after the button pressed had its effect."""
        pattern = re.compile(re.escape(name) + r"-(\d{1,6})-")
        found = {int(match[1]) for key in self._values if (match := pattern.match(key))}
        found -= {index for index in found if f"{name}-{index}" in self.getlist(REMOVE)}
        if name in self.getlist(ADD):
            found.add(max(found, default=-1) + 1)
        return sorted(found)


def from_posted(posted: PostedValues) -> RawValues:
    """The values of a request, as many names as a form can have."""
    names = [name for name, _ in zip(posted, range(MOST_NAMES), strict=False)]
    return RawValues({name: [str(text)[:MOST_KEPT] for text in posted.getlist(name)] for name in names})


def from_draft(draft: Mapping[str, str | list[str]]) -> RawValues:
    """The values of a draft."""
    return RawValues({name: [texts] if isinstance(texts, str) else list(texts) for name, texts in draft.items()})


def to_draft(raw: RawValues, names: Iterable[str]) -> dict[str, str | list[str]]:
    """The texts of the given inputs, as a draft keeps them."""
    return {
        name: texts[0] if len(texts) == 1 else texts for name in names if name in raw and (texts := raw.getlist(name))
    }
