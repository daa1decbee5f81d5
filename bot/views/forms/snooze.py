"""The form in which a line of a digest is put off until a day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import ClassVar

from slack_sdk.models.views import View

from bot.care.checkins import LONGEST_SNOOZE_DAYS
from bot.views.carried import AboutCheckIn
from bot.views.errors import Words
from bot.views.forms import inputs
from bot.views.forms.submitted import Submitted
from bot.views.modals import loading_view


class SnoozeField(StrEnum):
    UNTIL = "until"


@dataclass(frozen=True)
class FilledSnooze:
    checkin_id: str
    until: date | None


class SnoozeForm:
    """When to be asked again."""

    callback_id: ClassVar[str] = "snooze_checkin"
    title: ClassVar[str] = "Ask me later"

    @classmethod
    def loading(cls) -> View:
        return loading_view(cls.title)

    @classmethod
    def view(cls, checkin_id: str) -> View:
        until = inputs.day(
            SnoozeField.UNTIL,
            "Ask again on",
            hint=f"At most {LONGEST_SNOOZE_DAYS} days ahead. Coordinators see what is put off.",
        )
        about = AboutCheckIn(checkin_id=checkin_id)
        return inputs.form(cls.callback_id, cls.title, "Save", about, [until])

    @classmethod
    def read(cls, view: Mapping[str, object]) -> FilledSnooze:
        """What was filled in. Raises `Tampered`."""
        sent = Submitted.read(view, cls.callback_id)
        about = AboutCheckIn.read(sent.private_metadata)
        return FilledSnooze(about.checkin_id, sent.day(SnoozeField.UNTIL))

    @classmethod
    def trouble(cls, words: Words) -> dict[str, str]:
        """Something went wrong; said at the day."""
        return {SnoozeField.UNTIL.value: words.line}
