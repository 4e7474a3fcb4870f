"""A cost question in plain words: what is known so far, what a message adds, and what is worth asking next."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.costs.stays import Leg, legs_of, route_of, weeks_of
from bot.dialogue.state import ALWAYS_THEMSELVES
from bot.nlu.frame import Frame, Money, Number, count_of
from bot.nlu.message import Message
from bot.programs import measures

LONG_WEEKS = 24
"""A stay above this is confirmed first: 8 to 12 weeks in all is the advice."""
MOST_WEEKS = 520
FEW_WORDS, WORDS_OF_SUMS = 10, 20
LONGEST_OF_MONEY = 35
MONTH_WEEKS = 4
UNSURE = 0.35
"""Below it a message means little by itself, so that after a sum a length in it changes the sum."""
_A_NUMBER = 4
_A_NAME = 6
ESTIMATE, ENOUGH, LASTS, THINGS, FEES = "estimate", "enough", "lasts", "things", "fees"
CURRENCY, RATE, USUAL, PRODUCT = "currency", "rate", "usual", "product"
LARGEST, LEFT, LOWER, OTHERS_PAY = "largest", "left", "lower", "others_pay"
WITH_CODE = "with_code"
LEFT_OUT, PEOPLE, OTHER_PLACE, UNCHANGED, LEAST = "left_out", "people", "other_place", "unchanged", "least"
WHICH_WAY = "which_way"
"""What a message wants: a sum, whether a budget is enough, how long it lasts, whether something is in the sum, fees
times electives, the sum in another currency, whether it is for a month or in all, whether a told price is usual, or
what so many stays at it come to, what the code leaves of it; and of the sum on the screen its largest part, what it
leaves of a budget, how to pay less, what somebody else pays of it, that something is not in it, what it is for several
people or elsewhere, by which way it is, the least that it can come to, or nothing that would change it."""
AFTERWARDS = frozenset({LARGEST, LEFT, LOWER, OTHERS_PAY, LEFT_OUT, PEOPLE, OTHER_PLACE, WHICH_WAY, UNCHANGED, LEAST})
_OF_THE_SUM = {
    "least_price": LEAST,
    "largest_part": LARGEST,
    "left_over": LEFT,
    "lower_price": LOWER,
    "which_way": WHICH_WAY,
}
_CHANGES = ("discounted", "per_what", "is_monthly", "all_in")
ALL_IN = ("housing", "visa")
"""What a sum "with everything" counts beside the rotation, as far as there are figures."""
COUNTED = frozenset({"visa", "application", "vslo", "background_check", "housing", "living"})
"""Costs that can be counted into a sum, because a program or a fact gives them."""
_LIVING = {"living": ("housing", "food")}
"""What a cost asked about by name stands for, where it does not stand for itself."""
_WEEKS_OF = {"month": 4.0, "4_weeks": 4.0, "week": 1.0, "rotation": 4.0}
_REGIONS = frozenset({"state", "city", "region"})
_PLACES = ("institution", "state", "city", "region", "specialty")
_SUMMED = frozenset({"faq_cost/application_fee", "faq_cost/other_costs", "faq_cost/living_cost", "faq_vslo/fee"})
_PRICES = frozenset(
    {
        "faq_amo/price",
        "faq_cost/company_price",
        "faq_cost/school_fee",
        "faq_cost/total_budget",
        "faq_direct_vs_third_party/cheaper",
    }
)
"""Questions for a price that a length makes a question for a sum."""
MONTHLY = {
    "faq_cost": "",
    "faq_cost/company_price": "third_party",
    "faq_cost/externship_price": "third_party",
    "faq_cost/school_fee": "direct",
    "faq_amo/price": "third_party",
}
"""Questions whose answer is the price of a month, with its way: "and three times that?" goes on from there."""
_OWN_INTENTS = frozenset({"estimate_cost", "refine_search", "search_programs", "inform", "faq_discount_code"})
_DISCOUNT, _FEE = "faq_discount_code", "ask_program/fee"


@dataclass(frozen=True)
class Inquiry:
    """What a cost question is about. `pending_weeks` waits for a yes; `skipped` are questions not answered.

    `legs` are stays by several ways, in place of `weeks` and `route`; `counted` are costs that are to be in the sum;
    `covers` are costs without a figure that the budget is to pay for; `is_monthly` says that it is one for each month.
    `told_weeks` are those that were told beside another question, for a sum that is asked for next ("cost for both?").
    """

    weeks: float | None = None
    route: str = ""
    programs: tuple[str, ...] = ()
    budget: float | None = None
    pending_weeks: float | None = None
    skipped: tuple[str, ...] = ()
    legs: tuple[Leg, ...] = ()
    counted: tuple[str, ...] = ()
    discounted: bool = False
    covers: tuple[str, ...] = ()
    is_monthly: bool = False
    told_weeks: float | None = None

    @property
    def is_sum(self) -> bool:
        """Whether there is a sum, or a budget, that a message can change."""
        return bool(self.weeks or self.budget or self.legs or "weeks" in self.skipped)


@dataclass(frozen=True)
class CostFacts:
    """An inquiry after a message; `problem` names a value that cannot be, `things` the costs asked about by name.

    `wants` is what the message asks for; `count` a number of electives, `fee` a told fee, `currency` another money and
    `amount` how much of it was named.
    """

    inquiry: Inquiry
    problem: str = ""
    things: tuple[str, ...] = ()
    wants: str = ESTIMATE
    count: int = 1
    fee: float | None = None
    currency: str = ""
    amount: float | None = None


def hear(message: Message, inquiry: Inquiry, *, programs: tuple[str, ...] = (), asked: str | None = None) -> CostFacts:
    """What a message adds. `programs` are the slugs it names; `asked` is weeks, confirmed or None."""
    frame, before = message.frame, inquiry
    things = frame.wished("expense")
    if frame.does("is_monthly") and inquiry.budget:
        return CostFacts(_by_the_month(inquiry), wants=UNCHANGED if inquiry.is_monthly else ENOUGH)
    if frame.does("per_what", "is_monthly") and inquiry.is_sum:
        return CostFacts(inquiry, wants=RATE)
    if inquiry.is_sum and asked is None and (after := _afterwards(frame, inquiry)):
        return after
    if told := of_a_told_price(frame, inquiry):
        return told
    legs = () if _compares_ways(frame) else legs_of(frame, programs)
    found = CostFacts(_with_places(frame, inquiry, programs, legs=legs), things=things)
    if asked == "confirmed" and inquiry.pending_weeks:
        named = (inquiry.pending_weeks,) if frame.dimensions else ()  # "yes, 30 weeks" is a yes, "-2" is none
        if message.intent == "affirm" and weeks_of(frame) == named:
            return replace(found, inquiry=replace(found.inquiry, weeks=inquiry.pending_weeks, pending_weeks=None))
        asked = "weeks"
    if fees := _fees(frame, found):
        return fees
    found = _with_money(frame, found)
    if found.problem:
        return found
    found = found if legs else _with_weeks(message, found, asked)
    if found.problem or found.wants == CURRENCY:
        return found
    is_asked = frame.does("included") and not measures.budget(frame)  # "5500, flight included, is that enough?"
    is_about_sum = things and (is_asked or (before.is_sum and found.inquiry == before))
    is_anew = found.wants == LASTS or (found.wants == ENOUGH and _is_of_both(found.inquiry) and {*things} <= COUNTED)
    return replace(found, wants=THINGS) if is_about_sum and not is_anew else _with_counted(frame, found)


def _is_of_both(inquiry: Inquiry) -> bool:
    """Whether the sum is one for either way to apply."""
    return not (inquiry.route or inquiry.programs or inquiry.legs)


def _compares_ways(frame: Frame) -> bool:
    """Whether a company is set beside the schools' own ways: "8 weeks of AMO vs 8 weeks direct"."""
    ways = {"direct" if way in ("direct", "vslo") else way for way in frame.wished("route")}
    ways |= {"third_party"} if frame.named("institution") or frame.named("provider") else set()
    return frame.does("compare") and {"direct", "third_party"} <= ways


