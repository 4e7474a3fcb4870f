"""Stands in TensorFlow's place: Rasa imports it at every start, and no component of config.yml uses it.

A name of it may be imported, annotated and derived from; who wants to make one of its objects is told that it is not
here. What that spares is measured in docs/decisions/0008-without-tensorflow.md.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

NAMES = frozenset({"keras", "tensorflow", "tensorflow_hub", "tensorflow_text"})


class _AnyName(type):
    """Each attribute of a class of TensorFlow is one, too; what Python itself asks for is not there."""

    def __getattr__(cls, name: str) -> type:
        if name.startswith("__"):
            raise AttributeError(name)
        return Absent

    def __call__(cls, *_: Any, **__: Any) -> Any:
        raise RuntimeError(
            f"{cls.__name__} needs TensorFlow, which this engine does not have "
            "(docs/decisions/0008-without-tensorflow.md)."
        )


class Absent(metaclass=_AnyName):
    """Any class or function of TensorFlow."""


class _Module(ModuleType):
    """A module of TensorFlow, in which every name is found."""

    def __getattr__(self, name: str) -> type:
        if name.startswith("__"):
            raise AttributeError(name)
        return Absent


class _Finder(MetaPathFinder, Loader):
    """Finds TensorFlow and all below it."""

    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        return ModuleSpec(name, self, is_package=True) if name.partition(".")[0] in NAMES else None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return _Module(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """Nothing to run."""


def install() -> None:
    """Before Rasa is imported; once is enough."""
    if not any(isinstance(finder, _Finder) for finder in sys.meta_path):
        sys.meta_path.insert(0, _Finder())
