"""What the cases of the benchmarks are about: some 1.3 KB, all invented."""

from pathlib import Path

RESOURCES = Path(__file__).with_name("resources")

# As JSON: ids, a few texts, the lines of an order.
DATA: dict[str, object] = {
    "case": {"number": 4711, "title": "Follow-up after repair 2026-113", "channel": "phone", "tags": ["repair", "vip"]},
    "customer": {
        "id": "c-10293",
        "segment": "retail",
        "language": "zh",
        "address": {"street": "Example Road 12", "code": "100000", "city": "Exampletown", "country": "CN"},
        "contacts": [
            {"role": "driver", "phone": "10000000001", "best_time": "after 18:00", "remark": "prefers messages"},
            {"role": "owner", "phone": "10000000002", "best_time": "mornings", "remark": "speaks English"},
        ],
    },
    "order": {
        "number": "2026-113",
        "lines": [{"part": f"P-{n:04d}", "count": n, "price": n * 9.5} for n in range(10)],
    },
    "remarks": "Noise from the front left wheel above 60 km/h; brake pads changed; a test drive was made. " * 3,
    "complaint": False,
}


def answers(step: str) -> dict[str, object]:
    """What a form would bring: three fields."""
    return {f"{step}_note": f"Forty characters or so were typed at {step}", f"{step}_minutes": 12, "complaint": True}
