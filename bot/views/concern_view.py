"""A concern with its words, in a modal, for those who treat."""

from typing import ClassVar

from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from bot.care.concern import ConcernState
from bot.care.escalation import Fate
from bot.shown.case import ShownConcern, ShownConcernWords, ShownTold
from bot.views import concern_words
from bot.views.message import LONGEST_IN_MODAL, quoted, section, small_print
from bot.views.modals import loading_view, reading_view
from bot.views.text import escape, mention, when


class ConcernView:
    """What it says, who knows, what was decided, what was done."""

    title: ClassVar[str] = "Concern"

    @classmethod
    def loading(cls) -> View:
        return loading_view(cls.title)

    @classmethod
    def view(cls, shown: ShownConcernWords) -> View:
        concern = shown.concern
        name = concern_words.title(concern)
        blocks: list[Block] = [
            section(
                concern_words.first_of_all(concern),
                f"*{name} in {escape(concern.case_code)}, {concern_words.standing(concern)}*",
                concern_words.raised_line(concern),
                concern_words.category_line(concern),
                concern_words.hold_line(concern),
                concern_words.gone_line(concern),
            ),
            *concern_words.rule_blocks(shown.hits),
            *concern_words.sbar_blocks(shown.words, shown.sbar, LONGEST_IN_MODAL, shown.photos),
        ]
        if concern.told:
            blocks.append(section(*concern_words.told_lines(concern)))
        for lines in (
            concern_words.handover_lines(concern),
            concern_words.taken_before_lines(concern),
        ):
            if lines:
                blocks.append(section(*lines))
        if concern.state is ConcernState.OPEN:
            blocks.append(section(concern_words.next_rung_line(concern)))
        elif concern.state is ConcernState.WITHDRAWN:
            blocks.append(section(concern_words.withdrawn_line(concern)))
            blocks += quoted(shown.withdrawal)
        else:
            blocks.append(section(concern_words.acknowledged_line(concern)))
            blocks += quoted(concern.decision_note)
        if concern.state is ConcernState.RESOLVED:
            blocks.append(section(concern_words.resolved_line(concern)))
            blocks += quoted(shown.resolution)
        blocks += _attempts(concern)
        blocks.append(small_print("Opening this is recorded."))
        return reading_view(cls.title, blocks)


_MOST_ATTEMPTS = 30
# Lines of one text, which has at most 3,000 characters.
_A_PIECE = 10
_FATES = {
    Fate.OWED: "on its way",
    Fate.DELIVERED: "delivered",
    Fate.TRIED: "tried, not delivered yet",
    Fate.REFUSED: "did not arrive",
    Fate.NOT_NEEDED: "no longer needed",
}


def _attempts(concern: ShownConcern) -> list[Block]:
    """Every attempt to tell somebody and what became of it, the newest first."""
    shown = [_attempt(told) for told in reversed(concern.told[-_MOST_ATTEMPTS:])]
    if not shown:
        return []
    pieces = [shown[at : at + _A_PIECE] for at in range(0, len(shown), _A_PIECE)]
    return [small_print("*Every attempt*"), *[small_print(*piece) for piece in pieces]]


def _attempt(told: ShownTold) -> str:
    who = mention(told.person) if told.person else concern_words.place_name(told.place)
    fate = _FATES[told.fate]
    at = f" {when(told.fate_at)}" if told.fate_at and told.fate is Fate.DELIVERED else ""
    error = f" ({escape(told.error)})" if told.error and told.fate is not Fate.DELIVERED else ""
    return f"{when(told.at)}: {who}, {fate}{at}{error}"
