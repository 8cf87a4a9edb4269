"""Scopes and tokens of a case, each built from the saved state when somebody first asks for it."""

from __future__ import annotations

from collections.abc import Callable, ItemsView, Iterator, KeysView, ValuesView
from typing import TypeVar

V = TypeVar("V")


class OnDemand(dict[str, V]):
    """A dictionary of which some entries are still in saved form.

    One entry is built when it is asked for by name, all of them when somebody looks through them; then they are in
    the order in which they were saved, what is new behind.
    """

    def __init__(self) -> None:
        super().__init__()
        self._saved: list[str] = []  # in order; also what was built meanwhile, until all is
        self._waiting: set[str] = set()
        self._build: Callable[[str], object] | None = None

    def wait(self, names: list[str], build: Callable[[str], object]) -> None:
        """Have these entries built by `build`, which puts them in."""
        self._saved, self._waiting, self._build = names, set(names), build

    def built(self, name: str, value: V) -> None:
        """One of those that waited is here."""
        self._waiting.discard(name)
        self[name] = value

    def _all(self) -> None:
        while self._waiting and self._build is not None:
            self._build(next(iter(self._waiting)))
        if self._saved:
            ordered = {name: self[name] for name in self._saved if name in self}
            self._saved = []
            ordered |= self
            self.clear()
            self.update(ordered)

    def __missing__(self, name: str) -> V:
        if name not in self._waiting or self._build is None:
            raise KeyError(name)
        self._build(name)
        return self[name]

    def get(self, name: str, default: V | None = None) -> V | None:  # type: ignore[override]  # one way of asking will do
        try:
            return self[name]
        except KeyError:
            return default

    def __contains__(self, name: object) -> bool:
        return super().__contains__(name) or name in self._waiting

    def __len__(self) -> int:
        return super().__len__() + len(self._waiting)

    def __iter__(self) -> Iterator[str]:
        self._all()
        return super().__iter__()

    def keys(self) -> KeysView[str]:  # type: ignore[override]  # the class of a dictionary's own view has no public name
        self._all()
        return super().keys()

    def values(self) -> ValuesView[V]:  # type: ignore[override]
        self._all()
        return super().values()

    def items(self) -> ItemsView[str, V]:  # type: ignore[override]
        self._all()
        return super().items()
