"""What data associations read and write: variables of a scope, and data stores of the site."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from app.engine.outcome import DataStoreWrite
from app.engine.scopes import Scope
from app.i18n import N_

if TYPE_CHECKING:
    from app.engine.elements.flow_node import FlowNode
    from app.engine.runtime import RunningInstance


class Readable(Protocol):
    """Where associations read: a scope, or what an event has received in front of one."""

    @property
    def visible(self) -> Mapping[str, object]: ...
    @property
    def runtime(self) -> RunningInstance: ...


@dataclass(frozen=True, slots=True)
class DataItem:
    """A data object, property, data input or output: the variable of this name; or a data store of this name."""

    id: str
    name: str
    is_store: bool = False
    is_collection: bool = False

    def read(self, scope: Readable) -> object:
        """The value; null where nothing was written yet."""
        if self.is_store:
            return read_store(scope, self.name)
        return scope.visible.get(self.name)

    def write(self, node: FlowNode, scope: Scope, activity_id: str, value: object) -> None:
        """Change the variable or the store."""
        self.check(node, value)
        if self.is_store:
            write = DataStoreWrite(activity_id, node.element_id, self.name, value)
            scope.runtime.journal.data_stores.append(write)
        else:
            scope.set_variable(self.name, value)

    def check(self, node: FlowNode, value: object) -> None:
        """A collection holds a list."""
        if self.is_collection and value is not None and not isinstance(value, list):
            msgid = N_("“%(element)s” writes into the collection “%(item)s” what is not a list.")
            raise node.failure("data", msgid, item=self.name)


def read_store(scope: Readable, name: str) -> object:
    """The value of a data store, as this step has left it."""
    for write in reversed(scope.runtime.journal.data_stores):
        if write.store == name:
            return write.value
    return scope.runtime.context.data_stores.get(name)
