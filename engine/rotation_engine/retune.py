"""Puts the tuned weights (`tuned.npz`, made by rotation_engine.tune) into the rewritten model: same graph, same size.

Sums are taken one factor at a time, without a library for matrices, so that every machine gets the same bytes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import numpy_helper

from rotation_engine.weights import LAYERS, WeightsError

NUMBER_OF_LAYERS = 6
LARGEST = 63  # seven bits, see rotation_engine.quantize
ALIKE = 0.98
Arrays = Mapping[str, NDArray[Any]]


def retuned(model: onnx.ModelProto, weights: Arrays, changes: Arrays) -> onnx.ModelProto:
    """The model with `weights` (single precision, by the names of the package) plus `changes`; `model` is changed.

    Raises:
        WeightsError: a matrix of the graph is not the one that stands at its place.
    """
    tensors = {tensor.name: tensor for tensor in model.graph.initializer}
    products = iter([node.input[1] for node in model.graph.node if node.op_type == "MatMulInteger"])
    for at in range(NUMBER_OF_LAYERS):
        for name in LAYERS:
            own = f"encoder.layer.{at}.{name}"
            _put(tensors, f"inner.{own}.bias", _added(weights[f"{own}.bias"], changes[f"{at}.{name}.b"]))
            before = weights[f"{own}.weight"]
            if before.ndim == 1:
                _put(tensors, f"inner.{own}.weight", _added(before, changes[f"{at}.{name}.w"]))
            else:
                after = before.astype(np.float64) + _product(
                    changes[f"{at}.{name}.left"], changes[f"{at}.{name}.right"]
                )
                _put_matrix(tensors, next(products), before.T, after.T)
    return model


def _added(before: NDArray[Any], change: NDArray[Any]) -> NDArray[np.float32]:
    return before.astype(np.float32) + change.astype(np.float32)


def _product(left: NDArray[Any], right: NDArray[Any]) -> NDArray[np.float64]:
    total = np.zeros((left.shape[0], right.shape[1]))
    for at in range(left.shape[1]):
        total += np.outer(left[:, at].astype(np.float64), right[at].astype(np.float64))
    return total


def _put_matrix(
    tensors: dict[str, onnx.TensorProto], name: str, before: NDArray[Any], after: NDArray[np.float64]
) -> None:
    scale_name = f"{name.removesuffix('_q')}_scale"
    there = numpy_helper.to_array(tensors[name]).astype(np.float64) * numpy_helper.to_array(tensors[scale_name])
    if there.shape != before.shape or _cosine(there, before) < ALIKE:
        raise WeightsError(f"The matrix {name} of the packaged model is not the one expected at its place.")
    scale = (np.abs(after).max(axis=0) / LARGEST).astype(np.float32)
    _put(tensors, name, np.round(after / scale).clip(-LARGEST, LARGEST).astype(np.int8))
    _put(tensors, scale_name, scale)


def _cosine(one: NDArray[Any], other: NDArray[Any]) -> float:
    return float((one * other).sum() / np.linalg.norm(one) / np.linalg.norm(other))


def _put(tensors: dict[str, onnx.TensorProto], name: str, values: NDArray[Any]) -> None:
    tensors[name].CopyFrom(numpy_helper.from_array(np.ascontiguousarray(values), name))