def overheard(inquiry: Inquiry, frame: Frame) -> Inquiry:
    """The inquiry after a message that asks for no sum: the budget that it tells, and how long a stay it names."""
    inquiry = replace(inquiry, told_weeks=sum(weeks_of(frame)) or None)
    told = [money for money, item in frame.measures(Money, "budget_total", "budget") if item.whose == "self"]
    own = [money for money in told if money.currency == "USD" and money.bound != "min" and money.per in ("", "total")]
    if len(own) != 1 or own[0].high <= 0:
        return inquiry
    return replace(inquiry, budget=own[0].high, covers=_covered(frame), is_monthly=False)


def _covered(frame: Frame) -> tuple[str, ...]:
    """The costs that a budget is to pay for, too, and that no figure is known for: "6000 with the flight"."""
    return tuple(name for name in frame.wished("expense") if name == "flights")


def _by_the_month(inquiry: Inquiry) -> Inquiry:
    """The budget as that of each month."""
    weeks = inquiry.weeks or sum(leg.weeks for leg in inquiry.legs) or MONTH_WEEKS
    budget = inquiry.budget if inquiry.is_monthly else (inquiry.budget or 0) * weeks / MONTH_WEEKS
    return replace(inquiry, budget=budget, weeks=None if inquiry.legs else weeks, is_monthly=True)


