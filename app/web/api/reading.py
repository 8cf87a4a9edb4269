"""The document as a page shows it: every operation with its parts in rows, and an example to try."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

DEEPEST = 4
FORM = "multipart/form-data"
_SAMPLES: Mapping[str, str] = {
    "date-time": "2026-10-31T01:30:00Z", "date": "2026-10-31", "decimal": "1280.50", "binary": "…",
}  # fmt: skip
_MONTH = "-(0[1-9]|1[0-2])$"

Node = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ReadField:
    """A parameter, or a field of a body or an answer: `case.number`, `rows[].texts`."""

    name: str
    kind: str
    about: str
    is_needed: bool
    place: str = ""  # of a parameter: path, query, header


@dataclass(frozen=True, slots=True)
class ReadOperation:
    """All that is told of an operation."""

    name: str
    method: str
    path: str
    summary: str
    about: str
    scope: str
    parameters: Sequence[ReadField]
    body: Sequence[ReadField]
    status: str
    gives: Sequence[ReadField]
    files: Sequence[str]
    refusals: Sequence[str]
    curl: str
    sample: str


@dataclass(frozen=True, slots=True)
class ReadSubject:
    """Operations that belong together."""

    name: str
    title: str
    about: str
    operations: Sequence[ReadOperation]


@dataclass(frozen=True, slots=True)
class Reference:
    """The whole page."""

    title: str
    version: str
    subjects: Sequence[ReadSubject]
    refusals: Sequence[tuple[str, str]]
    problem: Sequence[ReadField]


def readable(document: Node, address: str) -> Reference:
    """The document for a page. Arguments: address, where programs reach the product."""
    reader = _Reader(document, address)
    operations = [
        (path, method, operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]
    subjects = [
        ReadSubject(
            tag["name"], tag["x-title"], tag["description"],
            [reader.operation(*one) for one in operations if tag["name"] in one[2]["tags"]],
        )
        for tag in document["tags"]
    ]  # fmt: skip
    answers = document["components"]["responses"]
    return Reference(
        document["info"]["title"], document["info"]["version"], subjects,
        [(status, answer["description"]) for status, answer in answers.items()],
        list(reader.fields(document["components"]["schemas"]["Refused"])),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Reader:
    document: Node
    address: str

    def operation(self, path: str, method: str, told: Node) -> ReadOperation:
        status, answer = next(iter(told["responses"].items()))
        media = next(iter(answer["content"].values()))["schema"]
        is_file = media.get("format") == "binary"
        body = told.get("requestBody", {}).get("content", {})
        return ReadOperation(
            name=told["operationId"],
            method=method.upper(),
            path=path,
            summary=told["summary"],
            about=told["description"],
            scope=told["x-scope"],
            parameters=[_parameter(one) for one in told["parameters"]],
            body=[field for one in body.values() for field in self.fields(one["schema"])],
            status=status,
            gives=[] if is_file else list(self.fields(media)),
            files=list(answer["content"]) if is_file else [],
            refusals=[one for one in told["responses"] if one != status],
            curl=self._curl(path, method, told["parameters"], body),
            sample="" if is_file else _json(self.sample(media)),
        )

    def fields(self, schema: Node, before: str = "", depth: int = 0) -> Iterator[ReadField]:
        """The fields of an object, those of objects within it below their own."""
        found = self._resolved(schema)
        if depth > DEEPEST:
            return
        for name, field in found.get("properties", {}).items():
            inner, is_list = self._inner(field)
            is_needed = name in found.get("required", ())
            place = f"{before}{name}{'[]' if is_list else ''}"
            yield ReadField(place, self._kind(field), _about(field), is_needed)
            yield from self.fields(inner, f"{place}.", depth + 1)

    def sample(self, schema: Node, depth: int = 0) -> Any:
        """A value of the shape."""
        found = self._one(schema)
        if "enum" in found:
            return next((one for one in found["enum"] if one), "")
        if found.get("type") == "object" or "properties" in found:
            return self._sample_object(found, depth)
        if found.get("type") == "array":
            return [self.sample(found["items"], depth + 1)] if depth <= DEEPEST else []
        if found.get("type") == "string":
            month = "2026-10" if str(found.get("pattern", "")).endswith(_MONTH) else "…"
            return _SAMPLES.get(found.get("format", ""), month)
        return {"boolean": False, "integer": found.get("minimum", 1)}.get(str(found.get("type")))

    def _sample_object(self, found: Node, depth: int) -> dict[str, Any]:
        named = {name: self.sample(field, depth + 1) for name, field in found.get("properties", {}).items()}
        others = found.get("additionalProperties")
        return named or ({"…": self.sample(others, depth + 1)} if isinstance(others, dict) and others else {})

    def _inner(self, field: Node) -> tuple[Node, bool]:
        found = self._one(field)
        if found.get("type") == "array":
            return self._one(found["items"]), True
        return found, False

    def _one(self, schema: Node) -> Node:
        """What it is where it is not null."""
        kinds = [kind for kind in schema.get("anyOf", ()) if kind.get("type") != "null"]
        return self._resolved(kinds[0] if kinds else schema)

    def _resolved(self, schema: Node) -> Node:
        if "$ref" not in schema:
            return schema
        found: Node = self.document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
        return found

    def _kind(self, field: Node) -> str:
        can_be_null = any(kind.get("type") == "null" for kind in field.get("anyOf", ()))
        found = self._one(field)
        return kind_of(found) + (" | null" if can_be_null else "")

    def _curl(self, path: str, method: str, parameters: Sequence[Node], body: Node) -> str:
        needed = [one for one in parameters if one["in"] == "query" and one["required"]]
        query = "&".join(f"{one['name']}={self.sample(one['schema'])}" for one in needed)
        address = f"{self.address}{self.document['servers'][0]['url']}{path}{'?' if query else ''}{query}"
        lines = [f'curl -X {method.upper()} "{address}"', '-H "Authorization: Bearer $TOKEN"']
        for kind, one in body.items():
            if kind == FORM:
                lines.append("-F file=@export.xlsx")
            else:
                lines += [f'-H "Content-Type: {kind}"', f"-d '{_json(self._needed(one['schema']))}'"]
        return " \\\n  ".join(lines)

    def _needed(self, schema: Node) -> Any:
        """A body with what has to be there, or with its first field where nothing has to."""
        found, whole = self._resolved(schema), self.sample(schema)
        names = found.get("required") or list(whole)[:1]
        inner = {name: self._one(found["properties"][name]) for name in names}
        return {name: self._needed(one) if "properties" in one else whole[name] for name, one in inner.items()}


def kind_of(schema: Node) -> str:
    """What a value is, in the words of JSON."""
    if "enum" in schema:
        return " | ".join(f'"{one}"' for one in schema["enum"])
    kind, form = str(schema.get("type", "object")), schema.get("format")
    bounds = [str(schema[name]) for name in ("minimum", "maximum") if name in schema]
    return f"{kind}{f' ({form})' if form else ''}{' ' + '…'.join(bounds) if bounds else ''}"


def _parameter(one: Node) -> ReadField:
    return ReadField(one["name"], kind_of(one["schema"]), one.get("description", ""), one["required"], one["in"])


def _about(field: Node) -> str:
    inner = (str(kind.get("description", "")) for kind in field.get("anyOf", ()))
    return str(field.get("description", "")) or next(filter(None, inner), "")


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2) if value else "{}"
