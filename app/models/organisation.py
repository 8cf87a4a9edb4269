"""Who works here: sites, departments, users, groups and memberships."""

from datetime import datetime

from sqlalchemy import Boolean, ForeignKey, Index, String, false
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, UtcDateTime
from app.i18n import LOCALES


class Site(Base):
    """A dealership or second-tier outlet; the owner of its cases and visits."""

    __tablename__ = "site"
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    zone: Mapped[str] = mapped_column(String(64), default="Asia/Shanghai")
    is_outlet: Mapped[bool] = mapped_column(Boolean, default=False)


class Department(Base):
    """A department of a site."""

    __tablename__ = "department"
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    site_id: Mapped[str] = mapped_column(ForeignKey("site.id"), index=True)
    name_en: Mapped[str] = mapped_column(String(120))
    name_zh: Mapped[str] = mapped_column(String(120))


class DepartmentMember(Base):
    """A user works in a department."""

    __tablename__ = "department_member"
    user_id: Mapped[str] = mapped_column(ForeignKey("user.id"), primary_key=True)
    department_id: Mapped[str] = mapped_column(ForeignKey("department.id"), primary_key=True, index=True)


class User(Base):
    """A person who signs in. `id` is the stable login name used in diagrams and histories."""

    __tablename__ = "user"
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    display_name: Mapped[str] = mapped_column(String(120))
    email: Mapped[str | None] = mapped_column(String(254))
    password_hash: Mapped[str | None] = mapped_column(String(200))
    locale: Mapped[str] = mapped_column(String(8), default="")  # "" until the person chooses: the browser's language
    theme: Mapped[str] = mapped_column(String(8), default="auto")  # light, dark, auto
    is_active: Mapped[bool] = mapped_column(Boolean, default=True)
    must_change_password: Mapped[bool] = mapped_column(Boolean, default=False)
    home_site_id: Mapped[str | None] = mapped_column(ForeignKey("site.id"))
    # The saved view of the inbox that comes first; one that is not shared with the person any more is passed over.
    start_filter_id: Mapped[str | None] = mapped_column(String(32))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    @property
    def mail_locale(self) -> str:
        """In which language to write where no browser says it."""
        return self.locale or LOCALES[0]


class Group(Base):
    """A candidate group of the diagrams, e.g. `cr_advisor` (domain page, section 1)."""

    __tablename__ = "group"
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    name_en: Mapped[str] = mapped_column(String(120))
    name_zh: Mapped[str] = mapped_column(String(120))
    requires_second_factor: Mapped[bool] = mapped_column(Boolean, default=False, server_default=false())


class Membership(Base):
    """A user is in a group at a site."""

    __tablename__ = "membership"
    # Every user task that opens asks whether somebody at the site is in its groups.
    __table_args__ = (Index("ix_membership_group", "group_id", "site_id", "user_id"),)
    user_id: Mapped[str] = mapped_column(ForeignKey("user.id"), primary_key=True)
    group_id: Mapped[str] = mapped_column(ForeignKey("group.id"), primary_key=True)
    site_id: Mapped[str] = mapped_column(ForeignKey("site.id"), primary_key=True)
