"""The bytes of a saved state: how its parts lie in it, and how older versions are brought up to date.

Version 2 is a header (version, the state's own key, length of the index), an index in JSON, then one section per
scope: its JSON and its values of some size, each for itself, compressed if large. A scope that a step did not touch
is written again as it was, and one that a step does not need is not read: a step costs what it changes, not what the
case holds.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import orjson

from app.engine.errors import StateNotReadable
from app.engine.variables import Packed
from app.i18n import N_
from app.identifiers import new_id

VERSION = 2
_HEADER = struct.Struct(">B16sI")
KEY_ENDS = 17  # the key lies behind the version
_ZLIB = 0x78  # version 1 had no header: it was compressed as a whole


class Section(NamedTuple):
    """A scope as it is saved: its row of the index and what lies behind the index.

    The row: id, id of the scope around, id of the token that owns it, ids of its tokens, length of the JSON, lengths
    of the values that lie behind it. A tuple, because a case has many of them and most are passed on as they are.
    """

    row: list[Any] | orjson.Fragment  # encoded already, where it was just made
    bytes: bytes


class SavedScope(NamedTuple):
    """A scope found in a saved state, its content not yet read."""

    id: str
    parent_id: str | None
    owner_id: str | None
    token_ids: list[str]
    lengths: list[int]
    bytes: bytes

    def content(self) -> list[Any]:
        """Kind, process key, level, variables, tokens; then, as far as there are any, what can be undone and clocks.

        Each token with its node, state and internal data.
        """
        end = self.lengths[0]
        content: list[Any] = orjson.loads(self.bytes[:end])
        variables = content[3]
        packed = list(self._packed(end))
        if packed:
            for name, value in variables.items():
                if type(value) is int:  # no FEEL value is encoded as a number
                    variables[name] = packed[value]
        return content

    def _packed(self, begin: int) -> Iterator[Packed]:
        for length in self.lengths[1:]:
            yield Packed(self.bytes[begin : begin + length])
            begin += length


@dataclass(frozen=True, slots=True)
class SavedState:
    """What a saved state says of the case as a whole, and its scopes, a parent before its children."""

    business_key: str | None
    end_event_id: str | None
    sections: dict[str, Section]  # by the scope's id

    def scope(self, scope_id: str) -> SavedScope:
        """One that was not yet built and saved anew."""
        row, content = self.sections[scope_id]
        if not isinstance(row, list):
            raise KeyError(scope_id)
        _id, parent_id, owner_id, token_ids, lengths = row
        return SavedScope(scope_id, parent_id, owner_id, token_ids, lengths, content)

    def homes(self) -> dict[str, str]:
        """In which scope each token is."""
        rows = [part.row for part in self.sections.values() if isinstance(part.row, list)]
        return {token_id: row[0] for row in rows for token_id in row[3]}

    def scopes(self) -> list[SavedScope]:
        return [self.scope(scope_id) for scope_id in self.sections]


def section(
    ids: tuple[str, str | None, str | None],
    variables: Mapping[str, object],
    head: list[object],
    tokens: list[Any],
    undoable: Sequence[object] = (),
    clocks: Mapping[str, object] | None = None,
) -> Section:
    """The section of a scope.

    Arguments: ids of the scope, of the one around and of its owner; variables, encoded; head, kind and level; tokens,
    each with its id first; what can be undone; clocks that run.
    """
    apart: list[bytes] = []
    values: dict[str, object] = {}
    for name, value in variables.items():
        if type(value) is Packed:
            values[name] = len(apart)
            apart.append(value.content)
        else:
            values[name] = value
    rest: list[object] = [undoable, clocks] if clocks else [undoable] if undoable else []
    content = orjson.dumps([*head, values, [token[1:] for token in tokens], *rest])
    lengths = [len(content), *map(len, apart)]
    row = orjson.dumps([*ids, [token[0] for token in tokens], lengths])
    return Section(orjson.Fragment(row), b"".join((content, *apart)) if apart else content)


def write(business_key: str | None, end_event_id: str | None, sections: Iterable[Section]) -> bytes:
    """A state in the newest version; its key is new each time."""
    kept = tuple(sections)
    rows = [part.row for part in kept]
    index = orjson.dumps({"business_key": business_key, "end_event_id": end_event_id, "scopes": rows})
    header = _HEADER.pack(VERSION, bytes.fromhex(new_id()), len(index))
    return b"".join((header, index, *[part.bytes for part in kept]))


def key_of(state: bytes) -> bytes:
    """What no other saved state has: states are told apart by it without looking at all their bytes."""
    return state[:KEY_ENDS]


def read(state: bytes) -> SavedState:
    """Take a state of any known version apart; `StateNotReadable` for a newer one, ValueError for a damaged one."""
    state = _up_to_date(state)
    _version, _key, length = _HEADER.unpack_from(state)
    begin = _HEADER.size + length
    index = orjson.loads(state[_HEADER.size : begin])
    sections = {}
    for row in index["scopes"]:
        end = begin + sum(row[4])
        sections[row[0]] = Section(row, state[begin:end])
        begin = end
    if begin != len(state):
        raise ValueError("the state is cut off")
    return SavedState(index["business_key"], index["end_event_id"], sections)


def state_document(state: bytes) -> dict[str, object]:
    """All that a saved state holds, as plain JSON: equal for equal cases, whatever the bytes."""
    saved = read(state)
    scopes = {}
    for scope in saved.scopes():
        kind, process_key, level_id, variables, tokens, *rest = scope.content()
        values = {name: value.data() if isinstance(value, Packed) else value for name, value in variables.items()}
        scopes[scope.id] = {
            "parent": scope.parent_id,
            "owner": scope.owner_id,
            "level": [kind, process_key, level_id],
            "variables": values,
            "tokens": dict(zip(scope.token_ids, tokens, strict=True)),
            "undoable": rest[:1],
            "clocks": rest[1:],
        }
    return {"business_key": saved.business_key, "end_event": saved.end_event_id, "scopes": scopes}


def _up_to_date(state: bytes) -> bytes:
    while (version := _version_of(state)) != VERSION:
        upgrade = UPGRADES.get(version)
        if upgrade is None:
            raise _of_unknown_version(version)
        state = upgrade(state)
    return state


def _version_of(state: bytes) -> int:
    if not state:
        raise ValueError("the state is empty")
    return 1 if state[0] == _ZLIB else state[0]


def _of_unknown_version(version: int) -> StateNotReadable:
    return StateNotReadable(
        N_("The saved state of this case has version %(found)s; this program reads %(known)s."),
        found=version,
        known=VERSION,
    )


def _from_version_1(state: bytes) -> bytes:
    """One JSON document: scopes with their variables, tokens apart from them."""
    document = orjson.loads(zlib.decompress(state))
    if document["version"] != 1:
        raise _of_unknown_version(document["version"])
    tokens: dict[str, list[list[Any]]] = {}
    for token_id, scope_id, *rest in document["tokens"]:
        tokens.setdefault(scope_id, []).append([token_id, *rest])
    sections = [
        section((scope_id, parent_id, owner_id), variables, head, tokens.get(scope_id, []))
        for scope_id, parent_id, owner_id, *head, variables in document["scopes"]
    ]
    return write(document["business_key"], None, sections)


# Each makes of a state of its version one of the next: a case may have slept through several.
UPGRADES: dict[int, Callable[[bytes], bytes]] = {1: _from_version_1}
