"""Names for pages: of persons, groups, sites and of what a diagram calls its processes and elements."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, fields
from functools import lru_cache
from typing import Any

from sqlalchemy import Column, func, select
from sqlalchemy.orm import Session

from app.models.organisation import Department, Group, Site, User
from app.models.prepared import Prepared, placed, places, table_of
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


_DEFINITION, _USER, _GROUP, _SITE = (table_of(model) for model in (ProcessDefinition, User, Group, Site))
_DEPARTMENT = table_of(Department)
_MOST_KEPT = 2_000
# A definition never changes, nor does what it and its elements are called.
_kept: dict[str, DefinitionNames] = {}


def definition_names(session: Session, definition_ids: Iterable[str]) -> dict[str, DefinitionNames]:
    """The names of some process definitions, by id."""
    wanted = set(definition_ids)
    if missing := wanted - _kept.keys():
        if len(_kept) > _MOST_KEPT:
            _kept.clear()
        found = _definitions(_room_for(missing)).rows(session, placed("id", missing))
        _kept.update({row[0]: DefinitionNames(*row) for row in found})
    return {definition_id: _kept[definition_id] for definition_id in wanted if definition_id in _kept}


def newest_definition_names(session: Session, process_keys: Iterable[str]) -> dict[str, DefinitionNames]:
    """The names of the newest version of some processes, by key."""
    wanted = set(process_keys)
    if not wanted:
        return {}
    ids = [definition_id for (definition_id,) in _newest(_room_for(wanted)).rows(session, placed("key", wanted))]
    return {names.key: names for names in definition_names(session, ids).values()}


def user_names(session: Session, user_ids: Iterable[str | None]) -> dict[str, str]:
    """Display names of users, by id."""
    return _names(session, _USER.c.display_name, {user_id for user_id in user_ids if user_id})


def group_names(session: Session, group_ids: Iterable[str], locale: str) -> dict[str, str]:
    """Names of candidate groups in a language, by id."""
    return _names(session, _GROUP.c.name_zh if locale == "zh_CN" else _GROUP.c.name_en, set(group_ids))


def department_names(session: Session, department_ids: Iterable[str], locale: str) -> dict[str, str]:
    """Names of departments in a language, by id."""
    return _names(session, _DEPARTMENT.c.name_zh if locale == "zh_CN" else _DEPARTMENT.c.name_en, set(department_ids))


def site_names(session: Session, site_ids: Iterable[str]) -> dict[str, str]:
    """Names of sites, by id."""
    return _names(session, _SITE.c.name, set(site_ids))


def _names(session: Session, column: Column[str], wanted: Collection[str]) -> dict[str, str]:
    return dict(_named(column, _room_for(wanted)).rows(session, placed("id", wanted))) if wanted else {}


def _room_for(wanted: Collection[str]) -> int:
    return len(placed("id", wanted))


@lru_cache(maxsize=64)
def _named(column: Column[str], count: int) -> Prepared:
    return Prepared(select(column.table.c.id, column).where(column.table.c.id.in_(places("id", count))))


@lru_cache(maxsize=16)
def _definitions(count: int) -> Prepared:
    columns = (_DEFINITION.c[field.name] for field in fields(DefinitionNames))
    return Prepared(select(*columns).where(_DEFINITION.c.id.in_(places("id", count))))


@lru_cache(maxsize=16)
def _newest(count: int) -> Prepared:
    other = _DEFINITION.alias()
    newest = select(func.max(other.c.version)).where(other.c.key == _DEFINITION.c.key).scalar_subquery()
    return Prepared(
        select(_DEFINITION.c.id).where(_DEFINITION.c.key.in_(places("key", count)), _DEFINITION.c.version == newest)
    )
