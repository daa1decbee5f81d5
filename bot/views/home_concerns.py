"""On the Home tab: concerns that wait for the reader, in cases that are not among their own."""

from slack_sdk.models.blocks import Block, ButtonElement

from bot.care.concern import ConcernState, Severity
from bot.shown.case import ShownConcern, ShownHome
from bot.views import concern_words
from bot.views.concern_messages import acknowledge_button, left_to_do, pass_on_button
from bot.views.concern_passing import accept_buttons
from bot.views.message import actions, section
from bot.views.text import counted, escape

_MOST = 6
_ORDER = tuple(Severity)


def asked_of(home: ShownHome) -> list[Block]:
    """What they were told of or asked to take: the most urgent first, then the oldest."""
    if not home.asked_of:
        return []
    known = sorted(home.asked_of, key=lambda one: (_ORDER.index(one.severity), one.raised_at))
    blocks: list[Block] = [section("*Concerns that wait for you*")]
    for concern in known[:_MOST]:
        blocks += _line(concern, home.reader)
    rest = len(known) - _MOST
    if rest > 0:
        more = counted(rest, "more concern")
        blocks.append(section(f"*{more}*: you have a direct message about each."))
    return blocks


def _line(concern: ShownConcern, reader: str) -> list[Block]:
    is_open = concern.state is ConcernState.OPEN
    return [
        section(
            concern_words.first_of_all(concern),
            f":warning: *{concern_words.title(concern)} in {escape(concern.case_code)}, "
            f"{concern_words.standing(concern)}*",
            concern_words.raised_line(concern),
            concern_words.next_rung_line(concern)
            if is_open
            else concern_words.acknowledged_line(concern),
        ),
        *actions(_buttons(concern, reader)),
    ]


def _buttons(concern: ShownConcern, reader: str) -> list[ButtonElement]:
    if any(one.waits and one.to == reader for one in concern.handovers):
        return accept_buttons(concern)
    if concern.state is ConcernState.OPEN:
        return [acknowledge_button(concern), pass_on_button(concern)]
    return [*left_to_do(concern), pass_on_button(concern)]
