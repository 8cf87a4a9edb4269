"""What the forms that change a case offer: open steps, places for a token, scopes, versions."""

from collections import Counter
from dataclasses import dataclass

from app import engine
from app.engine import OpenActivity, ParsedProcess
from app.extensions import db
from app.models.case_change_queries import open_scopes, versions
from app.models.display_names import DefinitionNames, definition_names
from app.models.process_instance import InstanceState, ProcessInstance
from app.operations.definitions import load_definition, load_process
from app.operations.step_context import step_context
from app.web.current import current_person, current_time
from app.web.element_names import element_name
from app.web.element_words import kind_name
from app.web.human_times import describe_moment
from app.web.languages import locale
from app.web.texts import gettext

Choice = tuple[str, str]


@dataclass(frozen=True, slots=True)
class OpenStep:
    """A token of the case; `refusal` says why it cannot be withdrawn for itself."""

    id: str
    name: str
    kind: str
    refusal: str


@dataclass(frozen=True, slots=True)
class MappingRow:
    """An element at which something is open, and where it can go; `chosen` is an id or empty."""

    element_id: str
    name: str
    choices: list[Choice]
    chosen: str


def names_of(definition_id: str) -> DefinitionNames:
    """The names of a definition."""
    return definition_names(db.session(), {definition_id})[definition_id]


def open_steps(instance: ProcessInstance) -> list[OpenStep]:
    """What is open in a case, in the order in which it began."""
    names = names_of(instance.definition_id)
    return [
        OpenStep(
            activity.id,
            element_name(names, activity.element_id),
            _kind_of(activity),
            gettext(activity.refusal, element=element_name(names, activity.element_id)) if activity.refusal else "",
        )
        for activity in _open_activities(instance)
    ]


def _kind_of(activity: OpenActivity) -> str:
    kind = kind_name(activity.element_type)
    return gettext("%(kind)s, pass %(number)s", kind=kind, number=activity.number) if activity.number else kind


def _open_activities(instance: ProcessInstance) -> tuple[OpenActivity, ...]:
    session = db.session()
    state = session.get(InstanceState, instance.id)
    if state is None:
        return ()
    definition = load_definition(session, instance.definition_id)
    zone = current_person().zone
    with step_context(session, definition, site_id=instance.site_id, zone=zone, now=current_time()) as context:
        return engine.open_activities(definition.process, state.content, context)


def places(definition_id: str) -> list[tuple[str, list[Choice]]]:
    """Where a token can be put, in two groups: before an element, behind one."""
    names = names_of(definition_id)
    targets = engine.move_targets(load_process(db.session(), definition_id))
    labels = {target.element_id: _label(names, target.element_id, target.element_type) for target in targets}
    before = [(f"before:{one.element_id}", labels[one.element_id]) for one in targets if not one.why_not_before]
    after = [(f"after:{one.element_id}", labels[one.element_id]) for one in targets if not one.why_not_after]
    return [(gettext("Before"), before), (gettext("Behind"), after)]


def _label(names: DefinitionNames, element_id: str, element_type: str) -> str:
    name, kind = element_name(names, element_id), kind_name(element_type)
    return f"{kind} · {element_id}" if name == element_id else f"{name} ({kind})"


def scope_choices(instance: ProcessInstance) -> list[Choice]:
    """The open scopes of a case, the whole case first; those of the same element are counted."""
    names = names_of(instance.definition_id)
    scopes = open_scopes(db.session(), instance.id)
    total, seen = Counter(scope.element_id for scope in scopes), Counter[str]()
    choices = []
    for scope in scopes:
        seen[scope.element_id] += 1
        name = gettext("The whole case") if scope.parent_id is None else element_name(names, scope.element_id)
        number = f" {seen[scope.element_id]}/{total[scope.element_id]}" if total[scope.element_id] > 1 else ""
        choices.append((scope.id, name + number))
    return choices


def version_choices(definition_id: str) -> list[Choice]:
    """The other versions of a process, the newest first."""
    names, now, zone = names_of(definition_id), current_time(), current_person().zone
    return [
        (
            version.id,
            gettext(
                "Version %(number)s, deployed %(when)s",
                number=version.version,
                when=describe_moment(version.deployed_at, now, zone, locale()).text,
            ),
        )
        for version in versions(db.session(), names.key)
        if version.id != definition_id
    ]


def mapping_rows(
    definition_id: str, target_id: str, open_elements: list[str], chosen: dict[str, str] | None
) -> list[MappingRow]:
    """One row for each place at which something is open; preset is what has the same id and place.

    Arguments: open_elements, as `elements_open_in_case` gives them.
    """
    session = db.session()
    source, target = load_definition(session, definition_id), load_definition(session, target_id)
    preset = engine.generate_mapping(source.process, target.process) if chosen is None else chosen
    rows = []
    for place in dict.fromkeys(open_elements):
        called, _, element_id = place.rpartition(engine.INSIDE)
        old = source.process if not called else source.bundle.get(called)
        new = target.process if not called else target.bundle.get(called)
        if old is None or new is None:
            continue
        offered = engine.mapping_candidates(old, new).get(element_id)
        if offered is not None:
            same = element_id if called and element_id in offered else ""
            choices = [(other, _label_in(new, other)) for other in offered]
            rows.append(MappingRow(place, _name_in(old, element_id, called), choices, preset.get(place, same)))
    return rows


def _name_in(process: ParsedProcess, element_id: str, called: str) -> str:
    texts = process.translations.get(locale(), {})
    name = texts.get(element_id) or process.elements[element_id].name or element_id
    return f"{texts.get('') or process.name} · {name}" if called else name


def _label_in(process: ParsedProcess, element_id: str) -> str:
    name, kind = _name_in(process, element_id, ""), kind_name(process.elements[element_id].type)
    return f"{kind} · {element_id}" if name == element_id else f"{name} ({kind})"


def elements_open_in_case(instance: ProcessInstance) -> list[str]:
    """The elements at which something is open; those of called processes behind the key of their process."""
    return [
        f"{activity.called}{engine.INSIDE}{activity.element_id}" if activity.called else activity.element_id
        for activity in _open_activities(instance)
    ]


def chosen_mapping(definition_id: str, target_id: str, posted: dict[str, str]) -> dict[str, str]:
    """The mapping that is generated, with what was chosen by hand in its place; empty choices map nowhere."""
    source, target = load_process(db.session(), definition_id), load_process(db.session(), target_id)
    mapping = engine.generate_mapping(source, target) | posted
    return {place: other for place, other in mapping.items() if other or engine.INSIDE in place}
