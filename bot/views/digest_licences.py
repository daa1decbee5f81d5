"""Licences that end, as the last part of a digest."""

from slack_sdk.models.blocks import Block

from bot.shown.directory import ShownLicenceEnd
from bot.views.carried import Action
from bot.views.message import actions, button, section
from bot.views.text import counted, escape, mention, on_day

_MOST_CODES = 5


def draw_licences(ends: tuple[ShownLicenceEnd, ...], reader: str) -> list[Block]:
    """One line a licence; whoever's it is can enter the renewal at once."""
    if not ends:
        return []
    blocks: list[Block] = [section("*Licences*", *(licence_end(one, reader) for one in ends))]
    if any(one.licence.person == reader and not one.is_renewed for one in ends):
        blocks += actions([button(Action.ENTER_LICENCE, "Enter the renewal")])
    return blocks


def in_few_words(one: ShownLicenceEnd, reader: str) -> str:
    """For a locked phone: whose it is stays out of it."""
    whose = "Your licence" if one.licence.person == reader else "A colleague's licence"
    return f"{whose} {'has expired' if one.days < 0 else _in_days(one.days)}"


def licence_end(one: ShownLicenceEnd, reader: str) -> str:
    """Whose licence ends when, and what follows from it."""
    is_own = one.licence.person == reader
    whose = "Your licence" if is_own else f"The licence of {mention(one.licence.person)}"
    if one.is_renewed:
        return f"Done: {whose[0].lower()}{whose[1:]} was renewed."
    day = on_day(one.licence.expires_on)
    if one.days >= 0:
        return f"{whose} {_in_days(one.days)}, on {day}."
    said = f"{whose} has expired, on {day}. New referrals are blocked. Care under way goes on"
    if is_own:
        return f"{said}; the coordinators know of it."
    if not one.case_codes:
        return f"{said}; nothing is open now."
    return f"{said}; please look after it: {_codes(one.case_codes)}"


def _in_days(days: int) -> str:
    return f"expires in {counted(days, 'day')}" if days else "expires today"


def _codes(codes: tuple[str, ...]) -> str:
    rest = len(codes) - _MOST_CODES
    shown = ", ".join(escape(code) for code in codes[:_MOST_CODES])
    return shown + (f" and {rest:,} more" if rest > 0 else ".")
