"""Choosing what a colleague may see of a case, and what they see then."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from bot.care.sharing import SharedPart
from bot.shown.case import ShownProgress
from bot.shown.shared import ShownShared
from bot.shown.sharing import ShownShare
from bot.views import case_words
from bot.views.carried import AboutShare
from bot.views.errors import Words
from bot.views.forms import inputs
from bot.views.forms.submitted import Submitted
from bot.views.message import section, small_print
from bot.views.modals import loading_view, reading_view
from bot.views.plan_words import plan_lines
from bot.views.progress_words import last_lines, series_words
from bot.views.text import counted, escape, mention, on_day


class ShareField(StrEnum):
    SHOWS = "shows"


@dataclass(frozen=True)
class FilledShare:
    share_id: str
    shows: tuple[SharedPart, ...]


class ShareForm:
    """One of the pair chooses what is shown; sending it is agreeing."""

    callback_id: ClassVar[str] = "share_case"
    title: ClassVar[str] = "Share a case"

    @classmethod
    def loading(cls) -> View:
        return loading_view(cls.title)

    @classmethod
    def view(cls, share: ShownShare) -> View:
        asker = mention(share.asked_by)
        blocks: list[Block] = [
            section(
                f"*Case {escape(share.case_code)}, for {asker}*",
                f"{asker} sees who treats, the reason, and how far it is; of the rest only what "
                "you choose. They can't change anything, and you two can stop it at any time. "
                "It ends with the case.",
            ),
            inputs.boxes(ShareField.SHOWS, "Show also", inputs.options(SharedPart), optional=True),
        ]
        about = AboutShare(share_id=share.share_id)
        return inputs.form(cls.callback_id, cls.title, "Share", about, blocks)

    @classmethod
    def read(cls, view: Mapping[str, object]) -> FilledShare:
        """What was chosen. Raises `Tampered`."""
        sent = Submitted.read(view, cls.callback_id)
        about = AboutShare.read(sent.private_metadata)
        return FilledShare(about.share_id, sent.choices(ShareField.SHOWS, SharedPart))

    @classmethod
    def trouble(cls, words: Words) -> dict[str, str]:
        return {ShareField.SHOWS.value: words.line}


class SharedView:
    """What a pair shows of their case to the colleague who asked."""

    title: ClassVar[str] = "Shared with you"

    @classmethod
    def loading(cls) -> View:
        return loading_view(cls.title)

    @classmethod
    def view(cls, shown: ShownShared) -> View:
        blocks: list[Block] = [
            section(
                f"*Case {escape(shown.case_code)}*",
                f"{mention(shown.surgeon)} and {mention(shown.therapist)}, since "
                f"{on_day(shown.since.date())}",
                f"{shown.indication.label}. {case_words.STANDS[shown.state]}",
                f"{shown.given:,} of {counted(shown.planned, 'session')}",
            )
        ]
        if shown.plan is not None:
            blocks.append(section("*Treatment plan*", *plan_lines(shown.plan)))
        if shown.progress is not None:
            blocks += _progress(shown.progress)
        blocks.append(
            small_print(
                f"{mention(shown.shared_by)} chose what is shown. This look is recorded. To ask "
                "for more, write to them."
            )
        )
        return reading_view(cls.title, blocks)


def _progress(shown: ShownProgress) -> list[Block]:
    """The sessions without what was said in them: days, numbers, and what changed."""
    given = shown.progress.given
    if not given:
        return [section("*Sessions*", "None is logged yet.")]
    first, last = given[0].day, given[-1].day
    lines = [f"{counted(len(given), 'session')}, {on_day(first)} to {on_day(last)}"]
    lines += [escape(series_words(one)) for one in shown.progress.series]
    blocks: list[Block] = [section("*Sessions*", *lines)]
    if shown.last is not None and (changes := last_lines(shown.last)):
        blocks.append(section(*changes))
    return blocks
