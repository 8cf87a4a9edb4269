"""What the card of a person and the card of a vehicle have in common: how far it is checked, who keeps it (A31-34)."""

from datetime import datetime

from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapped, mapped_column

from app.database import UtcDateTime

CUSTOMER, VEHICLE = "customer", "vehicle"
UNVERIFIED, VERIFIED, FILED = "unverified", "verified", "filed"


class FiledCard:
    """A card is created, checked and filed by three people; `file_step` says by whom.

    `unverified_fields` names what was changed since it was filed; empty where nothing of it was checked yet.
    """

    verification: Mapped[str] = mapped_column(String(12), default=UNVERIFIED)  # unverified, verified, filed
    unverified_fields: Mapped[list[str]] = mapped_column(JSON, default=list, server_default="[]")
    # Kept there; null where nobody knows: then it belongs to the sites of its visits and cases.
    site_id: Mapped[str | None] = mapped_column(String(32), index=True)
    fully_checked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # the yearly check of the whole file
