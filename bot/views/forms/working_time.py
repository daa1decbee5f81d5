"""The form in which somebody sets their own working time and how often they are asked."""

from collections.abc import Mapping
from datetime import time
from enum import StrEnum
from typing import ClassVar, Final

from slack_sdk.models.blocks import Block, Option
from slack_sdk.models.views import View

from bot.care.rhythm import CHOICES, DEFAULTS, Every
from bot.care.schedule import ChosenSchedule, ScheduleField
from bot.care.working_time import Weekday
from bot.shown.case import ShownSchedule
from bot.views.carried import Nothing, Tampered
from bot.views.errors import Words
from bot.views.forms import inputs
from bot.views.forms.submitted import Submitted
from bot.views.message import plain
from bot.views.modals import loading_view
from bot.views.text import on_day
from bot.views.working_time_words import clock

LONGEST_REGION: Final = 10
_HALF_HOURS: Final = [time(minute // 60, minute % 60) for minute in range(0, 24 * 60, 30)]


class _Day(StrEnum):
    """The days as options: their values are the names of `Weekday`."""

    MONDAY = "monday"
    TUESDAY = "tuesday"
    WEDNESDAY = "wednesday"
    THURSDAY = "thursday"
    FRIDAY = "friday"
    SATURDAY = "saturday"
    SUNDAY = "sunday"

    @property
    def weekday(self) -> Weekday:
        return Weekday[self.name]


class WorkingTimeForm:
    """When they work, when the digest comes, whose holidays they have."""

    callback_id: ClassVar[str] = "working_time"
    title: ClassVar[str] = "Working hours"

    @classmethod
    def loading(cls) -> View:
        return loading_view(cls.title)

    @classmethod
    def view(cls, now: ShownSchedule) -> View:
        blocks: list[Block] = [
            inputs.boxes(
                ScheduleField.DAYS,
                "Working days",
                [inputs.option(day, day.weekday.label) for day in _Day],
                ticked=[day.value for day in _Day if day.weekday in now.days],
            ),
            _hour(ScheduleField.START, "From", now.start),
            _hour(ScheduleField.END, "To", now.end),
            _hour(
                ScheduleField.DIGEST,
                "Digest at",
                now.digest,
                hint="What waits for you comes in one message a day, at this hour.",
            ),
            inputs.typed(
                ScheduleField.REGION,
                "Public holidays of",
                longest=LONGEST_REGION,
                optional=True,
                initial=now.clinic_region if now.region is None else now.region,
                hint="A country, or a country and a part of it: US or US-NY. Empty for none.",
            ),
        ]
        if choices := CHOICES[now.role]:
            every = inputs.perhaps_one(
                ScheduleField.EVERY,
                "How often are you asked about a case?",
                [inputs.option(one, one.label) for one in choices],
                initial=now.every.value if now.every else DEFAULTS[now.role].value,
            )
            blocks.append(every)
        pause = "Urgent concerns still reach you."
        if now.paused_until is not None:
            pause = f"Paused until {on_day(now.paused_until)}. {pause}"
        blocks.append(
            inputs.day(
                ScheduleField.PAUSE,
                "No digest until",
                optional=True,
                initial=now.paused_until,
                hint=pause,
            )
        )
        return inputs.form(cls.callback_id, cls.title, "Save", Nothing(), blocks)

    @classmethod
    def read(cls, view: Mapping[str, object], clinic_region: str) -> ChosenSchedule:
        """What was filled in; the clinic's region is no choice of one's own. Raises `Tampered`."""
        sent = Submitted.read(view, cls.callback_id)
        Nothing.read(sent.private_metadata)
        region = sent.text(ScheduleField.REGION).strip()
        every = None
        if sent.has(ScheduleField.EVERY):
            every = sent.perhaps(ScheduleField.EVERY, Every)
        return ChosenSchedule(
            days=frozenset(day.weekday for day in sent.choices(ScheduleField.DAYS, _Day)),
            start=_minute(sent, ScheduleField.START),
            end=_minute(sent, ScheduleField.END),
            digest=_minute(sent, ScheduleField.DIGEST),
            region=None if region == clinic_region else region,
            every=every,
            paused_until=sent.day(ScheduleField.PAUSE),
        )

    @classmethod
    def trouble(cls, words: Words) -> dict[str, str]:
        """Something went wrong; said at the hours, so that what was chosen stays."""
        return {ScheduleField.START.value: words.line}


def _hour(field: ScheduleField, label: str, now: time, *, hint: str = "") -> Block:
    """The half hours of a day, and the one that holds now if it is none of these."""
    offered = sorted({*_HALF_HOURS, now})
    options = [Option(value=f"{one:%H%M}", text=plain(clock(one))) for one in offered]
    return inputs.chosen(field, label, options, initial=f"{now:%H%M}", hint=hint)


def _minute(sent: Submitted, field: ScheduleField) -> int:
    """Minutes after midnight."""
    value = sent.identifier(field)
    if len(value) != 4 or not value.isdecimal() or int(value[:2]) > 23 or int(value[2:]) > 59:
        raise Tampered(field)
    return int(value[:2]) * 60 + int(value[2:])
