"""Questionnaires: what a caller asks. A version is never changed: cases keep the one they were prepared with."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Boolean, ForeignKey, Integer, String, Text, UniqueConstraint, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.database import Base, UtcDateTime

YES_NO, SCORE_10, SCORE_5, REASON = "yes_no", "score_10", "score_5", "reason"
HIGHEST_SCORES = {SCORE_10: 10, SCORE_5: 5}
YES, NO, NOT_ANSWERED = "yes", "no", "not_answered"
PROBLEM_KINDS = ("reception", "quality", "on_time", "price", "cleanliness", "parts", "attitude", "other")


class Questionnaire(Base):
    """What may be asked at an occasion (all where it is empty) and level; company-wide."""

    __tablename__ = "questionnaire"
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    occasion: Mapped[str] = mapped_column(String(20), index=True)
    level: Mapped[int | None] = mapped_column(Integer)  # None: of every level without one of its own
    name: Mapped[str] = mapped_column(String(120))
    name_zh: Mapped[str] = mapped_column(String(120))
    is_active: Mapped[bool] = mapped_column(Boolean, default=True)
    current_version: Mapped[int] = mapped_column(Integer)


class QuestionnaireVersion(Base):
    """The questions as they were from `created_at` on: a list of objects as `Question` reads them."""

    __tablename__ = "questionnaire_version"
    __table_args__ = (UniqueConstraint("questionnaire_id", "number"),)
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    questionnaire_id: Mapped[str] = mapped_column(ForeignKey("questionnaire.id"))
    number: Mapped[int] = mapped_column(Integer)
    questions: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    reason: Mapped[str] = mapped_column(Text)
    created_by: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


@dataclass(frozen=True, slots=True)
class Question:
    """One question; `id` stays the same in all versions.

    kind: yes_no, score_10, score_5 or reason (a box to tick, neither good nor bad). good_answer: yes or no, where one
    of them is a problem. good_from: the lowest score that is none. problem_kind: what a bad answer is counted as.
    """

    id: str
    kind: str
    text: str
    text_zh: str
    is_required: bool = True
    is_active: bool = True
    good_answer: str | None = YES
    good_from: int | None = None
    problem_kind: str | None = None

    def is_good(self, answer: str | None, score: int | None) -> bool | None:
        """Whether an answer is one to be glad of; None where that cannot be said."""
        if self.kind == YES_NO and self.good_answer is not None and answer in (YES, NO):
            return answer == self.good_answer
        if self.kind in HIGHEST_SCORES and self.good_from is not None and score is not None:
            return score >= self.good_from
        return None


def questions_of(version: QuestionnaireVersion) -> tuple[Question, ...]:
    """The questions of a version in their order, inactive ones included."""
    return tuple(Question(**question) for question in version.questions)


def questionnaires_for(
    session: Session, occasion: str, level: int
) -> list[tuple[Questionnaire, QuestionnaireVersion]]:
    """The active questionnaires of an occasion and level with their newest versions, those made for the level first."""
    query = (
        select(Questionnaire, QuestionnaireVersion)
        .join(QuestionnaireVersion, QuestionnaireVersion.questionnaire_id == Questionnaire.id)
        .where(
            Questionnaire.is_active,
            Questionnaire.occasion.in_((occasion, "")),
            or_(Questionnaire.level == level, Questionnaire.level.is_(None)),
            QuestionnaireVersion.number == Questionnaire.current_version,
        )
        .order_by(Questionnaire.level.is_(None), Questionnaire.occasion.desc(), Questionnaire.id)
    )
    return [(questionnaire, version) for questionnaire, version in session.execute(query)]


def question_texts(session: Session) -> dict[str, tuple[str, str]]:
    """English and Chinese text of every question ever asked, as its newest version words it."""
    versions = session.scalars(select(QuestionnaireVersion).order_by(QuestionnaireVersion.number))
    return {
        question.id: (question.text, question.text_zh) for version in versions for question in questions_of(version)
    }


def version_names(session: Session) -> dict[str, tuple[str, str]]:
    """English and Chinese name of every version, with its number."""
    query = select(QuestionnaireVersion.id, QuestionnaireVersion.number, Questionnaire.name, Questionnaire.name_zh)
    rows = session.execute(query.join(Questionnaire, Questionnaire.id == QuestionnaireVersion.questionnaire_id))
    return {version: (f"{name} ({number})", f"{name_zh}（{number}）") for version, number, name, name_zh in rows}
