"""The questions of a questionnaire: an input for each entry of a list; the answers stand in a context by its id."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from app import feel
from app.forms.component_type import Binder, ComponentReader, ComponentType
from app.forms.definition import Component, Option
from app.forms.fields.checkbox import Checkbox
from app.forms.fields.radio import Radio
from app.forms.messages import translate
from app.forms.rendering import Rendering
from app.forms.scope import FormScope
from app.forms.templating import LocalText, Template
from app.i18n import N_

MOST_QUESTIONS = 100
SCORES = {"score_10": 10, "score_5": 5}
ANSWERS = (("yes", N_("Yes"), "good"), ("no", N_("No"), "bad"), ("not_answered", N_("Not answered"), ""))
NOT_ANSWERED = ANSWERS[-1]


class Questions(ComponentType):
    """Questions with yes and no, scores, or boxes to tick.

    `questions` gives contexts with id, kind (yes_no, score_10, score_5, reason), text, text_zh, is_required and
    good_answer. What is not asked has no answer.
    """

    name = "questions"
    settings = frozenset({"questions", "readonly", "showOutline"})
    may_have_path = True
    must_have_path = True

    def check(self, reader: ComponentReader) -> None:
        if not str(reader.attributes.get("questions") or "").startswith("="):
            reader.refuse(N_("%(component)s: the expression must begin with an equals sign."))

    def render(self, component: Component, rendering: Rendering, binder: Binder) -> None:
        rendering.appearance = "outline" if component.setting("showOutline", binder.scope) else ""
        rendering.rows = binder.bind(tuple(_inputs(component, binder.scope)))


def _inputs(component: Component, scope: FormScope) -> Iterator[Component]:
    found = component.setting("questions", scope)
    asked = [entry for entry in found if isinstance(entry, Mapping)] if isinstance(found, list) else []
    is_readonly = component.setting("readonly", scope) is True
    short = 0
    for question in asked[:MOST_QUESTIONS]:
        is_score = question.get("kind") in SCORES
        yield _input(component, question, scope, is_readonly, None if is_score else f"{component.id}-{short // 2}")
        short += not is_score


def _input(
    component: Component, question: Mapping[str, object], scope: FormScope, is_readonly: bool, row: str | None
) -> Component:
    kind, question_id = str(question.get("kind")), str(question.get("id"))
    is_box = kind == "reason"
    is_required = question.get("is_required") is True and not is_box
    return Component(
        id=f"{component.id}_{question_id}",
        type=Checkbox() if is_box else Radio(),
        path=(*component.path, question_id),
        row=row,
        columns=8 if row else None,
        settings={"required": is_required, "readonly": is_readonly},
        texts={"label": _literal(question.get("text_zh" if scope.locale.startswith("zh") else "text"))},
        options=() if is_box else tuple(_options(kind, question, scope)),
        properties={"appearance": "segments"} if kind in SCORES else {},
    )


def _options(kind: str, question: Mapping[str, object], scope: FormScope) -> Iterator[Option]:
    if kind in SCORES:
        for score in range(1, SCORES[kind] + 1):
            yield Option(feel.from_python(score), _literal(score))
        yield Option(NOT_ANSWERED[0], _literal(translate(scope.locale, NOT_ANSWERED[1])))
        return
    is_no_good = question.get("good_answer") == "no"
    for value, msgid, tone in ANSWERS:
        turned = {"good": "bad", "bad": "good"}.get(tone, "") if is_no_good else tone
        yield Option(value, _literal(translate(scope.locale, msgid)), turned)


def _literal(text: object) -> LocalText:
    """A text that people wrote into the questionnaire: never read as a template."""
    return LocalText(Template(("" if text is None else str(text),), ()), {})
