"""Says when staff are there, in the bot's words: before anybody asks for them, and when they are asked for."""

from __future__ import annotations

from datetime import datetime

from bot.handoff.office_hours import OfficeHours
from bot.reply import days
from bot.reply.parts import Notice
from bot.reply.responses import Responses


def hours_words(hours: OfficeHours, responses: Responses, *, now: datetime) -> Notice | None:
    """Whether staff are there at an aware moment, or when they are back; None when the operator did not say.

    Among its values, `moment` is when they are back, there, in ISO form.
    """
    if not hours.text:
        return None
    is_open, back = hours.is_open(now), hours.next_opening(now)
    if is_open is None:
        return responses.notice("utter_handoff_hours", hours=hours.text)
    if is_open or back is None:
        return responses.notice("utter_handoff_hours_open", hours=hours.text, place=hours.place)
    when = responses.text("utter_handoff_back", weekday=f"{back:%A}", day=days.day(back.date()), time=f"{back:%H:%M}")
    moment = f"{back:%Y-%m-%dT%H:%M}"
    return responses.notice("utter_handoff_hours_shut", hours=hours.text, place=hours.place, when=when, moment=moment)
