"""The elements of a requirement graph, and how the value of each is found (DMN 1.5 clause 6)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from app.feel.dmn.functions import ModelFunction, Parameters
from app.feel.dmn.item_types import ANYTHING, ItemType
from app.feel.dmn.scope import START, Logic, Variables, fitted, null_logic
from app.feel.dmn.shapes import Shape
from app.feel.evaluation import Evaluation
from app.feel.notices import UNKNOWN_NAME

Key = tuple[str, str]


@dataclass(eq=False)
class Element:
    """What all have: a key of namespace and id, a name, a type, and the elements required.

    name: that of its variable; title: its own, should it differ.
    requirements: each with the prefix it is known under, "" for one of the same file.
    """

    tag: ClassVar[str]
    key: Key
    name: str
    type: ItemType = ANYTHING
    title: str = ""
    requirements: list[tuple[str, Element]] = field(default_factory=list)

    def value(self, session: Session) -> object:
        """The value under the inputs of a session."""
        raise NotImplementedError


class InputData(Element):
    """What is given from outside."""

    tag = "inputData"

    def value(self, session: Session) -> object:
        return fitted(session.given(self), self.type, self.name, session.evaluation)


@dataclass(eq=False)
class Decision(Element):
    """What follows from its requirements by its logic.

    outputs: those of its table, by whose names others know it too where it has no variable, as in Camunda 7.
    """

    tag = "decision"

    logic: Logic | None = None
    shape: Shape = Shape()  # noqa: RUF009  # frozen
    outputs: tuple[str, ...] = ()

    def value(self, session: Session) -> object:
        """Without logic, as for what a person decides, the value is given like input data."""
        if self.logic is None:
            result = session.given(self)
        else:
            result = self.logic(session.variables_for(self), session.evaluation)
        return fitted(result, self.type, self.name, session.evaluation)

    def by_output(self, value: object) -> dict[str, object]:
        """The value by the names of its outputs; of several rules, a list for each."""
        if len(self.outputs) == 1:
            return {self.outputs[0]: value}
        if isinstance(value, list):
            parts = [self.by_output(row) for row in value]
            return {name: [part[name] for part in parts] for name in self.outputs}
        return {name: value.get(name) if isinstance(value, dict) else None for name in self.outputs}


@dataclass(eq=False)
class KnowledgeModel(Element):
    """A function that decisions call."""

    tag = "businessKnowledgeModel"

    parameters: Parameters = ()
    logic: Logic = null_logic

    def value(self, session: Session) -> object:
        known = session.variables_for(self)

        def body(arguments: Variables, evaluation: Evaluation) -> object:
            return self.logic({**known, **arguments}, evaluation)

        function = ModelFunction(self.name, self.parameters, body, result_type(self.type))
        known[self.name] = function
        return function


@dataclass(eq=False)
class DecisionService(Element):
    """Decisions that are called like a function of their inputs."""

    tag = "decisionService"

    inputs: list[Element] = field(default_factory=list)
    outputs: list[Element] = field(default_factory=list)

    def value(self, _session: Session) -> object:
        return self.function()

    @property
    def shape(self) -> Shape:
        """That of the only output decision; several make a context."""
        only = self.outputs[0] if len(self.outputs) == 1 else None
        return only.shape if isinstance(only, Decision) else Shape()

    def function(self) -> ModelFunction:
        parameters = tuple((element.name, element.type) for element in self.inputs)
        return ModelFunction(self.name, parameters, self._run, result_type(self.type))

    def _run(self, arguments: Variables, evaluation: Evaluation) -> object:
        """What is given as an argument is not computed (clause 10.4)."""
        given = {element.key: arguments[element.name] for element in self.inputs}
        session = Session(arguments, evaluation, given)
        if len(self.outputs) == 1:
            return session.value_of(self.outputs[0])
        return {output.name: session.value_of(output) for output in self.outputs}


def result_type(type_: ItemType) -> ItemType:
    """The type of a function's results, whether its variable declares it or the function's type."""
    return type_.result or type_


class Session:
    """One evaluation: the inputs, and every value found so far."""

    def __init__(
        self, inputs: Mapping[str, object], evaluation: Evaluation, given: Mapping[Key, object] | None = None
    ) -> None:
        self.inputs = inputs
        self.evaluation = evaluation
        self._values: dict[Key, object] = dict(given or {})

    def value_of(self, element: Element) -> object:
        """What was found before, or else is found now."""
        if element.key not in self._values:
            self.evaluation.tick()
            first = len(self.evaluation.notices)
            self._values[element.key] = element.value(self)
            self.evaluation.name_element(first, f"{element.tag} “{element.title or element.name}”")
        return self._values[element.key]

    def required_value(self, element: Element) -> object:
        """As `value_of`, but a decision that is given among the inputs is not computed."""
        if isinstance(element, Decision) and element.name in self.inputs and element.key not in self._values:
            self._values[element.key] = fitted(self.given(element), element.type, element.name, self.evaluation)
        return self.value_of(element)

    def given(self, element: Element) -> object:
        """The input of an element, by `namespace#name` or by its name alone."""
        for name in (f"{element.key[0]}#{element.name}", element.name):
            if name in self.inputs:
                return self.inputs[name]
        self.evaluation.notice(UNKNOWN_NAME, START, name=element.name)
        return None

    def variables_for(self, element: Element) -> dict[str, object]:
        """The required values by name, those of another file in a context of its prefix."""
        variables: dict[str, object] = {}
        imported: dict[str, dict[str, object]] = {}
        outputs: dict[str, object] = {}
        for prefix, required in element.requirements:
            holder = imported.setdefault(prefix, {}) if prefix else variables
            holder[required.name] = value = self.required_value(required)
            if isinstance(required, Decision) and required.outputs and not prefix:
                outputs |= required.by_output(value)
        return {**outputs, **variables, **imported}
