"""Names the processor to OpenBLAS, which does not know those that are younger than itself.

The OpenBLAS 0.3.18 in the numpy that Rasa pins takes a Xeon of 2023 for a Pentium 4: a training then takes twice the
time (docs/decisions/0001-understanding.md). It reads the variable when numpy is imported.
"""

from __future__ import annotations

import os
from pathlib import Path

VARIABLE = "OPENBLAS_CORETYPE"
CPUINFO = Path("/proc/cpuinfo")
NEEDED = {
    "SKYLAKEX": {"avx2", "fma", "avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"},
    "HASWELL": {"avx2", "fma"},
}
"""Sets of kernels, fastest first, and what a processor must be able to do for each."""


def install() -> None:
    """Before numpy is imported; whoever set the variable knows better."""
    if named := kernels(CPUINFO.read_text(encoding="utf8") if CPUINFO.exists() else ""):
        os.environ.setdefault(VARIABLE, named)


def kernels(cpuinfo: str) -> str:
    """The kernels for the processor that Linux describes so, or nothing where the library shall choose itself."""
    told = next((line for line in cpuinfo.splitlines() if line.startswith("flags")), "")
    able = set(told.partition(":")[2].split())
    return next((name for name, needed in NEEDED.items() if needed <= able), "")
