"""What is said and shared when somebody asks for the trend or the progress report."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from bot.shown.case import ShownProgress
from bot.views import progress_words
from bot.views.message import Message, section
from bot.views.text import escape, mention

# https://docs.slack.dev/reference/methods/files.getUploadURLExternal#errors: alt_txt_too_large
LONGEST_ALT_TEXT: Final = 1000


@dataclass(frozen=True)
class SharedFile:
    """A file as it stands in a thread. Its name and comment carry the case code and no more:
    comments show on locked phones. The title is the file's own for its case and minute."""

    name: str
    title: str
    comment: str
    alt_text: str | None = None


def trend_file(shown: ShownProgress, asked_at: datetime, asked_by: str) -> SharedFile:
    """The trend's picture, described in words for those who can't see it."""
    return SharedFile(
        name=f"{shown.case_code}-trend.png",
        title=f"{shown.case_code} trend, {_minute(asked_at)}",
        comment=f"Trend of case {escape(shown.case_code)}, for {mention(asked_by)}",
        alt_text=progress_words.in_short(shown.progress, LONGEST_ALT_TEXT),
    )


def report_file(shown: ShownProgress, asked_at: datetime, asked_by: str) -> SharedFile:
    """The progress report as a document."""
    return SharedFile(
        name=f"{shown.case_code}-progress-report.pdf",
        title=f"{shown.case_code} progress report, {_minute(asked_at)}",
        comment=f"Progress report of case {escape(shown.case_code)}, for {mention(asked_by)}",
    )


def draw_on_its_way(what: str) -> Message:
    """Only for whoever asked: it takes a moment."""
    said = f"The {escape(what)} is being drawn and comes into the thread in a moment."
    return Message(said, [section(said)])


def draw_nothing_yet() -> Message:
    """Only for whoever asked: there is nothing to show."""
    said = (
        "There is nothing to draw yet: no session update states a number, "
        "such as pain, swelling or a girth."
    )
    return Message(said, [section(said)])


def _minute(moment: datetime) -> str:
    at = moment.astimezone(UTC)
    return f"{at:%b} {at.day}, {at.year}, {at:%H:%M} UTC"