def of_a_told_price(frame: Frame, inquiry: Inquiry) -> CostFacts | None:
    """Whether the price of a month that somebody was told is usual, or what so many stays at it come to."""
    price = next((money for money, _ in frame.measures(Money) if money.currency == "USD" and not money.bound), None)
    if (
        price is not None
        and frame.does("discounted")
        and count_of(frame) == 1
        and price.per in ("", "total", "rotation")
    ):
        return CostFacts(inquiry, wants=WITH_CODE, fee=price.high)
    if price is None or price.per == "total":
        return None
    count, lengths = count_of(frame), weeks_of(frame)
    if count > 1 and price.per == "rotation":
        return CostFacts(inquiry, wants=PRODUCT, count=count, fee=price.high)
    weeks = lengths[0] if lengths else _WEEKS_OF.get(price.per)
    if not weeks or not _asks_if_usual(frame):
        return None
    return CostFacts(replace(inquiry, route=route_of(frame)), wants=USUAL, fee=price.high * MONTH_WEEKS / weeks)


def _afterwards(frame: Frame, inquiry: Inquiry) -> CostFacts | None:
    """A question about the sum as it stands."""
    kinds = {item.kind for item in frame.entities}
    is_only_there = bool(kinds) and kinds <= _REGIONS and frame.does("bare") and frame.does("follow_up")
    if is_only_there or (frame.does("other_price") and kinds & _REGIONS) or frame.does("cheaper_place"):
        return CostFacts(inquiry, wants=OTHER_PLACE)
    wants = next((wants for act, wants in _OF_THE_SUM.items() if frame.does(act)), "")
    if wants and not (wants == LOWER and measures.stays(frame)):  # "cut it to 4 weeks" is another stay
        return CostFacts(inquiry, wants=wants)
    if (people := _people(frame)) > 1:
        return CostFacts(inquiry, wants=PEOPLE, count=people)
    named = tuple(dict.fromkeys(item.value for item in frame.named("expense")))
    if frame.does("stays_free"):
        return CostFacts(inquiry, wants=OTHERS_PAY, things=("housing",))
    if frame.does("others_pay"):
        return CostFacts(inquiry, wants=OTHERS_PAY, things=named)
    denied = [item.value for item in frame.named("expense") if item.polarity in ("wants_not", "has_not")]
    return CostFacts(inquiry, wants=LEFT_OUT, things=tuple(dict.fromkeys(denied))) if denied else None


def _people(frame: Frame) -> int:
    return max((int(number.value) for number, _ in frame.measures(Number) if number.of == "people"), default=1)


def _asks_if_usual(frame: Frame) -> bool:
    """Whether it is asked if a price is as it should be; who only finds it high asks something else."""
    questions = [act for act in frame.acts if act.name == "ask"]
    usual = (act for act in frame.acts if act.name == "is_usual")
    return any(asked.start < act.end <= asked.end for act in usual for asked in questions)


