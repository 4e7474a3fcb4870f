"""The second step of a sign-in: a code from an app on the phone (TOTP, RFC 6238). Its secret is encrypted at rest."""

from __future__ import annotations

import pyotp
from sqlalchemy.orm import Session

from bot.encryption import Encryption
from bot.staff.audit import audit
from bot.staff.roles import Staff
from bot.staff.tables import StaffUser

ISSUER = "Rotation Bot"
_PURPOSE = b"rotation bot: second step of staff"


def encryption_of(key: str) -> Encryption:
    """What secrets are encrypted with, made from SECRET_KEY."""
    return Encryption(key, purpose=_PURPOSE)


def new_secret() -> str:
    """A secret for an app that shows codes."""
    return pyotp.random_base32()


def address_of(secret: str, name: str) -> str:
    """What the QR code says: `otpauth://...`."""
    return pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=ISSUER)


def secret_of(user: StaffUser, key: str) -> str:
    """The secret of a user, empty without a second step.

    Raises:
        DecryptionError: it was encrypted with another SECRET_KEY.
    """
    return encryption_of(key).decrypt(user.totp_encrypted) if user.totp_encrypted else ""


def demand(session: Session, staff: Staff, user: StaffUser, *, secret: str, key: str) -> None:
    """From now on, this user's sign-in asks for a code."""
    user.totp_encrypted = encryption_of(key).encrypt(secret)
    audit(session, staff, "turn on second step", f"user {user.name}")


def drop(session: Session, staff: Staff | str, user: StaffUser) -> None:
    """From now on, the password alone is enough."""
    user.totp_encrypted, user.totp_last_step = "", 0
    audit(session, staff, "turn off second step", f"user {user.name}")
