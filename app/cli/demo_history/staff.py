"""Sample people at their user tasks: who does which, through its form, as the page would."""

import json
import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import or_, select
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from app import feel, forms
from app.cli.demo_history.answers import ANSWERS
from app.cli.demo_history.customers import Experience
from app.cli.demo_history.work import Work
from app.models import QuestionnaireVersion, User, UserTask, Visit
from app.models.form_data import variables_in_scope
from app.models.questionnaire import questionnaires_for, questions_of
from app.models.user_task_place import Place, find_visible_place
from app.operations.actor import Actor
from app.operations.definitions import load_definition
from app.operations.form_surroundings import Reader, case_surroundings
from app.operations.four_eyes import OwnWork
from app.operations.staffing import active_members, who_could_take
from app.operations.user_tasks import complete_user_task

LOCALE = "zh_CN"


class CannotAnswer(Exception):
    """The sample people do not know what to write into a form: the demo does not fit its processes."""


@dataclass
class Staff:
    """The people of all sites; `today` is the day of the demo, from which months are counted back."""

    session: Session
    zone: ZoneInfo
    today: datetime
    chance: random.Random

    def work(self, now: datetime, diligence: float) -> int:
        """Let everybody do what lies there; `diligence` is the share of it they come to. Returns how many were done."""
        query = select(UserTask).where(
            UserTask.state == "open", or_(UserTask.follow_up_at.is_(None), UserTask.follow_up_at <= now)
        )
        waiting = self.session.scalars(query.order_by(UserTask.created_at, UserTask.id)).all()
        wanted = [(one.id, one.assignee_id, one.site_id) for one in waiting]
        return sum(
            self._do(user_task_id, self._people(user_task_id, assignee_id, site_id), now)
            for user_task_id, assignee_id, site_id in wanted
            if self.chance.random() < diligence
        )

    def _people(self, user_task_id: str, assignee_id: str | None, site_id: str) -> Sequence[str]:
        if assignee_id:
            return [assignee_id]
        people = who_could_take(self.session, user_task_id, site_id)
        self.chance.shuffle(people)
        return people

    def _do(self, user_task_id: str, people: Iterable[str], now: datetime) -> bool:
        """The first who may: whoever did what this checks is refused, and the next one does it."""
        for person in people:
            place = find_visible_place(self.session, person, user_task_id)
            if place is None or place.user_task.state != "open":
                continue
            try:
                complete_user_task(
                    self.session, user_task_id, self._values(place, person, now), revision=None,
                    is_claimed_implicitly=True, actor=Actor(person), now=now,
                )  # fmt: skip
            except OwnWork:
                continue
            return True
        return False

    def _values(self, place: Place, person: str, now: datetime) -> Mapping[str, object]:
        user_task, instance = place.user_task, place.instance
        stored = variables_in_scope(self.session, instance.id, user_task.execution_id)
        variables = {name: feel.decode(json.loads(value)) for name, value in stored.items()}
        form_key = user_task.form_key or ""
        if form_key not in ANSWERS:
            raise CannotAnswer(user_task.element_id)
        texts = ANSWERS[form_key](self._work_of(place, variables, person, now))
        form = load_definition(self.session, instance.definition_id).forms[form_key]
        reader = Reader(person, self.session.get_one(User, person).display_name, LOCALE)
        around = case_surroundings(self.session, form, instance, user_task.id, reader, now)
        bound = forms.bind(form, {**variables, **around.values}, MultiDict(texts), None, around.environment, LOCALE)
        if not bound.validate():
            raise CannotAnswer(f"{user_task.element_id}: {bound.errors}")
        return bound.values()

    def _work_of(self, place: Place, variables: Mapping[str, object], person: str, now: datetime) -> Work:
        visit = self.session.get(Visit, place.instance.visit_id) if place.instance.visit_id else None
        since = visit.handed_over_at if visit else now
        questionnaire_id = variables.get("questionnaire_version_id")
        if not isinstance(questionnaire_id, str):
            offered = questionnaires_for(self.session, str(variables.get("occasion")), 1)
            questionnaire_id = offered[0][1].id if offered else ""
        version = self.session.get(QuestionnaireVersion, questionnaire_id)
        return Work(
            variables=variables,
            questionnaire_id=questionnaire_id,
            questions=tuple(one for one in questions_of(version) if one.is_active) if version else (),
            lived=Experience(self._months_ago(since), visit.work_done if visit else ""),
            helpers=self._helpers(place.instance.site_id, person),
            me=person,
            at=now.astimezone(self.zone),
            chance=self.chance,
        )

    def _months_ago(self, moment: datetime) -> int:
        then = moment.astimezone(self.zone)
        return (self.today.year - then.year) * 12 + self.today.month - then.month

    def _helpers(self, site_id: str, person: str) -> tuple[str, ...]:
        members = active_members(self.session, ("service_advisor", "technical_expert"), site_id)
        return tuple(member for member in members if member != person)
