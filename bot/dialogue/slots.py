"""What a task keeps in its slot of the talk: a frozen dataclass as JSON and back, the same way for every task.

Trackers live longer than a release. So what an older one wrote stays readable: fields that are gone are ignored, fields
that are new are empty. Types are strict all the same, and what cannot be read counts as nothing known: the person is
asked again, and never sees an error.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import TypeAdapter

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

VERSION = 1
"""Grows when a field changes its meaning. The first values were written without it."""
Value = TypeVar("Value", bound="DataclassInstance")


def to_slot(value: DataclassInstance) -> dict[str, Any]:
    """The JSON form of a dataclass: the version, and every field that differs from its default; days are ISO."""
    return {"version": VERSION, **_adapter(type(value)).dump_python(value, mode="json", exclude_defaults=True)}


def from_slot(kind: type[Value], data: object) -> Value:
    """The value that `to_slot` wrote, in this release or an older one; `kind()` for anything else."""
    if not isinstance(data, Mapping) or data.get("version", VERSION) != VERSION:
        return kind()
    known = {name: value for name, value in data.items() if value is not None}
    try:
        read: Value = _adapter(kind).validate_json(json.dumps(known), strict=True)
    except (TypeError, ValueError):  # of pydantic a ValidationError, which is a ValueError
        return kind()
    return read


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)
