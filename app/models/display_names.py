"""Names for pages: of persons, groups, sites and of what a diagram calls its processes and elements."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models.organisation import Group, Site, User
from app.models.process_definition import ProcessDefinition


@dataclass(frozen=True, slots=True)
class DefinitionNames:
    """What one version of a process is called, and its elements, in each language."""

    id: str
    key: str
    version: int
    name: str
    translations: Mapping[str, Mapping[str, Any]]

    def process(self, locale: str) -> str:
        """The name of the process."""
        return self._translated("", self.name, locale)

    def element(self, element_id: str | None, name: str, locale: str) -> str:
        """The name of an element; `name` is its English one."""
        return self._translated(element_id or "", name, locale) if element_id else name

    def _translated(self, element_id: str, name: str, locale: str) -> str:
        return str(self.translations.get(locale, {}).get(element_id) or name or element_id)


def definition_names(session: Session, definition_ids: Iterable[str]) -> dict[str, DefinitionNames]:
    """The names of some process definitions, by id."""
    wanted = set(definition_ids)
    if not wanted:
        return {}
    columns = (
        ProcessDefinition.id, ProcessDefinition.key, ProcessDefinition.version, ProcessDefinition.name,
        ProcessDefinition.translations,
    )
    rows = session.execute(select(*columns).where(ProcessDefinition.id.in_(wanted)))
    return {row.id: DefinitionNames(*row) for row in rows}


def newest_definition_names(session: Session, process_keys: Iterable[str]) -> dict[str, DefinitionNames]:
    """The names of the newest version of some processes, by key."""
    wanted = set(process_keys)
    if not wanted:
        return {}
    columns = (
        ProcessDefinition.id, ProcessDefinition.key, ProcessDefinition.version, ProcessDefinition.name,
        ProcessDefinition.translations,
    )
    query = select(*columns).where(ProcessDefinition.key.in_(wanted)).order_by(ProcessDefinition.version)
    return {row.key: DefinitionNames(*row) for row in session.execute(query)}


def user_names(session: Session, user_ids: Iterable[str | None]) -> dict[str, str]:
    """Display names of users, by id."""
    wanted = {user_id for user_id in user_ids if user_id}
    if not wanted:
        return {}
    rows = session.execute(select(User.id, User.display_name).where(User.id.in_(wanted)))
    return {row.id: row.display_name for row in rows}


def group_names(session: Session, group_ids: Iterable[str], locale: str) -> dict[str, str]:
    """Names of candidate groups in a language, by id."""
    wanted = set(group_ids)
    if not wanted:
        return {}
    column = Group.name_zh if locale == "zh_CN" else Group.name_en
    rows = session.execute(select(Group.id, column.label("name")).where(Group.id.in_(wanted)))
    return {row.id: row.name for row in rows}


def site_names(session: Session, site_ids: Iterable[str]) -> dict[str, str]:
    """Names of sites, by id."""
    wanted = set(site_ids)
    if not wanted:
        return {}
    return {row.id: row.name for row in session.execute(select(Site.id, Site.name).where(Site.id.in_(wanted)))}
