"""What a dimension's words are worth: the slots of a template become numbers, lengths, sums and times without today."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from rotation_engine.understanding.grammar import Hit

Slots = Mapping[str, Any]
Value = dict[str, Any]
LEAST_MONEY = 50
"""A number without a currency is a sum from here on ("under 3" is no budget)."""
INDIAN_SCALES = (100_000, 10_000_000)
"""Lakh and crore: who counts in them counts rupees."""
_YEARS = (1900, 2100)


def values_of(hit: Hit) -> list[Value]:
    """The values of a dimension, in the shape of its kind; none where the words turn out to be no such thing.

    Only "the first two" is more than one.
    """
    kind, _, form = hit.label.partition("/")
    if "upto" in hit.slots:
        return [{"value": place + 1} for place in range(int(hit.slots["upto"]))]
    value = _time(form, hit) if kind == "time" else _BUILDERS[kind](hit)
    return [value] if value else []


def _number_of(slots: Slots, name: str) -> float | None:
    """The number in the slots `name`n, scale and more ("two thousand five hundred"); None without one."""
    if f"{name}n" not in slots:
        return None
    more = _plain_number(slots.get(f"{name}more", 0)) * slots.get(f"{name}more_scale", 1)
    number = (_plain_number(slots[f"{name}n"]) + slots.get(f"{name}half", 0)) * slots.get(f"{name}scale", 1)
    return float(number + more)


def _plain_number(said: str | float) -> float:
    if not isinstance(said, str):
        return said
    is_grouped = re.fullmatch(r"\d{1,3}(,\d{3})+(\.\d+)?", said)
    return float(said.replace(",", "" if is_grouped else "."))


def _trimmed(number: float) -> float:
    """A whole number without its decimals: 4, not 4.0."""
    rounded = round(number, 2)
    return int(rounded) if rounded == int(rounded) else rounded


def _number(hit: Hit) -> Value | None:
    number = _number_of(hit.slots, "")
    if number is None:
        return None
    value: Value = {"value": _trimmed(-number if "minus" in hit.slots else number)}
    return value | {"of": hit.extra} if hit.extra else value


def _duration(hit: Hit) -> Value:
    slots = hit.slots
    high = (_number_of(slots, "high_") or 1) + slots.get("half", 0)
    low = _number_of(slots, "low_")
    unit, _, times = slots.get("unit", "").partition("*")
    factor = float(times or 1)
    bound: Value = {"bound": slots["bound"]} if "bound" in slots else {}
    several: Value = {"times": int(slots["times"])} if "times" in slots else {}
    ends = sorted((0.0 if bound == {"bound": "max"} else high if low is None else low, high))
    sign = -1 if "minus" in slots else 1
    return (
        {"low": _trimmed(sign * ends[0] * factor), "high": _trimmed(sign * ends[1] * factor), "unit": unit}
        | bound
        | several
    )


def _money(hit: Hit) -> Value | None:
    slots = hit.slots
    high, low, bound = _number_of(slots, "high_") or 0.0, _number_of(slots, "low_"), slots.get("bound", "")
    scaled_low = low
    if low is not None and "low_scale" not in slots and low < high:
        scaled_low = low * slots.get("high_scale", 1)
    is_marked = any(name in slots for name in ("currency", "high_scale", "low_scale")) or hit.extra == "sure"
    is_led = "strong" in slots or "per" in slots or bound in ("max", "min") or low is not None
    if not is_marked and (high < LEAST_MONEY or (_YEARS[0] < high < _YEARS[1] and not is_led)):
        return None
    sign = -1 if "minus" in slots else 1
    low_end = scaled_low if scaled_low is not None else (0.0 if bound == "max" and high > 0 and sign > 0 else high)
    ends = sorted((sign * low_end, sign * high))
    usual = "INR" if slots.get("high_scale") in INDIAN_SCALES else "USD"
    currency, per = slots.get("currency", usual), slots.get("per", "")
    return {"low": _trimmed(ends[0]), "high": _trimmed(ends[1]), "currency": currency, "per": per, "bound": bound}


def _time(form: str, hit: Hit) -> Value | None:
    """A time without today: `kind` and its parts, as docs/understanding.md lists them."""
    slots = dict(hit.slots)
    for name in ("year", "year1", "year2"):
        digits = str(slots.get(name, "")).strip("'")
        if digits.isdigit():
            slots[name] = int(digits) + (2000 if len(digits) == 2 else 0)
    if form in ("numeric", "month_range"):
        return _numeric(slots) if form == "numeric" else _month_range(slots)
    if form == "offset":
        return _offset(slots, hit)
    if form == "clock":
        return _clock(slots)
    if form == "zone":
        hours = int(slots["hour"]) + int(slots.get("minute", 0)) / 60
        return {"kind": "zone", "count": _trimmed(-hours if slots["sign"] == "-" else hours)}
    value: Value = {"kind": form}
    for name in ("day", "month", "season", "year", "weekday", "unit", "which", "part"):
        if name in slots:
            value[name] = int(slots[name]) if name in ("day", "month") else slots[name]
    return value


def _numeric(slots: Slots) -> Value | None:
    """ "03/04/2027" may be either order; where only one can be meant, that one."""
    day, month, year = int(slots["one"]), int(slots["two"]), slots["year"]
    if month > 12 >= day:
        day, month = month, day
    value = {"kind": "day", "day": day, "month": month, "year": year}
    return value if day > 12 >= month else value | {"order": "either"}


def _month_range(slots: Slots) -> Value:
    first: Value = {"month": slots["month1"]}
    last: Value = {"month": slots["month2"]}
    if "year2" in slots or "which" in slots:
        last |= {key: slots[name] for key, name in (("year", "year2"), ("which", "which")) if name in slots}
    if "year1" in slots:
        first["year"] = slots["year1"]
    elif "year" in last:
        first["year"] = last["year"] - (first["month"] > last["month"])
    if "year1" in slots and "year" in last and (first["year"], first["month"]) > (last["year"], last["month"]):
        return {"kind": "month", **last}  # "moved from July 2027 to March 2027"
    return {"kind": "month_range", "first": first, "last": last}


def _clock(slots: Slots) -> Value | None:
    """ "5pm" and "17:30" on a day of 24 hours."""
    if "clock" in slots:
        hour, minute = (int(part) for part in slots["clock"].split(":"))
    else:
        hour, minute = int(slots["hour"]), int(slots.get("minute", 0))
        hour = hour % 12 + 12 * (slots["half"] == "pm") if "half" in slots else hour
    return {"kind": "clock", "hour": hour, "minute": minute} if hour < 24 else None


def _offset(slots: Slots, hit: Hit) -> Value:
    if hit.extra is not None:
        return {"kind": "offset", "count": hit.extra, "unit": "day"}
    length = _duration(hit)
    value = {"kind": "offset", "count": length["low"], "unit": length["unit"]}
    value |= {"which": hit.slots["which"]} if "which" in hit.slots else {}
    return value if length["low"] == length["high"] else value | {"high": length["high"]}


_BUILDERS: dict[str, Callable[[Hit], Value | None]] = {
    "number": _number,
    "ordinal": lambda hit: {"value": int(hit.slots["value"])},
    "duration": _duration,
    "amount-of-money": _money,
}
