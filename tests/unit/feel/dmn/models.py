"""DMN files in few words: every function returns XML."""

from __future__ import annotations

from xml.sax.saxutils import escape, quoteattr

from app.feel import Result, from_python
from app.feel.dmn import DecisionModel, load_dmn
from tests.unit.feel.evaluating import ENVIRONMENT

DMN_15 = "https://www.omg.org/spec/DMN/20230324/MODEL/"


def attributes(**values: str) -> str:
    return "".join(f" {name}={quoteattr(value)}" for name, value in values.items() if value)


def literal(text: str, type_: str = "") -> str:
    return f"<literalExpression{attributes(typeRef=type_)}><text>{escape(text)}</text></literalExpression>"


def input_data(name: str, type_: str = "") -> str:
    return (
        f"<inputData id={quoteattr(identifier(name))} name={quoteattr(name)}>"
        f"<variable name={quoteattr(name)}{attributes(typeRef=type_)}/></inputData>"
    )


def identifier(name: str) -> str:
    return "_" + name.replace(" ", "_")


def decision(name: str, logic: str, *requires: str, type_: str = "") -> str:
    """`requires` are names of input data, or of other elements with their kind before a colon."""
    return (
        f"<decision id={quoteattr(identifier(name))} name={quoteattr(name)}>"
        f"<variable name={quoteattr(name)}{attributes(typeRef=type_)}/>"
        f"{''.join(map(requirement, requires))}{logic}</decision>"
    )


def requirement(name: str) -> str:
    kind, mark, rest = name.partition(":")
    target = rest if mark else name
    href = quoteattr("#" + identifier(target))
    if kind in ("bkm", "service") and mark:
        return f"<knowledgeRequirement><requiredKnowledge href={href}/></knowledgeRequirement>"
    tag = "requiredDecision" if mark else "requiredInput"
    return f"<informationRequirement><{tag} href={href}/></informationRequirement>"


def knowledge(name: str, parameters: dict[str, str], logic: str, *requires: str, type_: str = "") -> str:
    formal = "".join(
        f"<formalParameter name={quoteattr(parameter)}{attributes(typeRef=kind)}/>"
        for parameter, kind in parameters.items()
    )
    return (
        f"<businessKnowledgeModel id={quoteattr(identifier(name))} name={quoteattr(name)}>"
        f"<variable name={quoteattr(name)}{attributes(typeRef=type_)}/>"
        f"<encapsulatedLogic>{formal}{logic}</encapsulatedLogic>"
        f"{''.join(map(requirement, requires))}</businessKnowledgeModel>"
    )


def table(
    inputs: list[str],
    outputs: list[str],
    rules: list[tuple[str, ...]],
    policy: str = "UNIQUE",
    aggregation: str = "",
    output_values: str = "",
    default: str = "",
) -> str:
    columns = "".join(
        f"<input><inputExpression><text>{escape(text)}</text></inputExpression></input>" for text in inputs
    )
    values = f"<outputValues><text>{escape(output_values)}</text></outputValues>" if output_values else ""
    entry = f"<defaultOutputEntry><text>{escape(default)}</text></defaultOutputEntry>" if default else ""
    results = "".join(f"<output name={quoteattr(name)}>{values}{entry}</output>" for name in outputs)
    rows = "".join(_rule(rule, len(inputs)) for rule in rules)
    options = attributes(hitPolicy=policy, aggregation=aggregation)
    return f"<decisionTable{options}>{columns}{results}{rows}</decisionTable>"


def _rule(cells: tuple[str, ...], inputs: int) -> str:
    tests = "".join(f"<inputEntry><text>{escape(cell)}</text></inputEntry>" for cell in cells[:inputs])
    results = "".join(f"<outputEntry><text>{escape(cell)}</text></outputEntry>" for cell in cells[inputs:])
    return f"<rule>{tests}{results}</rule>"


def definitions(*elements: str, namespace: str = "urn:test", version: str = DMN_15) -> bytes:
    body = "\n".join(elements)
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<definitions xmlns="{version}" namespace="{namespace}" name="test" id="test">\n{body}\n</definitions>'
    ).encode()


def model(*elements: str) -> DecisionModel:
    return load_dmn(definitions(*elements))


def decide(source: DecisionModel, name: str, **inputs: object) -> Result:
    """Inputs are Python values; an underscore in a name stands for a blank."""
    values = {key.replace("_", " "): from_python(value) for key, value in inputs.items()}
    return source.evaluate(name, values, ENVIRONMENT)
