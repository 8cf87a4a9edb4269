"""What the diagram viewer of a page needs: addresses and texts."""

from dataclasses import dataclass

from flask import url_for

from app.models.process_instance import ProcessInstance
from app.web.texts import gettext


@dataclass(frozen=True, slots=True)
class DiagramView:
    """Attributes of the `bpmn-viewer` element."""

    xml_url: str
    run_url: str
    label: str
    texts: dict[str, str]


def diagram_view(instance: ProcessInstance, process_name: str) -> DiagramView:
    """The diagram of a case."""
    return DiagramView(
        xml_url=url_for("cases.diagram_xml", instance_id=instance.id),
        run_url=url_for("cases.run_json", instance_id=instance.id),
        label=gettext(
            "Diagram of %(process)s with the path of case %(number)s", process=process_name, number=instance.case_number
        ),
        texts={
            "done": gettext("done"),
            "active": gettext("now here"),
            "cancelled": gettext("cancelled"),
            "incident": gettext("incident"),
            "times": gettext("{count} times"),
            "path": gettext("The path taken"),
            "failed": gettext("The diagram could not be drawn. Reload the page; the history lists the same steps."),
        },
    )
