"""A DMN file that is ready to decide."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from lxml import etree

from app.feel.dmn.analysis import Finding, analyse_tables
from app.feel.dmn.item_types import ItemType
from app.feel.dmn.loading import Loader
from app.feel.dmn.problems import DecisionModelRefused, Problem, Problems
from app.feel.dmn.reading import children, read_definitions
from app.feel.dmn.requirements import Decision, DecisionService, Element, InputData, Key, Session
from app.feel.dmn.shapes import Row
from app.feel.environment import Environment
from app.feel.errors import BudgetExceeded, FeelError
from app.feel.evaluation import Evaluation
from app.feel.expression import Result
from app.feel.notices import N_

_DMN_IMPORTS = "DMN"
Evaluable = Decision | DecisionService


class UnknownDecision(FeelError):
    """A model was asked for a decision it does not have."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(f"there is no decision {name!r}")


class DecisionModel:
    """The decisions of a DMN file; stateless, so that threads can share it.

    `problems` is empty unless the file was read tolerantly.
    """

    def __init__(
        self,
        definitions: etree._Element,
        loader: Loader,
        imported: Mapping[Key, Element],
        problems: tuple[Problem, ...],
    ) -> None:
        self.id = definitions.get("id", "")
        self.name = definitions.get("name", "")
        self.namespace = loader.namespace
        self.definitions = definitions
        self.problems = problems
        self.types = loader.types
        self.properties = loader.properties
        self.elements = loader.elements
        self.known: dict[Key, Element] = {**imported, **loader.elements}

    @property
    def decision_names(self) -> tuple[str, ...]:
        return tuple(element.name for element in self.elements.values() if isinstance(element, Decision))

    @property
    def input_names(self) -> tuple[str, ...]:
        return tuple(element.name for element in self.known.values() if isinstance(element, InputData))

    @property
    def decision_ids(self) -> tuple[str, ...]:
        """The ids of the decisions and decision services of this file."""
        return tuple(key[1] for key, element in self.elements.items() if isinstance(element, Evaluable))

    def name_of(self, decision: str) -> str:
        """The name of a decision or decision service. Raises `UnknownDecision`."""
        return self._find(decision).name

    def inputs_of(self, decision: str) -> dict[str, ItemType]:
        """What a decision or decision service wants to be given, by name. Raises `UnknownDecision`.

        A decision without logic is something a person decides: its value is given as well.
        """
        found: dict[str, ItemType] = {}
        element = self._find(decision)
        pending: list[Element] = [*element.inputs] if isinstance(element, DecisionService) else [element]
        given = set(pending) if isinstance(element, DecisionService) else set()
        seen: set[Element] = set()
        while pending:
            current = pending.pop(0)
            if current in seen:
                continue
            seen.add(current)
            if current in given or isinstance(current, InputData) or _is_decided_by_people(current):
                found[current.name] = current.type
            else:
                pending += [required for _, required in current.requirements]
        return found

    def rows(self, decision: str, result: Result) -> list[Row]:
        """What a decision gave as outputs by name, for each rule that counted. Raises `UnknownDecision`."""
        return self._find(decision).shape.rows(result)

    def evaluate(self, decision: str, inputs: Mapping[str, object], environment: Environment) -> Result:
        """The value of a decision, or of a decision service, by its name or id.

        inputs: FEEL values by the names of the input data, or by `namespace#name` where imported
        files share a name. A required decision that is among them is not computed, so pass on no
        more than is meant (`input_names`). Raises `UnknownDecision` and `BudgetExceeded`.
        """
        element = self._find(decision)
        evaluation = Evaluation(environment)
        try:
            value = self._value(element, inputs, evaluation)
        except RecursionError as error:
            raise BudgetExceeded("depth", evaluation.budget.depth) from error
        evaluation.check_whole_size(value)
        return Result(value, tuple(evaluation.notices), evaluation.rules)

    def analyse(self, environment: Environment) -> tuple[Finding, ...]:
        """Overlaps, gaps and unreachable rules of the decision tables, each with an example."""
        return analyse_tables(self.definitions, environment)

    def _value(self, element: Element, inputs: Mapping[str, object], evaluation: Evaluation) -> object:
        if isinstance(element, DecisionService):
            arguments = {required.name: inputs.get(required.name) for required in element.inputs}
            return element.function().call_named(evaluation, arguments)
        return Session(inputs, evaluation).value_of(element)

    def _find(self, name: str) -> Evaluable:
        by_id = self.elements.get((self.namespace, name))
        if isinstance(by_id, Evaluable):
            return by_id
        callable_ones = [element for element in self.elements.values() if isinstance(element, Evaluable)]
        named = [element for element in callable_ones if element.name == name]
        titled = [element for element in callable_ones if element.title == name]
        if not named and not titled:
            raise UnknownDecision(name)
        return (named or titled)[0]


def _is_decided_by_people(element: Element) -> bool:
    return isinstance(element, Decision) and element.logic is None


def load_dmn(xml: bytes, imports: Iterable[DecisionModel] = (), *, is_tolerant: bool = False) -> DecisionModel:
    """Read a DMN 1.1 to 1.5 file.

    imports: the models it may import, found by namespace.
    is_tolerant: what cannot run is null and listed in `problems`; otherwise it raises
    `DecisionModelRefused`, which names each element, line and reason.
    """
    definitions = read_definitions(xml)
    problems = Problems()
    available = {model.namespace: model for model in imports}
    known: dict[Key, Element] = {}
    types: dict[str, ItemType] = {}
    prefixes: dict[str, str] = {}
    properties: tuple[str, ...] = ()
    for statement in children(definitions, "import"):
        namespace = statement.get("namespace", "")
        if _DMN_IMPORTS not in statement.get("importType", "").upper():
            problems.add(statement, N_("Only DMN files can be imported."))
        elif namespace not in available:
            problems.add(statement, N_("The imported model %(namespace)s is missing."), namespace=namespace)
        else:
            model = available[namespace]
            prefix = prefixes[namespace] = statement.get("name") or ""
            known.update(model.known)
            types.update({f"{prefix}.{name}" if prefix else name: type_ for name, type_ in model.types.items()})
            properties += model.properties
    loader = Loader(definitions, known, types, prefixes, properties, problems)
    loader.load()
    if problems.found and not is_tolerant:
        raise DecisionModelRefused(tuple(problems.found))
    return DecisionModel(definitions, loader, known, tuple(problems.found))
