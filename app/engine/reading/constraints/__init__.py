"""What the standard asks of each element and of what is connected; each fault is refused for its own reason."""

from __future__ import annotations

from app.engine.reading.constraints.artifacts import check_associations, check_compensation
from app.engine.reading.constraints.attribute_types import check_attribute_types
from app.engine.reading.constraints.catchers import check_catchers
from app.engine.reading.constraints.continuations import check_continuations
from app.engine.reading.constraints.data import check_data
from app.engine.reading.constraints.declarations import check_declarations, check_thrown_codes
from app.engine.reading.constraints.events import check_events
from app.engine.reading.constraints.gateways import check_gateways
from app.engine.reading.constraints.ids import check_ids
from app.engine.reading.constraints.instantiation import check_instantiation
from app.engine.reading.constraints.lanes_and_pools import check_lanes, check_message_flows, check_pools
from app.engine.reading.constraints.links import check_links
from app.engine.reading.constraints.multiplicity import check_multiplicity
from app.engine.reading.constraints.plain_texts import check_plain_texts
from app.engine.reading.constraints.quantities import check_quantities
from app.engine.reading.constraints.reachability import check_reachability
from app.engine.reading.constraints.references import check_references
from app.engine.reading.constraints.sequence_flows import check_flow_ends, check_flows
from app.engine.reading.constraints.special_subprocesses import check_special_subprocesses
from app.engine.reading.constraints.text_lengths import check_text_lengths
from app.engine.reading.diagram import Diagram

_OF_ELEMENTS = (
    check_ids,
    check_attribute_types,
    check_text_lengths,
    check_plain_texts,
    check_multiplicity,
    check_references,
    check_flow_ends,
    check_lanes,
    check_pools,
    check_message_flows,
    check_associations,
    check_declarations,
)
_OF_WHAT_IS_CONNECTED = (
    check_flows,
    check_gateways,
    check_events,
    check_catchers,
    check_links,
    check_instantiation,
    check_thrown_codes,
    check_compensation,
    check_quantities,
    check_special_subprocesses,
    check_continuations,
    check_reachability,
)


def check_elements(diagram: Diagram) -> None:
    """Each element by itself, and that what it names exists: without that nothing can be connected."""
    for check in _OF_ELEMENTS:
        check(diagram)
    if not diagram.problems:
        check_data(diagram)


def check_connections(diagram: Diagram) -> None:
    """How the elements are connected."""
    for check in _OF_WHAT_IS_CONNECTED:
        check(diagram)
