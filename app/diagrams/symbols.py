"""The signs inside shapes, each drawn in a box of 20 by 20; BPMN 2.0.2, annex B says which belongs where."""

from __future__ import annotations

from collections.abc import Mapping
from math import cos, pi, sin


def _gear() -> str:
    teeth = 8
    points = []
    for number in range(teeth * 4):
        radius = 8.2 if number % 4 < 2 else 6.0
        angle = 2 * pi * (number - 0.5) / (teeth * 4)
        points.append(f"{10 + radius * cos(angle):.2f} {10 + radius * sin(angle):.2f}")
    return f"M{' L'.join(points)}Z M10 7a3 3 0 1 0 0.01 0Z"


def _pentagon() -> str:
    corners = (f"{10 + 8 * sin(2 * pi * k / 5):.2f} {10.6 - 8 * cos(2 * pi * k / 5):.2f}" for k in range(5))
    return f"M{' L'.join(corners)}Z"


# Of an event, by its definition. All are closed outlines: empty when the event waits, filled when it throws.
EVENT_SIGNS: Mapping[str, str] = {
    "message": "M2.5 5.5H17.5V14.5H2.5Z M2.5 5.5L10 11L17.5 5.5",
    "timer": "M10 2.5a7.5 7.5 0 1 0 0.01 0Z M10 5V10L13.5 12.5",
    "signal": "M10 3L17 15.5H3Z",
    "error": "M3.5 16L7.5 4.5L12 11.5L16.5 4L12.8 16.5L8.2 9.8Z",
    "escalation": "M10 3L15 16.5L10 11.5L5 16.5Z",
    "conditional": "M4.5 3H15.5V17H4.5Z M6.5 6.5H13.5 M6.5 10H13.5 M6.5 13.5H13.5",
    "link": "M3 7.5H11V4.5L17.5 10L11 15.5V12.5H3Z",
    "compensate": "M10 5L3.5 10L10 15Z M16.5 5L10 10L16.5 15Z",
    "cancel": "M5.5 3.5L10 8L14.5 3.5L16.5 5.5L12 10L16.5 14.5L14.5 16.5L10 12L5.5 16.5L3.5 14.5L8 10L3.5 5.5Z",
    "terminate": "M10 3.5a6.5 6.5 0 1 0 0.01 0Z",
    "multiple": _pentagon(),
}
ALWAYS_FILLED = frozenset({"terminate"})

GATEWAY_SIGNS: Mapping[str, str] = {
    "exclusiveGateway": "M5 4L15 16 M15 4L5 16",
    "parallelGateway": "M10 2.5V17.5 M2.5 10H17.5",
    "inclusiveGateway": "M10 4a6 6 0 1 0 0.01 0Z",
    "complexGateway": "M10 2.5V17.5 M2.5 10H17.5 M4.7 4.7L15.3 15.3 M15.3 4.7L4.7 15.3",
    "eventBasedGateway": f"M10 1.5a8.5 8.5 0 1 0 0.01 0Z {_pentagon()}",
}

ACTIVITY_SIGNS: Mapping[str, str] = {
    "userTask": "M10 3a3.2 3.2 0 1 0 0.01 0Z M3.5 17V15.5a6.5 5.5 0 0 1 13 0V17Z",
    "serviceTask": _gear(),
    "scriptTask": "M5 3H16C13.5 6 13.5 8 15 10S16.5 14 14 17H3.5C6 14 6 12 4.5 10S3 6 5 3Z"
    " M7.5 7H11.5 M7.5 10H12.5 M7.5 13H11.5",
    "businessRuleTask": "M2.5 4H17.5V16.5H2.5Z M2.5 8H17.5 M2.5 12.2H17.5 M8 8V16.5",
    "sendTask": "M2.5 5H17.5V15H2.5Z M2.5 5L10 11L17.5 5",
    "receiveTask": "M2.5 5H17.5V15H2.5Z M2.5 5L10 11L17.5 5",
    "manualTask": "M3 8.5L7 4.5H11L9.5 7H16.5V9H17.5V11.2H16.5V13.4H15.5V15.6H7L3 13.5Z",
}

MARKERS: Mapping[str, str] = {
    "parallel": "M5.5 4V16 M10 4V16 M14.5 4V16",
    "sequential": "M4 5.5H16 M4 10H16 M4 14.5H16",
    "loop": "M7 16.2A6.8 6.8 0 1 1 12 16.4 M7.6 12.4L7 16.4L3.2 15",
    "compensation": EVENT_SIGNS["compensate"],
    "ad_hoc": "M3 11.5C5 7.5 7.5 7.5 10 10S15 12.5 17 8.5",
    "collapsed": "M3 3H17V17H3Z M10 6V14 M6 10H14",
}
