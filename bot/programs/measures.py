"""What a message measures, as search and costs need it: a budget, the weeks of a stay, the month of a start."""

from __future__ import annotations

from datetime import date

from bot.nlu.frame import Frame, Length, Money, Number, Time, may_be_a_stay
from bot.nlu.when import Choice, When, resolve

WEEKS_OF_BUDGET = {"week": 4, "day": 20}
"""How often a sum per week or day is spent in four weeks; a week of rotation has five days."""
_LEAST_FIGURE = 10
_LONG_PAST = 2015
"""Before this year nothing starts any more: "make it 2000" is a sum."""
_STARTS = ("start", "window", "")


def budget(frame: Frame) -> Money | None:
    """The first sum in US dollars that somebody would spend: no price, no lower limit."""
    sums = (money for money, said in frame.measures(Money) if said.role != "price" or money.bound == "max")
    return next((money for money in sums if money.currency == "USD" and money.bound != "min"), None)


def is_total(frame: Frame, money: Money) -> bool:
    """Whether a sum is for everything, not for a month."""
    roles = [said.role for value, said in frame.measures(Money) if value == money]
    return money.per == "total" or (not money.per and "budget_total" in roles)


def names_foreign_money(frame: Frame) -> bool:
    """Whether an amount in another currency than US dollars is named."""
    return any(money.currency != "USD" for money, _ in frame.measures(Money))


def stays(frame: Frame) -> tuple[Length, ...]:
    """The lengths of stays; lead times, ages and waits are none."""
    return tuple(length for length, said in frame.measures(Length) if may_be_a_stay(length, said))


def bare_number(frame: Frame) -> float | None:
    """The one number of a message that names nothing else: the answer to "how many?"."""
    numbers = [number.value for number, _ in frame.measures(Number) if not number.of]
    return numbers[0] if len(numbers) == len(frame.dimensions) == 1 and not frame.entities else None


def new_figure(frame: Frame) -> float | None:
    """The one figure of "make it 3500 and anywhere": another value of what has one."""
    if not frame.does("instead"):
        return None
    figures = [number.value for number, _ in frame.measures(Number) if not number.of]
    figures += [float(time.year or 0) for time, _ in frame.measures(Time) if _is_long_past(time)]
    return figures[0] if len(figures) == 1 else None


def _is_long_past(time: Time) -> bool:
    return time.kind == "year" and (time.year or _LONG_PAST) < _LONG_PAST


def asked_figures(frame: Frame) -> tuple[int, ...]:
    """The figures that a question names without a limit, "what is the 100 for?", or "you said 400"; none below ten."""
    if not frame.does("ask", "you_said"):
        return ()
    sums = [money.low for money, _ in frame.measures(Money) if money.low == money.high and not money.bound]
    numbers = [number.value for number, _ in frame.measures(Number) if not number.of]
    return tuple(int(figure) for figure in (*numbers, *sums) if figure >= _LEAST_FIGURE and figure == int(figure))


def start_month(frame: Frame, today: date) -> str | None:
    """The month in which something is to start, "YYYY-MM"; of a time that has begun the running month."""
    for time, said in frame.measures(Time, *_STARTS):
        is_number = time.kind == "year" and (not said.role or _is_long_past(time))  # "more than 2000 is too much"
        found = resolve(time, today) if said.polarity != "wants_not" and not is_number else None
        days = found.options[0] if isinstance(found, Choice) else found
        if isinstance(days, When):
            first = today if days.first < today <= days.last else days.first
            return f"{first:%Y-%m}"
    return None
