"""The variables of one scope: FEEL values, decoded from the saved state only when somebody reads them."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

import orjson

from app import feel
from app.feel.values.callables import FeelFunction

PLAIN = frozenset({type(None), bool, str, Decimal})
_APART = 100  # bytes of JSON from which on a value lies apart, not read by a step that does not need it
_LARGE = 2_000  # and from which on it is worth compressing
_ZLIB = 0x78  # how compressed bytes begin, and JSON never does
_CONTAINERS = ("l", "c")  # tags of lists and contexts
_COMPRESSION = 1  # the fastest


def isolated(value: object) -> object:
    """A copy that shares no list or context with the original.

    What comes from outside or leaves must not change with what somebody else holds. Raises `NotRepresentable` for
    functions, which are values of an expression but not of a case.
    """
    if type(value) in PLAIN:
        return value
    if isinstance(value, list):
        return [isolated(item) for item in value]
    if isinstance(value, dict):
        return {name: isolated(item) for name, item in value.items()}
    if isinstance(value, FeelFunction):
        raise feel.NotRepresentable("a function cannot be stored")
    return value


def is_alike(one: object, other: object) -> bool:
    """Whether two values that Python takes for equal are of one type in all their parts: for Python true is 1."""
    if type(one) is not type(other):
        return False
    if type(one) in PLAIN:
        return True
    parts: Iterable[tuple[object, object]] = ()
    if isinstance(one, dict) and isinstance(other, dict):
        parts = zip(one.values(), map(other.__getitem__, one), strict=True)
    elif isinstance(one, list) and isinstance(other, list):
        parts = zip(one, other, strict=True)
    # Mostly they are the very same.
    return all(part is other_part or is_alike(part, other_part) for part, other_part in parts)


@dataclass(frozen=True, slots=True)
class Packed:
    """The JSON of a value of some size, compressed if large: made once, not at every step that leaves it alone."""

    content: bytes

    def data(self) -> object:
        is_compressed = self.content[0] == _ZLIB
        return orjson.loads(zlib.decompress(self.content) if is_compressed else self.content)


def _packed(data: object) -> object:
    """The encoded value, packed where it is not small."""
    if (type(data) is list and data[0] in _CONTAINERS) or (type(data) is str and len(data) >= _APART):
        text = orjson.dumps(data)
        if len(text) >= _LARGE:
            return Packed(zlib.compress(text, _COMPRESSION))
        if len(text) >= _APART:
            return Packed(text)
    return data


class Variables(Mapping[str, object]):
    """Names to FEEL values; each is decoded when it is first read and encoded once after it was written.

    encoded: from the saved state. on_change: told of every change.
    """

    __slots__ = ("_encoded", "_on_change", "_values")

    def __init__(self, encoded: dict[str, object], on_change: Callable[[], object]) -> None:
        self._values: dict[str, object] = {}
        self._encoded = encoded
        self._on_change = on_change

    def __getitem__(self, name: str) -> object:
        values = self._values
        if name not in values:
            data = self._encoded[name]
            values[name] = feel.decode(data.data() if type(data) is Packed else data)
        return values[name]

    def __contains__(self, name: object) -> bool:
        return name in self._values or name in self._encoded

    def __iter__(self) -> Iterator[str]:
        yield from self._encoded
        yield from (name for name in self._values if name not in self._encoded)

    def __len__(self) -> int:
        return len(self._encoded.keys() | self._values.keys())

    def put(self, name: str, value: object) -> None:
        self._on_change()
        self._encoded.pop(name, None)
        self._values[name] = value

    def remove(self, name: str) -> None:
        self._on_change()
        self._encoded.pop(name, None)
        self._values.pop(name, None)

    def encoded(self) -> dict[str, object]:
        """All of it in the form of the saved state; what is not small is `Packed`."""
        encoded = self._encoded
        for name, value in self._values.items():
            if name not in encoded:
                encoded[name] = _packed(feel.encode(value))
        return encoded


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


class RenamedVariables(Mapping[str, object]):
    """The same variables under other names; `names`: what each is called here -> what it is called there."""

    __slots__ = ("_names", "_variables")

    def __init__(self, variables: Mapping[str, object], names: Mapping[str, str]) -> None:
        self._variables = variables
        self._names = names

    def __getitem__(self, name: str) -> object:
        return self._variables[self._names[name]]

    def __contains__(self, name: object) -> bool:
        return name in self._names and self._names[str(name)] in self._variables

    def __iter__(self) -> Iterator[str]:
        return (name for name, other in self._names.items() if other in self._variables)

    def __len__(self) -> int:
        return sum(1 for _ in self)