def is_about_the_sum(message: Message, inquiry: Inquiry) -> bool:
    """Whether a short message after a sum asks what is in it or changes it: length, way, budget, currency, code."""
    frame, words = message.frame, len(message.text.split())
    most = WORDS_OF_SUMS if changes_the_sum(frame) else FEW_WORDS
    if message.is_button or not inquiry.is_sum or len(message.questions) > 1:
        return False
    names_host = frame.named("institution") and not frame.does("which_way")
    is_elsewhere = frame.named("specialty") or names_host
    if words <= WORDS_OF_SUMS and _afterwards(frame, inquiry) and not is_elsewhere:
        return True
    if words > most:
        return False
    if message.intent in ALWAYS_THEMSELVES - {"refine_search"} or message.intent in ("set_reminder", "plan_timeline"):
        return False
    if frame.does("asks_payment", "asks_refund"):  # how it is paid is no sum
        return False
    if frame.named("institution") and words <= _A_NAME and not frame.does("discounted"):
        return frame.does("follow_up") and not any(act.name.startswith("asks_") for act in frame.acts)
    if any(frame.named(kind) for kind in _PLACES) and not frame.does("discounted"):
        return False
    is_money_enough = frame.does("enough") and not frame.named("goal")  # "is that enough for letters?"
    is_lasting = bool(inquiry.budget) and frame.does("how_long") and words <= _A_NAME  # "how many weeks?"
    if changes_the_sum(frame) or frame.named("expense") or is_money_enough or is_lasting:
        return True
    if words <= _A_NUMBER and measures.bare_number(frame):
        return True
    leans = _leans(frame) or frame.does("bare") or message.intent in ("inform", "refine_search")
    leans = leans or message.confidence < UNSURE
    leans = leans or (bool(inquiry.budget) and words <= _A_NAME and frame.does("whether"))  # "would two months fit?"
    told = measures.stays(frame) or frame.measures(Money) or route_of(frame) or measures.bare_number(frame)
    return leans and bool(told)


def changes_the_sum(frame: Frame) -> bool:
    """Whether a message can only be about a sum: another money, the code, "twice that", "per month or in all"."""
    is_scaled = any(number.of == "times" for number, _ in frame.measures(Number))
    is_scaled = is_scaled or (frame.does("also") and bool(measures.stays(frame)))  # "add two more weeks"
    return is_scaled or bool(frame.named("currency")) or frame.does(*_CHANGES, *_OF_THE_SUM)


def _leans(frame: Frame) -> bool:
    """Whether a message builds on what was said before."""
    is_supposed = any(item.whose == "supposed" for item in (*frame.dimensions, *frame.named("route")))
    return is_supposed or frame.does("follow_up", "suppose", "instead", "also")


def is_a_sum(message: Message) -> bool:
    """Whether a message as a whole asks for a sum, though its intent or the intents of its parts say otherwise."""
    frame = message.frame
    stays = measures.stays(frame)
    is_wish = bool(measures.budget(frame)) and frame.does("seek") and not frame.does("ask")  # "budget 4000 total"
    is_summed = bool(stays) and frame.does("discounted", "add_up") and not is_wish  # "two months would be how much?"
    if message.is_button or message.intent in ALWAYS_THEMSELVES - ({"refine_search"} if is_summed else set()):
        return False
    is_story = len(message.text.split()) > LONGEST_OF_MONEY and not message.questions
    if is_story and message.intent != "estimate_cost":  # of a story, money is one detail
        return False
    if of_a_told_price(frame, Inquiry()):
        return True
    if is_summed:
        return True
    if any(item.value == "vslo" for item in frame.named("expense")) and count_of(frame) > 1:
        return True
    if measures.budget(frame) and (stays if frame.does("enough") else frame.does("how_long")):
        return True
    if _is_foreign(message):
        return True
    asked = message.aspects[0][0] if message.aspects else ""
    if asked in _PRICES and any(length.weeks[1] != MONTH_WEEKS for length in stays):
        return True
    is_of_program = message.intent == "ask_program" and message.aspects[:1] and frame.named("institution")
    if is_of_program and message.aspects[0][0] == _FEE and (stays or count_of(frame) > 1):
        return True
    parts = message.asked_parts
    is_whole = message.intent == "estimate_cost" or (message.intent == _DISCOUNT and bool(stays))
    return len(message.questions) > 1 and is_whole and all(_is_of_sum(part.intent, part.aspect) for part in parts)


