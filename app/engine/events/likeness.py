"""Whether two versions of an event wait for the same thing."""

from __future__ import annotations


def are_alike(definitions: tuple[object, ...], others: tuple[object, ...]) -> bool:
    """Whether they are of the same kinds in the same order; messages and signals also of the same names.

    When a timer is due, and which condition counts, may differ: what waits already keeps its own.
    """
    return len(definitions) == len(others) and all(
        type(one) is type(other) and _name(one) == _name(other) for one, other in zip(definitions, others, strict=True)
    )


def _name(definition: object) -> object:
    return getattr(definition, "name", None)
