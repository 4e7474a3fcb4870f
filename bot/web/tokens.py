"""Tokens of web visitors: signed, expiring, and good for one conversation only."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from itsdangerous import BadSignature, URLSafeTimedSerializer

LIFETIME = timedelta(days=30)


class TokenError(ValueError):
    """A token that we did not sign, or that has expired."""


class Tokens:
    """Makes and reads tokens with the key of this installation."""

    def __init__(self, key: str) -> None:
        self._serializer = URLSafeTimedSerializer(key, salt="web conversation")

    def issue(self, conversation: str) -> tuple[str, datetime]:
        """A token for this conversation, and when it expires."""
        return self._serializer.dumps(conversation), datetime.now(UTC) + LIFETIME

    def conversation(self, token: str) -> str:
        """The conversation that a token opens.

        Raises:
            TokenError: it is forged, damaged or expired.
        """
        try:
            return str(self._serializer.loads(token, max_age=int(LIFETIME.total_seconds())))
        except BadSignature as error:
            raise TokenError(str(error)) from error
