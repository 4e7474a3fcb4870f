"""Single requests to servers under test, patient as busy cores need it: httpx itself gives up after five seconds."""

from __future__ import annotations

from functools import partial

import httpx

SECONDS = 60.0
get = partial(httpx.get, timeout=SECONDS)
post = partial(httpx.post, timeout=SECONDS)
Client = partial(httpx.Client, timeout=SECONDS)
