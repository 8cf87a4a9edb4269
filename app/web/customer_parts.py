"""What the pages of a customer and of a vehicle have in common: visits, cases, plan, wishes, in words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flask import flash, url_for

from app.errors import InvalidInput
from app.extensions import db
from app.i18n import N_
from app.models import Consent, PlannedFollowUp, Visit
from app.models.customer_file_facts import FileCase
from app.models.display_names import definition_names, site_names
from app.operations.file_steps import Step, do_step
from app.web.case_states import state_name, state_tone
from app.web.current import current_actor, current_person, current_time
from app.web.customer_words import CONSENTS, SOURCES
from app.web.human_times import HumanTime, day
from app.web.languages import locale
from app.web.navigation import process_color
from app.web.past_moments import past_moment
from app.web.people_names import actor_names, name_of
from app.web.permissions import Permission, permissions_of
from app.web.texts import gettext
from app.web.typed_forms import typed

CHANGED: Mapping[str, str] = {
    "nothing": N_("Nothing was different, so nothing was changed."),
    "changed": N_("The card is changed. Somebody else has to check it."),
    "requested": N_("Asked for. A department head decides; until then the card stays as it is."),
}
STEP_DONE: Mapping[str, str] = {
    "verified": N_("The card is checked. Somebody else has to file it."),
    "filed": N_("The card is filed."),
    "full_check": N_("It is written down that the card was held against the papers."),
}
STEPS: tuple[Step, ...] = ("verified", "filed", "full_check")


@dataclass(frozen=True, slots=True)
class ShownVisit:
    """A repair order or delivery."""

    number: str
    kind: str
    icon: str
    when: str
    site: str
    text: str
    amount: str


@dataclass(frozen=True, slots=True)
class ShownFileCase:
    """A case of the file."""

    url: str
    number: str
    title: str
    process: str
    color: str
    state: str
    tone: str
    when: HumanTime


@dataclass(frozen=True, slots=True)
class ShownConsent:
    """What the customer said."""

    text: str
    tone: str
    source: str
    who: str
    when: HumanTime


def changed_text(outcome: str) -> str:
    """What came of a change of a card."""
    return gettext(CHANGED[outcome])


def can_merge() -> bool:
    """Whether the person may merge files at a site."""
    return Permission.MERGE_CUSTOMERS in permissions_of(current_person())


def step_of(text: str) -> Step:
    """The step a form or an address asks for; raises InvalidInput."""
    wanted = next((step for step in STEPS if step == text), None)
    if wanted is None:
        raise InvalidInput(N_("Choose one of the list."))
    return wanted


def do_posted_step(kind: str, card_id: str) -> None:
    """Do with a card what the posted form asks for, and say so on the next page."""
    wanted = step_of(typed("step"))
    do_step(db.session(), kind, card_id, wanted, actor=current_actor(), now=current_time())
    flash(gettext(STEP_DONE[wanted]))


def show_visits(visits: Iterable[Visit]) -> list[ShownVisit]:
    """Visits in words."""
    found = list(visits)
    sites = site_names(db.session(), {visit.site_id for visit in found})
    zone = current_person().zone
    return [
        ShownVisit(
            number=visit.order_number,
            kind=gettext("Delivery") if visit.kind == "delivery" else gettext("Repair order"),
            icon="calendar-check" if visit.kind == "delivery" else "wrench",
            when=day(visit.handed_over_at, zone, locale()),
            site=sites.get(visit.site_id, visit.site_id),
            text=" · ".join(text for text in (visit.work_done, visit.advisor) if text),
            amount=f"¥{visit.amount:,.2f}" if visit.amount is not None else "",
        )
        for visit in found
    ]


def show_cases(cases: Iterable[FileCase]) -> list[ShownFileCase]:
    """Cases in words."""
    found = list(cases)
    names = definition_names(db.session(), {case.definition_id for case in found})
    return [
        ShownFileCase(
            url=url_for("cases.show", instance_id=case.id),
            number=case.case_number,
            title=case.title,
            process=names[case.definition_id].process(locale()) if case.definition_id in names else case.process_key,
            color=process_color(case.process_key),
            state=state_name(case.state),
            tone=state_tone(case.state),
            when=past_moment(case.started_at),
        )
        for case in found
    ]


def show_planned(planned: Iterable[PlannedFollowUp]) -> list[str]:
    """The days of the follow-ups that are still to be made."""
    return [follow_up.planned_on.isoformat() for follow_up in planned]


def show_consents(consents: Iterable[Consent]) -> list[ShownConsent]:
    """What the customer said about calls, the newest first."""
    found = list(consents)
    names = actor_names({consent.recorded_by for consent in found})
    return [
        ShownConsent(
            gettext(CONSENTS[consent.state][0]), CONSENTS[consent.state][1],
            gettext(SOURCES[consent.source]) if consent.source in SOURCES else consent.source,
            name_of(consent.recorded_by, names), past_moment(consent.given_at),
        )
        for consent in found
    ]  # fmt: skip
