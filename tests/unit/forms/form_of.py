"""Forms written in a line, for tests."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from app import feel, forms

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)  # 9:00 in Shanghai
ENVIRONMENT = feel.Environment(now=NOW, zone=ZoneInfo("Asia/Shanghai"))


class Posted(dict):
    """A request's form."""

    def getlist(self, key: str) -> list[str]:
        value = self.get(key, [])
        return [value] if isinstance(value, str) else value


def content(*components: Mapping[str, object], **attributes: object) -> bytes:
    return json.dumps({"type": "default", "id": "f", "components": list(components), **attributes}).encode()


def part(type_: str, key: str = "a", **attributes: object) -> dict[str, object]:
    """A component; its id is its key."""
    return {"type": type_, "id": key, "key": key, "label": key.upper(), **attributes}


def bound(
    *components: Mapping[str, object],
    posted: Mapping[str, str | list[str]] | None = None,
    draft: Mapping[str, str | list[str]] | None = None,
    locale: str = "en",
    **variables: object,
) -> forms.BoundForm:
    definition = forms.load_form(content(*components))
    values = {name: feel.from_python(value) for name, value in variables.items()}
    return forms.bind(definition, values, None if posted is None else Posted(posted), draft, ENVIRONMENT, locale)


def problems(*components: object, **attributes: object) -> list[str]:
    """Why a form is refused; deployed already, it can be read without that, or is refused as well."""
    document = content(*components, **attributes)  # type: ignore[arg-type]
    try:
        forms.load_form(document)
    except forms.FormRefused as refused:
        with suppress(forms.FormRefused):
            forms.load_form(document, is_deployed=True)
        return [str(problem) for problem in refused.problems]
    return []
