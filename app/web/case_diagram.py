"""What the diagram viewer of a page needs: addresses and texts."""

from dataclasses import dataclass

from flask import url_for
from markupsafe import Markup

from app.models.user_task_place import AnyCase
from app.web.case_drawing import case_drawing
from app.web.texts import gettext


@dataclass(frozen=True, slots=True)
class DiagramView:
    """Attributes of the `bpmn-viewer` element, and the drawing it shows until its script has taken over."""

    xml_url: str
    run_url: str
    label: str
    texts: dict[str, str]
    drawing: Markup


def diagram_view(instance: AnyCase, process_name: str) -> DiagramView:
    """The diagram of a case."""
    label = gettext(
        "Diagram of %(process)s with the path of case %(number)s", process=process_name, number=instance.case_number
    )
    return DiagramView(
        xml_url=url_for("cases.diagram_xml", instance_id=instance.id),
        run_url=url_for("cases.run_json", instance_id=instance.id),
        label=label,
        texts={
            "done": gettext("done"),
            "active": gettext("now here"),
            "cancelled": gettext("cancelled"),
            "incident": gettext("incident"),
            "times": gettext("{count} times"),
            "path": gettext("The path taken"),
        },
        drawing=case_drawing(instance, label),
    )
