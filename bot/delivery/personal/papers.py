"""Numbers of cards, accounts and papers: what has a checksum must pass it, what has only a form needs a strong one.

Checksums and structures come from `python-stdnum` (Luhn, IBAN with its lengths by country, Verhoeff in Aadhaar, and the
national numbers), except for those that it lacks and whose form is in the table below. A word that names the number
("CNIC", "SSN") makes up for a form that is not whole.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from stdnum import iban, luhn
from stdnum.br import cpf
from stdnum.cn import ric
from stdnum.es import dni
from stdnum.id import nik
from stdnum.in_ import aadhaar, pan
from stdnum.iso7064 import mod_97_10
from stdnum.it import codicefiscale
from stdnum.kr import rrn
from stdnum.mx import curp
from stdnum.my import nric
from stdnum.pk import cnic
from stdnum.us import itin, ssn

from bot.delivery.personal.surroundings import (
    A_NUMBER,
    ACCOUNT,
    BETWEEN,
    CARD,
    CASE_ID,
    ID_WORD,
    NATIONAL_ID,
    SEVIS_ID,
    digits_of,
    groups_of,
    is_dates,
    is_in_link,
    is_money,
    is_round,
    last,
)

Rule = Callable[[re.Match[str]], str]

_DASH = r"[ .\u2010-\u2015\u2212-]"
_GAP = rf"{_DASH}{{0,3}}"

_CARD = re.compile(
    rf"(?<![\w+])(?:(?:\d{{4}}{_GAP}){{3}}\d{{2,4}}(?:{_GAP}\d{{3}})?|3\d{{3}}{_GAP}\d{{6}}{_GAP}\d{{4,5}}|\d{{14,19}})(?!\d)"
)
# Visa, Mastercard, American Express, Diners, JCB, Discover, UnionPay, RuPay and Maestro (ISO/IEC 7812 ranges).
_ISSUER = re.compile(r"4|5[0-8]|2[2-7]|3[4-8]|30[0-5]|6|8[12]")
_SHORTEST_CARD = 14
_CARD_CODE = re.compile(rf"(?<!\w)((?:cvv2?|cvc2?|security code|card pin){BETWEEN})\d{{3,4}}(?!\w)", re.IGNORECASE)
_NAMED_CARD = re.compile(
    rf"(?<!\w)((?:(?:credit|debit|bank|atm) ?card|(?<!id )(?<!pan )(?<!identity )card (?:number|no)\b"
    rf"|mastercard|amex){BETWEEN})"
    rf"((?:\d{_GAP}){{11,18}}\d)(?!\w)",
    re.IGNORECASE,
)

_IBAN = re.compile(r"(?<![A-Za-z0-9])[A-Z]{2}[ -]?\d[ -]?\d(?:[ -]?[A-Z0-9]){11,30}", re.IGNORECASE)
_SHORTEST_IBAN = 15
_NAMED_ACCOUNT = re.compile(
    rf"(?<!\w)((?:bank account|account (?:number|no)|acct|a/c|routing(?: number| no)?|iban){BETWEEN})"
    rf"((?:[A-Z]{{4}}0?)?(?:\d[ -]?){{7,23}}\d)(?!\w)",
    re.IGNORECASE,
)

_SEVIS = re.compile(r"(?<![A-Za-z0-9])N[ -]{0,2}0[ -]?0(?:[ -]?\d){8}(?!\w)", re.IGNORECASE)
_NAMED_SEVIS = re.compile(rf"(?<!\w)(sevis{BETWEEN})((?:(?<![^\W_])N[ -]?)?(?:\d[ -]?){{8,9}}\d)(?!\w)", re.IGNORECASE)
_ALIEN = re.compile(r"(?<![A-Za-z0-9])A(?:[-#]{1,2} ?)?(?:\d{9}|\d{3}[ -]\d{3}[ -]\d{3})(?!\w)")
_NAMED_ALIEN = re.compile(
    rf"(?<!\w)((?:alien|uscis|a[- ]?number|a[- ]?no|a ?#|green ?card|ead){BETWEEN})"
    rf"((?:(?<![^\W_])A[-# ]{{0,3}})?(?:\d[ -]?){{6,8}}\d)(?!\w)",
    re.IGNORECASE,
)
_CASE = re.compile(
    r"(?<!\w)(?:(?:EAC|WAC|LIN|SRC|NBC|MSC|IOE|YSC)[ -]?(?:\d[ -]?){9}\d|AA0\d[A-Z0-9]{6})(?!\w)", re.IGNORECASE
)
_NAMED_CASE = re.compile(rf"(?<!\w)(i-?94{BETWEEN})((?:\d[ -]?){{9}}(?:[A-Z]\d|\d\d))(?!\w)", re.IGNORECASE)

_NATIONAL_WORD = (
    r"(?:cnic|nicop|nadra|nic|nid|nin|bvn|aadhaa?r|adhaa?r|ssn|s\.s\.n\.?|itin|curp|cpf|dni|tckn|social security"
    r"|social insurance|national insurance|ni (?:number|no)"
    r"|national (?:id|identity)(?: card)?|identity (?:card|number)|id card|pan card"
    r"|pan (?:number|no)|nhs (?:number|no)|driver'?s? licen[cs]e|driving licen[cs]e)"
)
_NAMED_NATIONAL = re.compile(
    rf"(?<!\w)({_NATIONAL_WORD}s?{BETWEEN})"
    rf"((?:(?<![^\W_])[A-Z]{{1,2}}-?)?(?:\d[ .-]{{0,3}}){{6,19}}\d(?:[ -]?[A-Z])?"
    rf"|(?<![^\W_])[A-Z]{{2}} ?(?:\d\d ?){{3}}[A-D]|(?<![^\W_])(?=(?:[A-Z]{{0,5}}\d){{6}})[A-Z0-9]{{8,18}})(?!\w)",
    re.IGNORECASE,
)

_NAME_OF_PAPER = re.compile(
    r"^\S+(?: (?:id|number|no|card|licen[cs]e|registration|security|insurance|identity|account))*\b", re.IGNORECASE
)


def _is_list(written: str) -> bool:
    """Years, sums or scores side by side, which may pass a checksum by chance."""
    return is_dates(written) or is_round(written)


def _is_social_security(written: str) -> bool:
    if not (ssn.is_valid(digits_of(written)) or itin.is_valid(digits_of(written))):
        return False
    return "-" in written or not _is_list(written)


def _always(written: str) -> bool:
    return True


def _is_aadhaar(written: str) -> bool:
    return bool(aadhaar.is_valid(digits_of(written))) and not _is_list(written)


_NATIONAL: tuple[tuple[str, Callable[[str], bool]], ...] = (
    # United States: three, two and four digits; in one piece only beside its name.
    (rf"\d{{3}}{_DASH}{{1,3}}\d\d{_DASH}{{1,3}}\d{{4}}", _is_social_security),
    # Pakistan: region and family, a serial number, and a digit that tells the sex.
    (rf"\d{{5}}{_DASH}{{1,3}}\d{{7}}{_DASH}{{1,3}}\d|\d{{13}}", lambda written: cnic.is_valid(digits_of(written))),
    # India: Aadhaar, and the tax number.
    (rf"\d{{4}}{_GAP}\d{{4}}{_GAP}\d{{4}}", _is_aadhaar),
    (r"[A-Z]{5}\d{4}[A-Z]", pan.is_valid),
    # Brazil.
    (rf"\d{{3}}{_DASH}?\d{{3}}{_DASH}?\d{{3}}{_DASH}?\d\d", lambda written: cpf.is_valid(digits_of(written))),
    # Mexico.
    (r"[A-Z]{4}\d{6}[HMX][A-Z]{5}[A-Z0-9]\d", curp.is_valid),
    # Egypt: century, date of birth, governorate, serial number.
    (r"[23]\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:0[1-4]|[123]\d|88)\d{5}", _always),
    # United Kingdom: the prefixes that are in use, six digits, a letter of A to D.
    (r"[ABCEGHJ-PRSTW-Z][ABCEGHJ-NPRSTW-Z][ ]?\d\d[ ]?\d\d[ ]?\d\d[ ]?[A-D]", _always),
    # China, Korea, Malaysia, Indonesia.
    (r"\d{17}[\dX]", ric.is_valid),
    (r"\d{6}-\d{7}", rrn.is_valid),
    (r"\d{6}-\d\d-\d{4}", nric.is_valid),
    (r"\d{16}", nik.is_valid),
    # Spain, Italy, Sri Lanka.
    (r"\d{8}-?[A-Z]", dni.is_valid),
    (r"[A-Z]{6}\d\d[A-EHLMPR-T]\d\d[A-Z]\d{3}[A-Z]", codicefiscale.is_valid),
    (r"\d{9}[VX]", _always),
)
_NATIONAL_FORMS = tuple((re.compile(rf"(?<![\w+])(?<!\d[.,])(?:{form})(?!\w)"), check) for form, check in _NATIONAL)


def without_accounts(text: str) -> str:
    """The text with markers in place of bank accounts and cards."""
    text = _IBAN.sub(_iban, text)
    text = _NAMED_ACCOUNT.sub(_named(ACCOUNT), text)
    text = _CARD.sub(_card, text)
    text = _NAMED_CARD.sub(_named(CARD), text)
    return _CARD_CODE.sub(rf"\1{CARD}", text)


def without_immigration_ids(text: str) -> str:
    """The text with markers in place of A-numbers, SEVIS ids, and the numbers of cases and entries."""
    text = _SEVIS.sub(SEVIS_ID, text)
    text = _NAMED_SEVIS.sub(_named(SEVIS_ID), text)
    text = _ALIEN.sub(A_NUMBER, text)
    text = _NAMED_ALIEN.sub(_named(A_NUMBER), text)
    text = _NAMED_CASE.sub(rf"\1{CASE_ID}", text)
    return _CASE.sub(CASE_ID, text)


def without_national_ids(text: str) -> str:
    """The text with a marker in place of what a state numbers its people with."""
    text = _NAMED_NATIONAL.sub(_named(NATIONAL_ID), text)
    for form, check in _NATIONAL_FORMS:
        text = form.sub(_checked(check), text)
    return text


def _named(marker: str) -> Rule:
    """The number after a word that names it, unless it is a date, a sum, or some other number of the field."""

    def replaced(found: re.Match[str]) -> str:
        word, number = found[1], found[2]
        is_other = is_dates(number) or is_round(number) or is_money(found) or last(ID_WORD, _after_first(word)) >= 0
        return found[0] if is_other else word + marker

    return replaced


def _after_first(words: str) -> str:
    """Without the naming word itself, and without "id" right behind it ("SEVIS ID:")."""
    return _NAME_OF_PAPER.sub("", words)


def _checked(check: Callable[[str], bool]) -> Rule:
    def replaced(found: re.Match[str]) -> str:
        is_of_page = found[0].isdigit() and is_in_link(found)
        return NATIONAL_ID if check(found[0]) and not is_money(found) and not is_of_page else found[0]

    return replaced


def _card(found: re.Match[str]) -> str:
    digits = digits_of(found[0])
    is_one = len(digits) >= _SHORTEST_CARD and bool(_ISSUER.match(digits)) and bool(luhn.is_valid(digits))
    return CARD if is_one and not _is_list(found[0]) and len(set(groups_of(digits)[0])) > 1 else found[0]


def _iban(found: re.Match[str]) -> str:
    """The longest beginning that is an account number; the words behind it stay."""
    written = found[0]
    for end in range(len(written), _SHORTEST_IBAN - 1, -1):
        if not written[end - 1].isalnum() or written[end : end + 1].isalnum():
            continue
        number = re.sub("[ -]", "", written[:end]).upper()
        if len(number) >= _SHORTEST_IBAN and _has_iban_checksum(number) and iban.is_valid(number):
            return ACCOUNT + written[end:]
    return written


def _has_iban_checksum(number: str) -> bool:
    return number.isascii() and bool(mod_97_10.is_valid(number[4:] + number[:4]))
