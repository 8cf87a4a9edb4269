"""Types with constraints: what item definitions add to the types of FEEL (DMN 1.5 clause 7.3.2)."""

from __future__ import annotations

from dataclasses import dataclass

from app.feel.coercion import coerce
from app.feel.evaluation import Evaluation
from app.feel.expression import UnaryTests
from app.feel.types import ANY, ContextType, FeelType, FunctionType, ListType

NO_FIT = object()


@dataclass(frozen=True, slots=True)
class ItemType:
    """A type; every one of the `allowed` tests restricts its values.

    `components` makes it a context, `element` a list, `result` a function; without them it is simple.
    """

    feel_type: FeelType
    components: dict[str, ItemType] | None = None
    element: ItemType | None = None
    allowed: tuple[UnaryTests, ...] = ()
    result: ItemType | None = None

    def accept(self, value: object, evaluation: Evaluation) -> object:
        """The value as this type has it, or `NO_FIT`."""
        if value is None:
            return None
        if self.element is not None:
            fitted = self._accept_list(value, evaluation)
        elif self.components is not None:
            fitted = self._accept_context(value, evaluation)
        else:
            is_fitting, converted = coerce(value, self.feel_type)
            fitted = converted if is_fitting else NO_FIT
        if fitted is NO_FIT or not all(tests.run(fitted, {}, evaluation) is True for tests in self.allowed):
            return NO_FIT
        return fitted

    def _accept_list(self, value: object, evaluation: Evaluation) -> object:
        items = value if isinstance(value, list) else [value]
        element = self.element
        if element is None:
            return NO_FIT
        fitted: list[object] = [element.accept(item, evaluation) for item in items]
        return NO_FIT if any(item is NO_FIT for item in fitted) else fitted

    def _accept_context(self, value: object, evaluation: Evaluation) -> object:
        """A context with all components; what it has besides them stays."""
        if isinstance(value, list) and len(value) == 1:
            return self._accept_context(value[0], evaluation)
        if not isinstance(value, dict):
            return NO_FIT
        fitted = dict(value)
        for name, component in (self.components or {}).items():
            if name not in value:
                return NO_FIT
            fitted[name] = component.accept(value[name], evaluation)
            if fitted[name] is NO_FIT:
                return NO_FIT
        return fitted


ANYTHING = ItemType(ANY)


def context_of(components: dict[str, ItemType]) -> ItemType:
    """A context with at least these entries."""
    entries = tuple((name, component.feel_type) for name, component in components.items())
    return ItemType(ContextType(entries), components=components)


def list_of(element: ItemType) -> ItemType:
    """A list of elements of one type."""
    return ItemType(ListType(element.feel_type), element=element)


def function_of(parameters: list[ItemType], result: ItemType) -> ItemType:
    """A function, by the types of its parameters and of its result."""
    types = tuple(parameter.feel_type for parameter in parameters)
    return ItemType(FunctionType(types, result.feel_type), result=result)
