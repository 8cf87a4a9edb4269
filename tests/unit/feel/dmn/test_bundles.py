"""Files that import each other are read in the right order, whatever they are called."""

from __future__ import annotations

from app.feel import Environment
from app.feel.dmn import load_models
from tests.unit.feel.dmn.models import decision, definitions, literal
from tests.unit.feel.evaluating import ENVIRONMENT


def importing(namespace: str, *imported: str) -> bytes:
    statements = "".join(
        f'<import name="{name}" namespace="urn:{name}" importType="https://www.omg.org/spec/DMN/20230324/MODEL/"/>'
        for name in imported
    )
    needs = "".join(
        f'<informationRequirement><requiredDecision href="urn:{name}#_d"/></informationRequirement>'
        for name in imported
    )
    text = " + ".join(["1", *(f"{name}.d" for name in imported)])
    return definitions(
        statements, f'<decision id="_d" name="d">{needs}{literal(text)}</decision>', namespace=f"urn:{namespace}"
    )


def value(files: dict[str, bytes], name: str, environment: Environment = ENVIRONMENT) -> object:
    return load_models(files).models[name].evaluate("d", {}, environment).value


def test_imports_come_first() -> None:
    files = {"1.dmn": importing("a", "b", "c"), "2.dmn": importing("b", "c"), "3.dmn": importing("c")}
    assert list(load_models(files).models) == ["3.dmn", "2.dmn", "1.dmn"]
    assert value(files, "1.dmn") == 4


def test_what_is_missing_or_circular_is_refused_with_its_file() -> None:
    files = {
        "a.dmn": importing("a", "b"), "b.dmn": importing("b", "a"), "c.dmn": importing("c", "gone"),
        "d.dmn": definitions(decision("d", literal("1")), namespace="urn:d"), "e.dmn": b"<definitions",
    }  # fmt: skip
    loaded = load_models(files)
    assert list(loaded.models) == ["d.dmn"]
    assert set(loaded.refused) == {"a.dmn", "b.dmn", "c.dmn", "e.dmn"}
    assert "urn:gone" in loaded.refused["c.dmn"][0].message


def test_a_tolerant_reading_leaves_out_what_cannot_run() -> None:
    files = {"a.dmn": definitions(decision("d", literal("1")), decision("x", literal("1 +")))}
    assert load_models(files).models == {}
    (model,) = load_models(files, is_tolerant=True).models.values()
    assert model.evaluate("d", {}, ENVIRONMENT).value == 1
    assert len(model.problems) == 1