def _is_of_sum(intent: str, aspect: str) -> bool:
    return intent in _OWN_INTENTS or aspect in _SUMMED


def _is_foreign(message: Message) -> bool:
    """Whether a price or a budget is spoken of in another money than US dollars."""
    frame = message.frame
    if not (measures.names_foreign_money(frame) or any(value != "USD" for value in frame.wished("currency"))):
        return False
    about_money = message.intent == "estimate_cost" or message.intent.startswith("faq_cost")
    return about_money or bool(measures.stays(frame)) or frame.does("enough", "how_long")


def _with_places(frame: Frame, inquiry: Inquiry, programs: tuple[str, ...], *, legs: tuple[Leg, ...]) -> Inquiry:
    """The programs, the way, or both in turn; a way that is named alone is no longer about the program of before.

    Two ways that are set beside each other are both shown.
    """
    if _compares_ways(frame):
        return replace(inquiry, route="", programs=(), legs=())
    if legs:
        legs = tuple(leg if leg.route or leg.program else replace(leg, route=inquiry.route) for leg in legs)
        return replace(inquiry, legs=legs, weeks=None, route="", programs=())
    if programs:
        return replace(inquiry, programs=programs, legs=(), route=route_of(frame))
    route = route_of(frame)
    names_a_way = bool(frame.wished("route") or frame.named("provider"))
    if not names_a_way:
        return inquiry
    weeks = inquiry.weeks or (sum(leg.weeks for leg in inquiry.legs) or None)
    return replace(inquiry, route=route, programs=(), legs=(), weeks=weeks)


def _fees(frame: Frame, found: CostFacts) -> CostFacts | None:
    """Fees times electives, where no stay is named that they would belong to."""
    asked = [name for name in found.things if name in ("vslo", "application")]
    is_counted = "vslo" in asked or (asked and count_of(frame) > 1)
    if not is_counted or measures.stays(frame) or found.inquiry.programs or found.inquiry.is_sum:
        return None
    told = next((money.high for money, item in frame.measures(Money) if money.currency == "USD" and item.role), None)
    return replace(found, wants=FEES, count=count_of(frame), fee=told)


def _with_money(frame: Frame, found: CostFacts) -> CostFacts:
    foreign = [money for money, _ in frame.measures(Money) if money.currency != "USD"]
    named = frame.wished("currency")
    if foreign:
        return replace(found, wants=CURRENCY, currency=foreign[0].currency, amount=foreign[0].high)
    if named and named[0] != "USD":
        return replace(found, wants=CURRENCY, currency=named[0])
    budget = measures.budget(frame)
    if budget is None:
        return found
    if budget.high <= 0:
        return replace(found, problem="budget")
    inquiry, has_stays = found.inquiry, bool(measures.stays(frame)) or bool(found.inquiry.legs)
    inquiry = replace(inquiry, covers=_covered(frame) or inquiry.covers, is_monthly=budget.per in _WEEKS_OF)
    per_weeks = _WEEKS_OF.get(budget.per)
    if per_weeks:
        weeks = sum(length for length in weeks_of(frame)) or inquiry.weeks or MONTH_WEEKS
        return replace(
            found, inquiry=replace(inquiry, budget=budget.high * weeks / per_weeks, weeks=weeks), wants=ENOUGH
        )
    keeps_weeks = has_stays or (inquiry.weeks and (frame.does("enough") or not frame.does("how_long")))
    if keeps_weeks:
        return replace(found, inquiry=replace(inquiry, budget=budget.high), wants=ENOUGH)
    return replace(found, inquiry=replace(inquiry, budget=budget.high, weeks=None), wants=LASTS)


