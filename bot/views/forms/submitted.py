"""What Slack sends when a form is submitted, read strictly.

The shape is Slack's `view` object with `state.values[block_id][action_id]`; in our forms the two
ids of an input are the same. https://docs.slack.dev/reference/views#view-submission
"""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.views.carried import Tampered

Chosen = TypeVar("Chosen", bound=StrEnum)

# Slack cuts nothing: an input without `max_length` takes 3,000 characters, so more was not typed
# into our form. Generous, so that the care rules can say how much is too much.
LONGEST_INPUT = 50_000
# The year 3000; no clock of a client shows more.
_FURTHEST_SECOND = 32_503_680_000
_USER = re.compile(r"[UW][A-Z0-9]{1,20}")
_CHANNEL = re.compile(r"[CG][A-Z0-9]{1,20}")
_WHOLE_NUMBER = re.compile(r"[+-]?[0-9]{1,9}")
_NUMBER = re.compile(r"[+-]?[0-9]{1,6}(?:\.[0-9]{1,6})?")
_IDENTIFIER = re.compile(r"[A-Za-z0-9_-]{1,64}")
_FILE = re.compile(r"F[A-Z0-9]{1,20}")
_TIME = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class _FromSlack(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", strict=True)


class _Option(_FromSlack):
    value: str = Field(max_length=150)


class _File(_FromSlack):
    id: str = Field(max_length=40)


class _Input(_FromSlack):
    files: list[_File] | None = None
    value: str | None = Field(default=None, max_length=LONGEST_INPUT)
    selected_date: str | None = None
    selected_time: str | None = None
    selected_date_time: int | None = None
    selected_user: str | None = None
    selected_conversation: str | None = None
    selected_option: _Option | None = None
    selected_options: list[_Option] | None = None


class _State(_FromSlack):
    values: dict[str, dict[str, _Input]]


class Submitted(_FromSlack):
    """A submitted view. Every reader raises `Tampered` for what our form can't have produced."""

    callback_id: str
    private_metadata: str = ""
    state: _State

    @classmethod
    def read(cls, view: Mapping[str, object], callback_id: str) -> "Submitted":
        """The `view` of a submission of the form called `callback_id`."""
        try:
            found = cls.model_validate(view)
        except ValidationError:
            raise Tampered("view") from None
        if found.callback_id != callback_id:
            raise Tampered("callback_id")
        return found

    def text(self, field: str) -> str:
        """What was typed; empty if nothing was."""
        return self._input(field).value or ""

    def day(self, field: str) -> date | None:
        chosen = self._input(field).selected_date
        if not chosen:
            return None
        if not _DAY.fullmatch(chosen):
            raise Tampered(field)
        try:
            return date.fromisoformat(chosen)
        except ValueError:
            raise Tampered(field) from None

    def moment(self, field: str) -> time | None:
        """The time of the day that was chosen."""
        chosen = self._input(field).selected_time
        if not chosen:
            return None
        if not _TIME.fullmatch(chosen):
            raise Tampered(field)
        return time.fromisoformat(chosen)

    def day_and_time(self, field: str) -> datetime | None:
        """The chosen time in UTC; None if none was chosen."""
        chosen = self._input(field).selected_date_time
        if chosen is None:
            return None
        if not 0 < chosen < _FURTHEST_SECOND:
            raise Tampered(field)
        return datetime.fromtimestamp(chosen, UTC)

    def whole_number(self, field: str) -> int | None:
        """The number that was typed; None if there is none or it is not whole."""
        typed = (self._input(field).value or "").strip()
        return int(typed) if _WHOLE_NUMBER.fullmatch(typed) else None

    def number(self, field: str) -> Decimal | None:
        """The number that was typed, whole or not; None if there is none or it is none."""
        typed = (self._input(field).value or "").strip()
        return Decimal(typed) if _NUMBER.fullmatch(typed) else None

    def has(self, field: str) -> bool:
        """Whether the form had this field: some are there only at times."""
        return field in self.state.values

    def identifier(self, field: str) -> str:
        """The chosen option's value, where options are made of the store's ids."""
        chosen = self._input(field).selected_option
        return _matching(field, chosen.value if chosen else None, _IDENTIFIER)

    def perhaps_identifier(self, field: str) -> str | None:
        """As `identifier`, where none may be chosen."""
        chosen = self._input(field).selected_option
        return None if chosen is None else _matching(field, chosen.value, _IDENTIFIER)

    def perhaps_user(self, field: str) -> str | None:
        """As `user`, where nobody may be chosen."""
        chosen = self._input(field).selected_user
        return None if not chosen else _matching(field, chosen, _USER)

    def option(self, field: str) -> str:
        """The chosen option's value, to be read by the form."""
        chosen = self._input(field).selected_option
        if chosen is None:
            raise Tampered(field)
        return chosen.value

    def files(self, field: str) -> tuple[str, ...]:
        """Slack's ids of what was added."""
        return tuple(_matching(field, file.id, _FILE) for file in self._input(field).files or [])

    def perhaps(self, field: str, among: type[Chosen]) -> Chosen | None:
        """As `choice`, where none may be chosen."""
        chosen = self._input(field).selected_option
        return None if chosen is None else _member(field, chosen, among)

    def choice(self, field: str, among: type[Chosen]) -> Chosen:
        chosen = self._input(field).selected_option
        if chosen is None:
            raise Tampered(field)
        return _member(field, chosen, among)

    def choices(self, field: str, among: type[Chosen]) -> tuple[Chosen, ...]:
        """What was chosen, each once, in the order in which it was chosen."""
        chosen = self._input(field).selected_options or []
        return tuple(dict.fromkeys(_member(field, one, among) for one in chosen))

    def several(self, field: str) -> tuple[str, ...]:
        """The values of what was chosen, where options are words of the case; each once."""
        chosen = self._input(field).selected_options or []
        return tuple(dict.fromkeys(one.value for one in chosen))

    def user(self, field: str) -> str:
        return _matching(field, self._input(field).selected_user, _USER)

    def channel(self, field: str) -> str:
        return _matching(field, self._input(field).selected_conversation, _CHANNEL)

    def _input(self, field: str) -> _Input:
        """A field's input. A form that lacks it was not ours."""
        try:
            return self.state.values[field][field]
        except KeyError:
            raise Tampered(field) from None


def _member(field: str, option: _Option, among: type[Chosen]) -> Chosen:
    try:
        return among(option.value)
    except ValueError:
        raise Tampered(field) from None


def _matching(field: str, text: str | None, shape: re.Pattern[str]) -> str:
    if text is None or not shape.fullmatch(text):
        raise Tampered(field)
    return text
