"""Seals what must not lie open in the database: an address that somebody left for staff."""

from __future__ import annotations

import base64

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_PURPOSE = b"rotation bot: contact addresses"
_KEY_BYTES = 32


class BrokenSealError(ValueError):
    """Sealed with another key, or damaged."""


class Seal:
    """Encrypts and decrypts with a key of its own, derived from SECRET_KEY: no second secret has to be kept."""

    def __init__(self, secret: str, *, purpose: bytes = _PURPOSE) -> None:
        """What is sealed for one purpose cannot be opened for another."""
        key = HKDF(algorithm=SHA256(), length=_KEY_BYTES, salt=None, info=purpose).derive(secret.encode())
        self._fernet = Fernet(base64.urlsafe_b64encode(key))

    def close(self, text: str) -> str:
        """The sealed form, which is another one each time."""
        return self._fernet.encrypt(text.encode()).decode()

    def open(self, sealed: str) -> str:
        """The text again.

        Raises:
            BrokenSealError: see there.
        """
        try:
            return self._fernet.decrypt(sealed.encode()).decode()
        except InvalidToken as error:
            raise BrokenSealError from error
