"""Data objects, data stores and their types."""

from __future__ import annotations

from collections.abc import Mapping

from app.engine.reading.catalogue.building_blocks import WHOLE
from app.engine.reading.rules import ElementRule

DATA: Mapping[str, ElementRule] = {
    "bpmn:itemDefinition": WHOLE,
    "bpmn:dataStore": WHOLE,
    "bpmn:dataObject": WHOLE,
    "bpmn:dataObjectReference": WHOLE,
    "bpmn:dataStoreReference": WHOLE,
}
