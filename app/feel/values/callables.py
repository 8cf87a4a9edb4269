"""The common face of built-in functions and of functions defined in expressions."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.feel.evaluation import Evaluation


class FeelFunction(ABC):
    """A function as a value. `name` is empty for one that was defined without a name."""

    __slots__ = ("name",)
    name: str

    @abstractmethod
    def call(self, evaluation: Evaluation, arguments: Sequence[object]) -> object:
        """Call it with positional arguments; raises `Unanswerable` where they do not fit."""

    @abstractmethod
    def call_named(self, evaluation: Evaluation, arguments: Mapping[str, object]) -> object:
        """Call it with named arguments; raises `Unanswerable` where they do not fit."""
