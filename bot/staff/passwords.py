"""Passwords of staff: what is a good one, and how they are kept."""

from __future__ import annotations

from functools import lru_cache
from threading import BoundedSemaphore, Lock

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST, LONGEST = 12, 200
RULE = (
    f"At least {SHORTEST} characters, and not easy to guess: no common password, keyboard row or date, also not with "
    "a digit at the end. Several words that do not belong together are easy to remember."
)
# Of 0 to 4: so many guesses that a stolen hash is not soon broken. https://github.com/dropbox/zxcvbn
STRONG_ENOUGH = 3
_LOOKED_AT = 72  # zxcvbn reads no more; the time it takes grows faster than a password.
_OUR_WORDS = ("rotation", "rotations", "rotationbot", "console", "staff", "admin")
_ONE_AT_A_TIME = Lock()  # zxcvbn keeps the words of a call in a table of its own.
# OWASP's second recommendation for argon2id: 19 MiB, two passes. Sign-ins come one at a time from few people.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
# However many try to sign in at once, the work and memory of two is all that they get.
_AT_ONCE = BoundedSemaphore(2)


def problem_with(password: str, name: str) -> str:
    """Why a password is not good enough, in a sentence; empty when it is."""
    if not SHORTEST <= len(password) <= LONGEST:
        return f"A password has {SHORTEST} to {LONGEST} characters."
    if name.lower() in password.lower():
        return "A password must not contain the user name."
    if len(set(password)) < 5:
        return "This password repeats the same few characters."
    if _strength(password, name) < STRONG_ENOUGH:
        return "This password is easy to guess. " + RULE
    return ""


def _strength(password: str, name: str) -> int:
    from zxcvbn import zxcvbn  # Its lists take memory that only a new password is worth.

    with _ONE_AT_A_TIME:
        score: int = zxcvbn(password[:_LOOKED_AT], user_inputs=[name, *_OUR_WORDS])["score"]
    return score


def hash_of(password: str) -> str:
    """What is stored instead of the password."""
    with _AT_ONCE:
        return _HASHER.hash(password)


def matches(stored: str, password: str) -> bool:
    """Whether this is the password; an empty `stored` is nobody's, and takes as long as anybody's."""
    with _AT_ONCE:
        try:
            return _HASHER.verify(stored or _nobodys(), password[: LONGEST + 1]) and bool(stored)
        except (VerificationError, InvalidHashError):
            return False


@lru_cache
def _nobodys() -> str:
    return _HASHER.hash("nobody has this password")
