"""Which websites may use the chat: each site key has its list of origins, and all others are refused."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from urllib.parse import urlsplit


class ForeignOriginError(Exception):
    """A website that may not use the chat, or not with this site key."""


class Sites:
    """The origins of each site key: `https://www.clinic.example`, or `https://*.clinic.example` for all below it."""

    def __init__(
        self, sites: Mapping[str, Iterable[str]], *, own: str, kept: Callable[[], Mapping[str, Iterable[str]]] = dict
    ) -> None:
        """`own` is our public address: pages from there need no entry. `kept` are those of the console just now."""
        self._kept = kept
        self._sites = {key: [origin.rstrip("/").lower() for origin in origins] for key, origins in sites.items()}
        self._own = _origin(own)

    def admits(self, origin: str, *, host: str = "", site: str | None = None) -> bool:
        """Whether a page of this origin may talk to us: any listed one, or one of `site` when that is given.

        `host` is the Host header: a page that we served ourselves.
        """
        if origin == self._own or (host and urlsplit(origin).netloc == host):
            return True
        entries = (
            self.origins(site) if site is not None else [entry for key in self.keys() for entry in self.origins(key)]
        )
        return any(_matches(origin.lower(), entry) for entry in entries)

    def keys(self) -> list[str]:
        """All site keys."""
        return sorted({*self._sites, *self._kept()})

    def origins(self, site: str) -> list[str]:
        """The origins of one site key, for `frame-ancestors`; empty when the key is unknown."""
        return [*self._sites.get(site, ()), *self._kept().get(site, ())]


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}".lower()


def _matches(origin: str, entry: str) -> bool:
    scheme, _, name = entry.partition("://")
    if not name.startswith("*."):
        return origin == entry
    return origin.startswith(f"{scheme}://") and origin.endswith(name[1:])
