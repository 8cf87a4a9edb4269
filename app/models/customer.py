"""Customers, vehicles, visits and consents. Persons and vehicles are company-wide."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import Boolean, Date, ForeignKey, Index, Integer, Numeric, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, UtcDateTime
from app.models.file_import import FileImport, FileImportRow
from app.models.filed_card import FiledCard


class Customer(FiledCard, Base):
    """A person or company; callable at once, `verification` says how far the card is checked (A32)."""

    __tablename__ = "customer"
    __table_args__ = (
        Index("ix_customer_name_phone", "name", "phone"),
        Index("ix_customer_name_id", "name", "id"),
        Index("ix_customer_verification", "verification", "created_at", "id"),
    )
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    title: Mapped[str] = mapped_column(String(20), default="")  # mr, ms, company or empty
    phone: Mapped[str] = mapped_column(String(40), index=True)
    grade: Mapped[str] = mapped_column(String(16), default="", server_default="")  # valuable, potential, not_valuable
    standing: Mapped[str] = mapped_column(String(12), default="active", server_default="active")  # active, lost_contact
    is_do_not_contact: Mapped[bool] = mapped_column(Boolean, default=False)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_by: Mapped[str] = mapped_column(String(64))
    merged_into_id: Mapped[str | None] = mapped_column(String(32))  # goes on there
    erased_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Vehicle(FiledCard, Base):
    """One vehicle, one file (A31); those bought elsewhere and competitors' have one too (A109)."""

    __tablename__ = "vehicle"
    __table_args__ = (Index("ix_vehicle_verification", "verification", "created_at", "id"),)
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    vin: Mapped[str] = mapped_column(String(17), unique=True)
    plate: Mapped[str | None] = mapped_column(String(20), index=True)
    make: Mapped[str] = mapped_column(String(60), default="", server_default="")
    model: Mapped[str] = mapped_column(String(120), default="")
    produced_on: Mapped[date | None] = mapped_column(Date)
    origin: Mapped[str] = mapped_column(String(12), default="", server_default="")  # sold_here, elsewhere, other_make
    insurance_kind: Mapped[str] = mapped_column(String(60), default="", server_default="")
    insured_from: Mapped[date | None] = mapped_column(Date)
    insured_until: Mapped[date | None] = mapped_column(Date)
    holder_id: Mapped[str | None] = mapped_column(ForeignKey("customer.id"), index=True)  # today's holder
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class VehicleHolding(Base):
    """Who held a vehicle since when."""

    __tablename__ = "vehicle_holding"
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    vehicle_id: Mapped[str] = mapped_column(ForeignKey("vehicle.id"), index=True)
    customer_id: Mapped[str] = mapped_column(ForeignKey("customer.id"), index=True)
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    until: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Visit(Base):
    """A repair order or a delivery of a site."""

    __tablename__ = "visit"
    __table_args__ = (
        UniqueConstraint("site_id", "kind", "order_number"),
        Index("ix_visit_handed_over", "site_id", "handed_over_at"),
        # Asked of each visit by reports: did the customer come before, or again?
        Index("ix_visit_customer_site", "customer_id", "site_id", "handed_over_at"),
    )
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    site_id: Mapped[str] = mapped_column(ForeignKey("site.id"))
    kind: Mapped[str] = mapped_column(String(10))  # repair, delivery
    order_number: Mapped[str] = mapped_column(String(60))
    customer_id: Mapped[str] = mapped_column(ForeignKey("customer.id"), index=True)
    vehicle_id: Mapped[str] = mapped_column(ForeignKey("vehicle.id"), index=True)
    handed_over_at: Mapped[datetime] = mapped_column(UtcDateTime)
    invoiced_on: Mapped[date | None] = mapped_column(Date)
    sent_in_by: Mapped[str] = mapped_column(String(120), default="")  # the person who brought the car (A7)
    contact_phone: Mapped[str] = mapped_column(String(40), default="")
    best_time: Mapped[str] = mapped_column(String(60), default="")
    advisor: Mapped[str] = mapped_column(String(120), default="")
    work_done: Mapped[str] = mapped_column(Text, default="")
    amount: Mapped[Decimal | None] = mapped_column(Numeric(12, 2))
    mileage: Mapped[int | None] = mapped_column(Integer)
    import_id: Mapped[str | None] = mapped_column(String(32), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Consent(Base):
    """A customer's word on being called; the newest row of a kind holds."""

    __tablename__ = "consent"
    __table_args__ = (Index("ix_consent_customer", "customer_id", "kind", "given_at"),)
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    customer_id: Mapped[str] = mapped_column(ForeignKey("customer.id"))
    kind: Mapped[str] = mapped_column(String(20))  # follow_up_call
    state: Mapped[str] = mapped_column(String(10))  # given, refused, withdrawn
    source: Mapped[str] = mapped_column(String(60))  # import, call, counter
    recorded_by: Mapped[str] = mapped_column(String(64))
    given_at: Mapped[datetime] = mapped_column(UtcDateTime)


class VisitImport(FileImport):
    """An uploaded export of the dealer system."""

    __tablename__ = "visit_import"
    site_id: Mapped[str] = mapped_column(ForeignKey("site.id"))


class VisitImportRow(FileImportRow):
    """A row of such an export; outcome: good, bad, duplicate, imported."""

    __tablename__ = "visit_import_row"
    import_id: Mapped[str] = mapped_column(ForeignKey("visit_import.id", ondelete="CASCADE"), primary_key=True)
    visit_id: Mapped[str | None] = mapped_column(String(32))
