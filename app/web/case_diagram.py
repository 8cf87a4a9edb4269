"""What the diagram viewer of a page needs: addresses and texts."""

from dataclasses import dataclass

from flask import url_for
from markupsafe import Markup

from app.models.user_task_place import AnyCase
from app.operations.case_drawings import LABEL, STATE_WORDS
from app.web.case_drawing import case_drawing
from app.web.texts import gettext


@dataclass(frozen=True, slots=True)
class DiagramView:
    """Attributes of the `bpmn-viewer` element, and the drawing it shows until its script has taken over."""

    xml_url: str
    run_url: str
    pdf_url: str
    label: str
    texts: dict[str, str]
    drawing: Markup


def drawing_label(process_name: str, case_number: str) -> str:
    """What a screen reader says of the drawing of a case."""
    return gettext(LABEL, process=process_name, number=case_number)


def diagram_view(instance: AnyCase, process_name: str) -> DiagramView:
    """The diagram of a case."""
    label = drawing_label(process_name, instance.case_number)
    return DiagramView(
        xml_url=url_for("cases.diagram_xml", instance_id=instance.id),
        run_url=url_for("cases.run_json", instance_id=instance.id),
        pdf_url=url_for("case_documents.diagram_pdf", instance_id=instance.id),
        label=label,
        texts={
            **{state: gettext(word) for state, word in STATE_WORDS.items()},
            "times": gettext("{count} times"),
            "path": gettext("The path taken"),
        },
        drawing=case_drawing(instance, label),
    )
