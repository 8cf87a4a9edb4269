"""Which slot holds a local name, and how the parts of a node are compiled."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import NamedTuple

from app.feel.evaluation import Frame
from app.feel.syntax.nodes import Node
from app.feel.values.callables import FeelFunction

Code = Callable[[Frame], object]
Test = Callable[[Frame, object], bool | None]


class Binding(NamedTuple):
    """A local name; without a name, the element of a filter whose entries are names."""

    name: str | None
    slot: int


class Scope:
    """The local names at one place of the tree. `slot_count` grows for the whole expression."""

    def __init__(
        self,
        compile_node: Callable[[Node, Scope], Code],
        built_ins: Mapping[str, FeelFunction],
        declared: frozenset[str],
    ) -> None:
        self._compile_node = compile_node
        self._bindings: list[Binding] = []
        self.built_ins = built_ins
        self.declared = declared
        self.free_names: set[str] = set()
        self.slot_count = 0
        self._read: set[int] = set()

    def code(self, node: Node) -> Code:
        return self._compile_node(node, self)

    def codes(self, *children: Node) -> tuple[Code, ...]:
        return tuple(self._compile_node(child, self) for child in children)

    @contextmanager
    def local(self) -> Iterator[None]:
        """Bindings made in the block end with it."""
        count = len(self._bindings)
        yield
        del self._bindings[count:]

    def bind(self, name: str | None) -> int:
        """Reserve a slot for a name, or for a filter's element when the name is None."""
        slot = self.slot_count
        self.slot_count += 1
        self._bindings.append(Binding(name, slot))
        return slot

    def resolve(self, name: str) -> tuple[tuple[int, ...], int | None]:
        """The filter elements that may have an entry of this name, then the slot that has it."""
        elements: list[int] = []
        for binding in reversed(self._bindings):
            if binding.name is None:
                elements.append(binding.slot)
            elif binding.name == name:
                self._read.add(binding.slot)
                return tuple(elements), binding.slot
        return tuple(elements), None

    def is_read(self, slot: int) -> bool:
        """Whether anything compiled so far reads a slot."""
        return slot in self._read

    def note_free(self, name: str, *, may_be_entry: bool = False) -> None:
        """Remember a name that must come from outside, unless it may come from elsewhere."""
        is_built_in = name in self.built_ins
        if name in self.declared or not (may_be_entry or is_built_in):
            self.free_names.add(name)
