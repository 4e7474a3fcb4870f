"""`python -m rotation_engine.vectors`: sentence vectors for the review of messages, without loading Rasa.

Reads one JSON string per line, writes one vector per line read: 384 little-endian float16 numbers, nothing between
them. A float16 keeps three digits, which is more than a comparison of sentences needs, in half the space.
"""

from __future__ import annotations

import json
import sys

from rotation_engine.encoder import untuned_encoder

CHUNK = 1024


def main() -> None:
    """From standard input to standard output, a chunk at a time so that memory stays flat."""
    texts = [json.loads(line) for line in sys.stdin if line.strip()]
    for start in range(0, len(texts), CHUNK):
        vectors = untuned_encoder().encode(texts[start : start + CHUNK])
        sys.stdout.buffer.write(vectors.astype("<f2").tobytes())


if __name__ == "__main__":
    main()
