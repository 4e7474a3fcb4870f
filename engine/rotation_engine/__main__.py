"""`python -m rotation_engine run|train|...`: Rasa's command line, guarded and private, without telemetry."""

from __future__ import annotations

import os
import sys
import warnings

from rotation_engine import access, kernels, logs, remembered, request_id
from rotation_engine.places import UMASK


def main() -> None:
    """Runs Rasa with our settings; arguments are Rasa's own."""
    os.environ["RASA_TELEMETRY_ENABLED"] = "false"
    kernels.install()
    # One sentence at a time, and training beside what is live: more threads mostly wait for each other.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    if "train" in sys.argv[1:2]:
        os.environ["RASA_MAX_CACHE_SIZE"] = "0"
    else:
        os.environ.setdefault("OMP_NUM_THREADS", "1")
    if not sys.stderr.isatty():
        os.environ.setdefault("TQDM_DISABLE", "1")
    os.umask(UMASK)
    logs.install()
    from rasa.__main__ import main as rasa_main

    from rotation_engine import loading, talk, tracing, tracker

    loading.install()
    remembered.install()
    access.install()
    request_id.install()
    tracker.install()
    talk.install()
    tracing.install()
    warnings.filterwarnings("ignore", category=DeprecationWarning)
    rasa_main()


if __name__ == "__main__":
    main()
