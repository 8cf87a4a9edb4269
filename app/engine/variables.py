"""The variables of one scope: FEEL values, decoded from the saved state only when somebody reads them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from app import feel
from app.feel.values.callables import FeelFunction

_PLAIN = frozenset({type(None), bool, str, Decimal})


def isolated(value: object) -> object:
    """A copy that shares no list or context with the original.

    What comes from outside or leaves must not change with what somebody else holds. Raises `NotRepresentable` for
    functions, which are values of an expression but not of a case.
    """
    if type(value) in _PLAIN:
        return value
    if isinstance(value, list):
        return [isolated(item) for item in value]
    if isinstance(value, dict):
        return {name: isolated(item) for name, item in value.items()}
    if isinstance(value, FeelFunction):
        raise feel.NotRepresentable("a function cannot be stored")
    return value


class Variables(Mapping[str, object]):
    """Names to FEEL values; each is decoded when it is first read and encoded once after it was written."""

    __slots__ = ("_encoded", "_values")

    def __init__(self, encoded: dict[str, object] | None = None) -> None:
        self._values: dict[str, object] = {}
        self._encoded: dict[str, object] = encoded or {}

    def __getitem__(self, name: str) -> object:
        if name not in self._values:
            self._values[name] = feel.decode(self._encoded[name])
        return self._values[name]

    def __contains__(self, name: object) -> bool:
        return name in self._values or name in self._encoded

    def __iter__(self) -> Iterator[str]:
        yield from self._encoded
        yield from (name for name in self._values if name not in self._encoded)

    def __len__(self) -> int:
        return len(self._encoded.keys() | self._values.keys())

    def put(self, name: str, value: object) -> None:
        self._encoded.pop(name, None)
        self._values[name] = value

    def encoded(self) -> dict[str, object]:
        """All of it in the form of the saved state."""
        for name, value in self._values.items():
            if name not in self._encoded:
                self._encoded[name] = feel.encode(value)
        return self._encoded


class VisibleVariables(Mapping[str, object]):
    """What an expression sees: the nearest scope's variable of each name, from the inside outwards."""

    __slots__ = ("_scopes",)

    def __init__(self, *scopes: Mapping[str, object]) -> None:
        self._scopes = scopes

    def __getitem__(self, name: str) -> object:
        for scope in self._scopes:
            if name in scope:
                return scope[name]
        raise KeyError(name)

    def __contains__(self, name: object) -> bool:
        return any(name in scope for scope in self._scopes)

    def __iter__(self) -> Iterator[str]:
        return iter(dict.fromkeys(name for scope in self._scopes for name in scope))

    def __len__(self) -> int:
        return len(set().union(*self._scopes))
