"""The kinds of components that forms may use. A new kind is a file here and a line below."""

from app.forms.component_type import ComponentType
from app.forms.fields.checkbox import Checkbox
from app.forms.fields.checklist import Checklist
from app.forms.fields.date_time import DateTime
from app.forms.fields.drop_down import Select
from app.forms.fields.dynamiclist import DynamicList
from app.forms.fields.expression import Expression
from app.forms.fields.group import Group
from app.forms.fields.number import Number
from app.forms.fields.questions import Questions
from app.forms.fields.radio import Radio
from app.forms.fields.separator import Separator
from app.forms.fields.spacer import Spacer
from app.forms.fields.table import Table
from app.forms.fields.taglist import Taglist
from app.forms.fields.text import Text
from app.forms.fields.textarea import TextArea
from app.forms.fields.textfield import TextField

COMPONENT_TYPES: tuple[ComponentType, ...] = (
    Checkbox(),
    Checklist(),
    DateTime(),
    DynamicList(),
    Expression(),
    Group(),
    Number(),
    Questions(),
    Radio(),
    Select(),
    Separator(),
    Spacer(),
    Table(),
    Taglist(),
    Text(),
    TextArea(),
    TextField(),
)


def by_name(types: tuple[ComponentType, ...]) -> dict[str, ComponentType]:
    """The kinds by the name used in files; two of the same name are a mistake of ours."""
    found = {kind.name: kind for kind in types}
    if len(found) != len(types):
        raise ValueError("two kinds of components have the same name")
    return found


TYPES_BY_NAME = by_name(COMPONENT_TYPES)
