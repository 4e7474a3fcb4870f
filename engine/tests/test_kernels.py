"""OpenBLAS computes with the kernels of the processor, also of one that is younger than the library."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from rotation_engine import kernels

WIDE = "fpu avx avx2 fma avx512f avx512bw avx512cd avx512dq avx512vl amx_tile"


@pytest.mark.parametrize(
    ("flags", "named"),
    [
        (WIDE, "SKYLAKEX"),
        ("fpu sse2 avx avx2 fma", "HASWELL"),
        (WIDE.replace("avx512vl", ""), "HASWELL"),
        ("fpu sse2 avx avx512f avx512bw avx512cd avx512dq avx512vl", ""),
        ("fpu sse2", ""),
    ],
)
def test_the_kernels_are_those_that_the_processor_can_run(flags: str, named: str) -> None:
    assert kernels.kernels(f"processor\t: 0\nflags\t\t: {flags}\nbugs\t\t: avx2 fma\n") == named


@pytest.mark.parametrize("cpuinfo", ["", "processor : 0\nFeatures : fp asimd\n"])
def test_another_kind_of_processor_is_left_to_the_library(cpuinfo: str) -> None:
    assert kernels.kernels(cpuinfo) == ""


@pytest.mark.parametrize("own", ["", "NEHALEM"])
def test_the_library_is_told_unless_the_operator_has_told_it(own: str) -> None:
    code = (
        "from rotation_engine import kernels; kernels.install(); import numpy, threadpoolctl;"
        "print({item['architecture'].upper() for item in threadpoolctl.threadpool_info()})"
    )
    environment = {**os.environ, kernels.VARIABLE: own} if own else os.environ
    told = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    expected = own or kernels.kernels(kernels.CPUINFO.read_text(encoding="utf8"))
    if not expected:
        pytest.skip("this processor is left to the library")
    assert told.stdout.strip() == str({expected})
