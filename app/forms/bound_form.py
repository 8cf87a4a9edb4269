"""A form with what stands in it: to show, to check, and to take the values from."""

from __future__ import annotations

from collections.abc import Mapping

from wtforms.form import BaseForm

from app import feel
from app.forms.binding import NOTHING, Binding, renderings_in
from app.forms.definition import FormDefinition
from app.forms.input_field import InputField
from app.forms.raw_values import ITEM, PostedValues, RawValues, from_draft, from_posted, to_draft
from app.forms.rendering import Rows
from app.forms.scope import FormScope


class BoundForm:
    """A form for one person at one moment.

    rows: what is visible, in rows of at most 16 columns. depends_on: the keys after whose change the page asks for
    the form anew, because other parts of it depend on them.
    """

    def __init__(
        self,
        definition: FormDefinition,
        raw: RawValues | None,
        scope: FormScope,
        initial: Mapping[str, object],
        given: Mapping[str, object] = NOTHING,
    ) -> None:
        self.definition = definition
        self.depends_on = definition.depends_on
        self._raw = raw
        self._given = given
        self._binding = self._pass(scope, initial)
        if self.depends_on:
            # A condition may name a field further down: only now is it known what stands in all of them.
            self._binding = self._pass(scope.inside(self._binding.values), initial)

    def _pass(self, scope: FormScope, initial: Mapping[str, object]) -> Binding:
        self._form = BaseForm({})
        binding = Binding(self._form, self._raw, scope.inside({}), initial, self.depends_on, given=self._given)
        self.rows: Rows = binding.bind(self.definition.components)
        return binding

    def validate(self) -> bool:
        """Whether every visible input holds an acceptable answer; the messages stand at the inputs afterwards."""
        return bool(self._form.validate())

    @property
    def errors(self) -> dict[str, list[str]]:
        """Messages by input name, in the reader's language."""
        return {name: list(messages) for name, messages in self._form.errors.items()}

    def values(self) -> dict[str, object]:
        """FEEL values of the visible inputs that may be written and of the computed ones, for the engine."""
        return dict(self._binding.values)

    def as_sent(self) -> RawValues:
        """What a page would send that shows the form as it stands, for values that no page has sent."""
        fields = {name: field for name, field in self._form._fields.items() if isinstance(field, InputField)}
        texts = {name: field.sent_texts for name, field in fields.items()}
        markers = {f"{item.name}-{ITEM}": ["1"] for part in renderings_in(self.rows) for item in part.items}
        return RawValues({**texts, **markers})

    def raw(self) -> dict[str, str | list[str]]:
        """What was typed into inputs of this form, right or wrong, for a draft."""
        if self._raw is None:
            return {}
        markers = [f"{item.name}-{ITEM}" for part in renderings_in(self.rows) for item in part.items]
        return to_draft(self._raw, [*self._form._fields, *markers])


def bind(
    definition: FormDefinition,
    variables: Mapping[str, object],
    posted: PostedValues | None,
    draft: Mapping[str, str | list[str]] | None,
    environment: feel.Environment,
    locale: str,
) -> BoundForm:
    """Put values into a form.

    variables: FEEL values of the case and of the page (customer, visit, me, …), which are read and never written.
    posted: what the browser sent; it wins over `draft`, which is what `BoundForm.raw` gave earlier.
    """
    raw = from_posted(posted) if posted is not None else from_draft(draft) if draft is not None else None
    return BoundForm(definition, raw, FormScope(variables, environment, locale), variables)


def as_sent(
    definition: FormDefinition,
    variables: Mapping[str, object],
    given: Mapping[str, object],
    environment: feel.Environment,
    locale: str,
) -> RawValues:
    """What a page would send into whose inputs somebody put these FEEL values."""
    return BoundForm(definition, None, FormScope(variables, environment, locale), variables, given).as_sent()
