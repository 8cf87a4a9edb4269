"""FEEL values as JSON, and back: for variables, payloads of messages and jobs, and the history."""

import json
from collections.abc import Mapping

from app import feel


def encode_values(values: Mapping[str, object]) -> dict[str, object]:
    """Plain JSON of named FEEL values."""
    return {name: feel.encode(value) for name, value in values.items()}


def decode_values(values: Mapping[str, object]) -> dict[str, object]:
    """The FEEL values that `encode_values` was given."""
    return {name: feel.decode(value) for name, value in values.items()}


def feel_values(values: Mapping[str, object]) -> dict[str, object]:
    """Python values made FEEL values; FEEL values stay as they are. Raises feel.NotRepresentable."""
    return {name: feel.from_python(value) for name, value in values.items()}


def json_text(value: object) -> str:
    """A FEEL value as JSON text."""
    return json.dumps(feel.encode(value), ensure_ascii=False)


def values_text(values: Mapping[str, object]) -> str:
    """Named FEEL values as JSON text."""
    return json.dumps(encode_values(values), ensure_ascii=False)


def values_of(text: str) -> dict[str, object]:
    """The named FEEL values that `values_text` was given."""
    return decode_values(json.loads(text))


def value_of(text: str) -> object:
    """The FEEL value that `json_text` was given."""
    return feel.decode(json.loads(text))
