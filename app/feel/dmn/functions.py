"""Functions of a DMN file as values: boxed functions, knowledge models and decision services."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from app.feel.dmn.item_types import ItemType
from app.feel.dmn.scope import fitted
from app.feel.evaluation import Evaluation
from app.feel.notices import WRONG_ARGUMENTS, Unanswerable
from app.feel.types import FunctionType
from app.feel.values.callables import FeelFunction
from app.feel.values.kinds import kind_of

Parameters = tuple[tuple[str, ItemType], ...]
Body = Callable[[Mapping[str, object], Evaluation], object]


class ModelFunction(FeelFunction):
    """A function whose arguments and result are converted to the types the file declares.

    body: takes the arguments by name.
    """

    __slots__ = ("_body", "parameters", "result_type")

    def __init__(self, name: str, parameters: Parameters, body: Body, result_type: ItemType) -> None:
        self.name = name
        self.parameters = parameters
        self.result_type = result_type
        self._body = body

    @property
    def type(self) -> FunctionType:
        parameters = tuple(type_.feel_type for _, type_ in self.parameters)
        return FunctionType(parameters, self.result_type.feel_type)

    def call(self, evaluation: Evaluation, arguments: Sequence[object]) -> object:
        if len(arguments) != len(self.parameters):
            raise self._refused(arguments)
        names = [name for name, _ in self.parameters]
        return self.call_named(evaluation, dict(zip(names, arguments, strict=True)))

    def call_named(self, evaluation: Evaluation, arguments: Mapping[str, object]) -> object:
        """An argument that does not fit its type is null (DMN 1.5 clause 10.3.2.9.4)."""
        if arguments.keys() != {name for name, _ in self.parameters}:
            raise self._refused(list(arguments.values()))
        values = {name: fitted(arguments[name], type_, name, evaluation) for name, type_ in self.parameters}
        evaluation.enter()
        result = self._body(values, evaluation)
        evaluation.leave()
        return fitted(result, self.result_type, self.name, evaluation)

    def _refused(self, arguments: Sequence[object]) -> Unanswerable:
        types = ", ".join(map(kind_of, arguments))
        return Unanswerable(WRONG_ARGUMENTS, function=self.name or "function", types=types)