def _with_weeks(message: Message, found: CostFacts, asked: str | None) -> CostFacts:
    """The length of all stays together, or of the sum of before times something."""
    inquiry = found.inquiry
    if factor := next((number.value for number, _ in message.frame.measures(Number) if number.of == "times"), None):
        return replace(found, inquiry=_scaled(inquiry, factor), wants=found.wants if inquiry.weeks else LASTS)
    weeks = _weeks(message, asked, is_sum=inquiry.is_sum)
    if weeks is None and inquiry.weeks and (count := count_of(message.frame)) > 1:
        return replace(found, inquiry=_scaled(inquiry, count))
    if weeks is None and (count := count_of(message.frame)) > 1:
        weeks = count * MONTH_WEEKS
    if weeks is None:
        return replace(found, inquiry=_skipping(message, inquiry, asked), wants=_of_budget(inquiry, found.wants))
    if message.frame.does("also") and inquiry.weeks and asked is None and not message.frame.does("instead"):
        weeks += inquiry.weeks
    if not 0 < weeks <= MOST_WEEKS:
        return replace(found, inquiry=replace(inquiry, pending_weeks=None), problem="weeks")
    if weeks > LONG_WEEKS and weeks != inquiry.weeks and not message.frame.does("also"):
        return replace(found, inquiry=replace(inquiry, pending_weeks=weeks, legs=()), problem="confirm")
    monthly = inquiry.weeks if inquiry.is_monthly and not measures.budget(message.frame) else None
    budget = (inquiry.budget or 0) * weeks / monthly if monthly else inquiry.budget
    inquiry = replace(inquiry, weeks=weeks, budget=budget, pending_weeks=None, legs=())
    return replace(found, inquiry=inquiry, wants=_of_budget(inquiry, found.wants))


def _of_budget(inquiry: Inquiry, wants: str) -> str:
    """With a budget, a sum is judged by it; without a length it is asked how long the budget lasts."""
    if not inquiry.budget or wants != ESTIMATE:
        return wants
    return ENOUGH if inquiry.weeks or inquiry.legs else LASTS


def _scaled(inquiry: Inquiry, factor: float) -> Inquiry:
    """Twice the stay; of a budget that only lasts so long, twice the budget."""
    if inquiry.legs:
        return replace(inquiry, legs=tuple(replace(leg, weeks=leg.weeks * factor) for leg in inquiry.legs))
    if inquiry.budget and not inquiry.weeks:
        return replace(inquiry, budget=inquiry.budget * factor)
    return replace(inquiry, weeks=(inquiry.weeks or MONTH_WEEKS) * factor)


def _weeks(message: Message, asked: str | None, *, is_sum: bool) -> float | None:
    """The weeks of all stays that a message names, or of the button; after a sum a number alone ("and 12?")."""
    carried = message.first("weeks")
    if message.is_button:
        return float(carried) if carried else None
    if lengths := weeks_of(message.frame):
        return lengths[0] if len(set(lengths)) == 1 and _compares_ways(message.frame) else sum(lengths)
    leans = len(message.text.split()) <= _A_NUMBER or _leans(message.frame)
    is_asked = asked in ("weeks", "confirmed") or (is_sum and leans)
    return measures.bare_number(message.frame) if is_asked else None


def _with_counted(frame: Frame, found: CostFacts) -> CostFacts:
    """The costs that are to be counted into the sum, and the code that takes something off."""
    named = [name for name in found.things if name in COUNTED]
    named += ALL_IN if frame.does("all_in") else ()
    inquiry = replace(
        found.inquiry,
        counted=tuple(dict.fromkeys([*found.inquiry.counted, *named])),
        discounted=found.inquiry.discounted or frame.does("discounted"),
    )
    if inquiry.discounted and not (inquiry.route or inquiry.programs or inquiry.legs):
        inquiry = replace(inquiry, route="third_party")  # the one way on which the code takes something off
    rest = tuple(dict.fromkeys(each for name in found.things for each in _LIVING.get(name, (name,))))
    return replace(found, inquiry=inquiry, things=tuple(name for name in rest if name not in COUNTED))


def _skipping(message: Message, inquiry: Inquiry, asked: str | None) -> Inquiry:
    """A question that is not answered is not asked again."""
    return replace(inquiry, skipped=(*inquiry.skipped, "weeks")) if asked == "weeks" else inquiry


def next_question(inquiry: Inquiry) -> str | None:
    """What to ask: the weeks, unless a budget or a program decides them. Without a way to apply, both are shown."""
    if inquiry.weeks or inquiry.legs or inquiry.budget or inquiry.programs or "weeks" in inquiry.skipped:
        return None
    return "weeks"
