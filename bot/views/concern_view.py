"""A concern with its words, in a modal, for those who treat."""

from typing import ClassVar

from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from bot.care.concern import ConcernState
from bot.shown import ShownConcernWords
from bot.views import concern_words
from bot.views.message import LONGEST_IN_MODAL, quoted, section, small_print
from bot.views.modals import loading_view, reading_view
from bot.views.text import escape


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
                concern_words.hold_line(concern),
                concern_words.gone_line(concern),
            ),
            *concern_words.rule_blocks(shown.hits),
            *quoted(shown.words, LONGEST_IN_MODAL),
        ]
        if concern.told:
            blocks.append(section(*concern_words.told_lines(concern)))
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
        blocks.append(small_print("Opening this is recorded."))
        return reading_view(cls.title, blocks)
