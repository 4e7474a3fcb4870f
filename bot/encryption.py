"""Encrypts what must not lie open in the database: an address that somebody left for staff."""

from __future__ import annotations

import base64

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_PURPOSE = b"rotation bot: contact addresses"
_KEY_BYTES = 32


class DecryptionError(ValueError):
    """Encrypted with another key, or damaged."""


class Encryption:
    """Encrypts and decrypts with a key of its own, derived from SECRET_KEY: no second secret has to be kept."""

    def __init__(self, secret: str, *, purpose: bytes = _PURPOSE) -> None:
        """What is encrypted for one purpose cannot be decrypted for another."""
        key = HKDF(algorithm=SHA256(), length=_KEY_BYTES, salt=None, info=purpose).derive(secret.encode())
        self._fernet = Fernet(base64.urlsafe_b64encode(key))

    def encrypt(self, text: str) -> str:
        """The encrypted form, which is another one each time."""
        return self._fernet.encrypt(text.encode()).decode()

    def decrypt(self, encrypted: str) -> str:
        """The text again.

        Raises:
            DecryptionError: see there.
        """
        try:
            return self._fernet.decrypt(encrypted.encode()).decode()
        except InvalidToken as error:
            raise DecryptionError from error
