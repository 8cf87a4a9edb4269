"""The papers of a vehicle's file as its page shows them: the sales file and the service file."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import url_for

from app.models.case_content import Attachment
from app.operations.attachments import GONE
from app.operations.vehicle_papers import can_take_back_paper
from app.web.current import current_person, current_time
from app.web.customer_words import PAPERS
from app.web.file_list import ICONS, STATES, size_text
from app.web.human_times import HumanTime
from app.web.past_moments import past_moment
from app.web.people_names import actor_names, name_of
from app.web.permissions import is_read_only
from app.web.texts import gettext


@dataclass(frozen=True, slots=True)
class ShownPaper:
    """A paper; addresses are empty where the person cannot do that."""

    id: str
    name: str
    icon: str
    about: str
    when: HumanTime
    state: str
    tone: str
    note: str
    download_url: str
    remove_url: str


def show_papers(papers: Sequence[Attachment], *, can_review: bool) -> list[tuple[str, list[ShownPaper]]]:
    """(what file, its papers) in the order of the two files. Arguments: can_review, whether all may be removed."""
    names = actor_names({paper.uploaded_by for paper in papers})
    return [
        (gettext(title), [_shown(paper, names, can_review=can_review) for paper in papers if paper.paper == kind])
        for kind, title in PAPERS.items()
    ]


def _shown(paper: Attachment, names: dict[str, str], *, can_review: bool) -> ShownPaper:
    state, tone = STATES.get(paper.state, ("", ""))
    person = current_person()
    is_mine = can_take_back_paper(paper, user_id=person.id, now=current_time())
    can_remove = paper.state not in GONE and (can_review or is_mine) and not is_read_only(person)
    return ShownPaper(
        id=paper.id,
        name=paper.original_name or gettext("File"),
        icon=ICONS[paper.media_type.partition("/")[0]],
        about=f"{size_text(paper.size)} · {name_of(paper.uploaded_by, names)}",
        when=past_moment(paper.uploaded_at),
        state=gettext(state) if state else "",
        tone=tone,
        note=paper.removal_reason or paper.threat or "",
        download_url=url_for("attachments.download", attachment_id=paper.id) if paper.state == "available" else "",
        remove_url=url_for("vehicle_page.take_paper_out", vehicle_id=paper.vehicle_id, attachment_id=paper.id)
        if can_remove
        else "",
    )
