"""`python -m rotation_engine.vectors`: sentence vectors for the review of messages, without loading Rasa.

Reads one JSON string per line, writes one vector per line read: 384 little-endian float16 numbers, nothing between
them. A float16 keeps three digits, which is more than a comparison of sentences needs, in half the space.
"""

from __future__ import annotations

import json
import os
import sys
from concurrent.futures import ThreadPoolExecutor

from rotation_engine.encoder import untuned_encoder


def main() -> None:
    """From standard input to standard output, on all cores."""
    texts = [json.loads(line) for line in sys.stdin if line.strip()]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for (vector,) in pool.map(untuned_encoder().encode, ([text] for text in texts)):
            sys.stdout.buffer.write(vector.astype("<f2").tobytes())


if __name__ == "__main__":
    main()
