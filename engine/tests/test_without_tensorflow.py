"""Rasa runs without TensorFlow, and what needs it says so."""

from __future__ import annotations

import importlib.util
import sys

import pytest
from rotation_engine import without_tensorflow


def test_tensorflow_is_not_installed() -> None:
    without_tensorflow.install()
    assert not [path for path in sys.path if importlib.machinery.PathFinder.find_spec("tensorflow", [path])]


def test_names_are_found_and_derived_from_and_nothing_is_made() -> None:
    import tensorflow as tf
    from tensorflow.keras.utils import Sequence

    class Batches(Sequence):
        shape: tf.Tensor = None

    with pytest.raises(RuntimeError, match="Batches needs TensorFlow"):
        Batches()
    with pytest.raises(RuntimeError, match="docs/decisions/0008"):
        tf.random.set_seed(1)


def test_what_python_asks_of_a_module_is_not_made_up() -> None:
    import tensorflow as tf

    assert not hasattr(tf, "__wrapped__")
    assert not hasattr(tf.Tensor, "__wrapped__")
    assert importlib.util.find_spec("tensorflow_probability_or_so") is None
