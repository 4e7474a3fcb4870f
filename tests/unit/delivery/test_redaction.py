"""What identifies a person goes; the numbers of the field stay."""

from __future__ import annotations

import time

import pytest

from bot.delivery.redaction import redact

REMOVED = [
    ("write to ana.silva+us@med.example.edu please", "write to [e-mail] please"),
    ("ANA@EXAMPLE.COM", "[e-mail]"),
    ("(ana@example.co.uk)", "([e-mail])"),
    ("two: a@b.co, c_d@e-f.org.", "two: [e-mail], [e-mail]."),
    ("ana at gmail dot com", "[e-mail]"),
    ("ana [at] example [dot] org", "[e-mail]"),
    ("call me at +1 (555) 123-4567 tomorrow", "call me at [phone] tomorrow"),
    ("+919876543210", "[phone]"),
    ("+92 300 1234567", "[phone]"),
    ("my whatsapp is 98765 43210", "my whatsapp is [phone]"),
    ("212-555-0187", "[phone]"),
    ("(212) 555-0187 ok?", "[phone] ok?"),
    ("212.555.0187", "[phone]"),
    ("0300-1234567", "[phone]"),
    ("9876543210", "[phone]"),
    ("00971501234567", "[phone]"),
    ("phone: 555-0187", "phone: [phone]"),
    ("tel 4412345", "tel [phone]"),
    ("my number is 5550187.", "my number is [phone]."),
    ("I am Ana, 2125550187, graduate 2021", "I am Ana, [phone], graduate 2021"),
    ("my passport number is A1234567", "my passport number is [passport]"),
    ("passport no. AB1234567, valid until 2027", "passport no. [passport], valid until 2027"),
    ("Passport: 123456789", "Passport: [passport]"),
    ("A1234567 is my passport", "[passport] is my passport"),
    ("passport C01X00T47", "passport [passport]"),
    ("passport number K 1234567", "passport number [passport]"),
    ("passport x1234567 and mail a@b.org, tel 5550187", "passport [passport] and mail [e-mail], tel [phone]"),
]

KEPT = [
    "2027",
    "I graduated in 2021",
    "2019 2020 2021 2022",
    "2019-2020-2021",
    "from 2026-09-01 to 2026-12-31",
    "2026-09-01 10:30",
    "12.11.2026 - 14.12.2026",
    "01/09/2026",
    "September 1, 2026",
    "01-09-2026",
    "$3,000",
    "$ 1200000",
    "USD 5000000",
    "1500000 INR",
    "Rs. 2500000 for 4 weeks",
    "fees of 4,999.00 and 1,250.50",
    "my step 1 is 245 and step 2 ck 251",
    "scores 230 245 2021",
    "245, 251, 230",
    "TOEFL 104, OET 350 350 360 370",
    "AAMC ID 12345678",
    "my ERAS token is 12345678901",
    "USMLE ID 0-123-456-7",
    "ECFMG 1-023-456-7 number",
    "NRMP N0123456",
    "VSLO costs 15 per application",
    "J-1 or B-1/B-2 visa",
    "4 weeks, 8 weeks or 12 weeks",
    "is the I-20 or DS-2019 needed",
    "my passport is valid until 2027",
    "passport expires 05/2028 is that ok",
    "does my passport need 6 months of validity",
    "passport fee $1300000",
    "ZIP 10029",
    "3.1415926535",
    "me @ home",
    "@everyone",
    "see you at the dot",
    "what is the discount at Yale",
    "100-2000 beds",
    "24/7",
    "",
    "GPA 3.85/4.00",
    "1000 applicants for 25 places",
    "step1 step2ck",
    "😀👍",
    "مرحبا 2027",
]


@pytest.mark.parametrize(("written", "kept"), REMOVED)
def test_personal_data_is_replaced(written: str, kept: str) -> None:
    assert redact(written) == kept


@pytest.mark.parametrize("written", KEPT)
def test_numbers_of_the_field_stay_untouched(written: str) -> None:
    assert redact(written) == written


@pytest.mark.parametrize("written", [written for written, _ in REMOVED])
def test_redacting_twice_changes_nothing_more(written: str) -> None:
    assert redact(redact(written)) == redact(written)


@pytest.mark.parametrize(
    "unit", ["a", "1", "1 ", "a.", "a@", "a at ", "passport ", "(", "+1-", "A1234567 ", "-.", "\u0661"]
)
def test_long_text_takes_linear_time(unit: str) -> None:
    text = (unit * 20_000)[:20_000]
    started = time.perf_counter()
    redact(text)
    assert time.perf_counter() - started < 1.0
