"""The inputs that our forms are made of. An input's block id and action id are its field's name."""

from collections.abc import Iterable
from datetime import date, datetime, time
from enum import StrEnum
from typing import Protocol

from slack_sdk.models.blocks import (
    Block,
    CheckboxesElement,
    ConversationFilter,
    ConversationSelectElement,
    DatePickerElement,
    DateTimePickerElement,
    InputBlock,
    InputInteractiveElement,
    NumberInputElement,
    Option,
    PlainTextInputElement,
    RadioButtonsElement,
    StaticMultiSelectElement,
    StaticSelectElement,
    TimePickerElement,
    UserSelectElement,
)
from slack_sdk.models.views import View

from bot.care.text import clean
from bot.views.carried import Carried
from bot.views.message import plain

# https://docs.slack.dev/reference/block-kit/composition-objects/option-object
LONGEST_OPTION = 75


class Labelled(Protocol):
    """A member of a closed set that says how it is called."""

    @property
    def value(self) -> str: ...

    @property
    def label(self) -> str: ...


def form(
    callback_id: str, title: str, submit: str, about: Carried, blocks: Iterable[Block]
) -> View:
    """A modal that is filled in. It carries identifiers only."""
    return View(
        type="modal",
        callback_id=callback_id,
        title=plain(title),
        submit=plain(submit),
        close=plain("Cancel"),
        private_metadata=about.write(),
        blocks=list(blocks),
    )


def typed(
    field: StrEnum,
    label: str,
    *,
    longest: int,
    lines: bool = False,
    hint: str = "",
    optional: bool = False,
    initial: str = "",
    placeholder: str = "",
) -> InputBlock:
    """Text of at most `longest` characters, on one line or more.

    `initial` is shown in the field as it was typed, without what is invisible in it.
    """
    element = PlainTextInputElement(
        action_id=field.value,
        multiline=lines,
        max_length=longest,
        initial_value=clean(initial)[:longest] or None,
        placeholder=plain(placeholder) if placeholder else None,
    )
    return _input(field, label, element, hint, optional)


def day(
    field: StrEnum,
    label: str,
    *,
    hint: str = "",
    optional: bool = False,
    initial: date | None = None,
) -> InputBlock:
    element = DatePickerElement(
        action_id=field.value,
        placeholder=plain("Choose the date"),
        initial_date=initial.isoformat() if initial else None,
    )
    return _input(field, label, element, hint, optional)


def moment(field: StrEnum, label: str, *, initial: time, hint: str = "") -> InputBlock:
    """A time of the day, on one's own clock."""
    element = TimePickerElement(action_id=field.value, initial_time=f"{initial:%H:%M}")
    return _input(field, label, element, hint)


def day_and_time(
    field: StrEnum, label: str, *, initial: datetime | None = None, hint: str = ""
) -> InputBlock:
    """A day and time in the reader's own time zone; may be left out."""
    element = DateTimePickerElement(
        action_id=field.value,
        initial_date_time=int(initial.timestamp()) if initial else None,
    )
    return _input(field, label, element, hint, optional=True)


def number(
    field: StrEnum,
    label: str,
    least: int,
    most: int,
    *,
    hint: str = "",
    initial: int | None = None,
    optional: bool = False,
) -> InputBlock:
    """A whole number."""
    element = NumberInputElement(
        action_id=field.value,
        is_decimal_allowed=False,
        min_value=str(least),
        max_value=str(most),
        initial_value=str(initial) if initial is not None else None,
    )
    return _input(field, label, element, hint, optional)


def amount(
    field: StrEnum,
    label: str,
    least: float,
    most: float,
    *,
    hint: str = "",
    initial: float | None = None,
    whole: bool = False,
) -> InputBlock:
    """A number that may be left out."""
    element = NumberInputElement(
        action_id=field.value,
        is_decimal_allowed=not whole,
        min_value=f"{least:g}",
        max_value=f"{most:g}",
        initial_value=f"{initial:g}" if initial is not None else None,
    )
    return _input(field, label, element, hint, optional=True)


def perhaps_one(
    field: StrEnum, label: str, options: Iterable[Option], *, initial: str | None = None
) -> InputBlock:
    """One choice or none."""
    offered = list(options)
    element = StaticSelectElement(
        action_id=field.value,
        options=offered,
        placeholder=plain("Choose one"),
        initial_option=next((one for one in offered if one.value == initial), None),
    )
    return _input(field, label, element, "", optional=True)


def preset(
    field: StrEnum,
    label: str,
    options: Iterable[Option],
    *,
    initial: str | None = None,
    hint: str = "",
) -> InputBlock:
    """One choice, with one that may be made already."""
    offered = list(options)
    element = StaticSelectElement(
        action_id=field.value,
        options=offered,
        placeholder=plain("Choose one"),
        initial_option=next((one for one in offered if one.value == initial), None),
    )
    return _input(field, label, element, hint)


def perhaps_some(
    field: StrEnum,
    label: str,
    options: Iterable[Option],
    *,
    hint: str = "",
    initial: Iterable[str] = (),
) -> InputBlock:
    """Any number of choices, none among them."""
    offered, chosen = list(options), set(initial)
    element = StaticMultiSelectElement(
        action_id=field.value,
        options=offered,
        placeholder=plain("Choose any"),
        initial_options=[one for one in offered if one.value in chosen] or None,
    )
    return _input(field, label, element, hint, optional=True)


def tick(
    field: StrEnum,
    label: str,
    option: Option,
    *,
    ticked: bool = False,
    hint: str = "",
    optional: bool = True,
) -> InputBlock:
    """One box. Unless it is `optional`, the form is not sent before it is ticked."""
    element = CheckboxesElement(
        action_id=field.value, options=[option], initial_options=[option] if ticked else None
    )
    return _input(field, label, element, hint, optional=optional)


def chosen(
    field: StrEnum, label: str, options: Iterable[Option], *, initial: str, hint: str = ""
) -> InputBlock:
    """One choice of a list, with the one that holds now."""
    offered = list(options)
    element = StaticSelectElement(
        action_id=field.value,
        options=offered,
        initial_option=next(one for one in offered if one.value == initial),
    )
    return _input(field, label, element, hint)


def boxes(
    field: StrEnum,
    label: str,
    options: Iterable[Option],
    *,
    ticked: Iterable[str] = (),
    optional: bool = False,
    hint: str = "",
) -> InputBlock:
    """Boxes to tick, at least one unless it is `optional`. Slack takes at most ten."""
    offered, already = list(options), set(ticked)
    element = CheckboxesElement(
        action_id=field.value,
        options=offered,
        initial_options=[one for one in offered if one.value in already] or None,
    )
    return _input(field, label, element, hint, optional)


def perhaps_person(field: StrEnum, label: str, *, hint: str = "") -> InputBlock:
    """A person or nobody."""
    element = UserSelectElement(action_id=field.value, placeholder=plain("Choose a person"))
    return _input(field, label, element, hint, optional=True)


class FileInputElement(InputInteractiveElement):
    """Slack's file input, which slack_sdk has no model of yet.

    https://docs.slack.dev/reference/block-kit/block-elements/file-input-element
    """

    type = "file_input"

    @property
    def attributes(self) -> set[str]:  # type: ignore[override]
        return {"type", "action_id", "filetypes", "max_files"}

    def __init__(self, *, action_id: str, filetypes: list[str], max_files: int) -> None:
        super().__init__(type=self.type, action_id=action_id)
        self.filetypes = filetypes
        self.max_files = max_files


def pictures(field: StrEnum, label: str, most: int, *, hint: str = "") -> InputBlock:
    """Photos; what comes back are Slack's references to them."""
    element = FileInputElement(
        action_id=field.value, filetypes=["jpg", "jpeg", "png", "heic"], max_files=most
    )
    return _input(field, label, element, hint, optional=True)


def files(
    field: StrEnum, label: str, kinds: Iterable[str], most: int, *, hint: str = ""
) -> InputBlock:
    """Files of the given endings; what comes back are Slack's references to them."""
    element = FileInputElement(action_id=field.value, filetypes=list(kinds), max_files=most)
    return _input(field, label, element, hint, optional=True)


def options(among: Iterable[Labelled]) -> list[Option]:
    """A closed set as options, in its own order."""
    return _options(among)


def one_of(
    field: StrEnum,
    label: str,
    among: Iterable[Labelled],
    *,
    hint: str = "",
    initial: str | None = None,
) -> InputBlock:
    return preset(field, label, _options(among), initial=initial, hint=hint)


def some_of(
    field: StrEnum,
    label: str,
    among: Iterable[Labelled],
    *,
    hint: str = "",
    initial: Iterable[str] = (),
) -> InputBlock:
    offered, chosen = _options(among), set(initial)
    element = StaticMultiSelectElement(
        action_id=field.value,
        options=offered,
        placeholder=plain("Choose one or more"),
        initial_options=[one for one in offered if one.value in chosen] or None,
    )
    return _input(field, label, element, hint)


def radio(
    field: StrEnum,
    label: str,
    options: Iterable[Option],
    *,
    hint: str = "",
    initial: str | None = None,
) -> InputBlock:
    """All choices in sight, for those that ask for thought."""
    offered = list(options)
    element = RadioButtonsElement(
        action_id=field.value,
        options=offered,
        initial_option=next((one for one in offered if one.value == initial), None),
    )
    return _input(field, label, element, hint)


def option(value: StrEnum, label: str, description: str = "") -> Option:
    return Option(
        value=value.value,
        text=plain(label, LONGEST_OPTION),
        description=plain(description, LONGEST_OPTION) if description else None,
    )


def worded(value: str, label: str) -> Option:
    """An option that is data of the clinic: a code and its words."""
    return Option(value=value, text=plain(label, LONGEST_OPTION))


def person(field: StrEnum, label: str, *, hint: str = "", initial: str | None = None) -> InputBlock:
    element = UserSelectElement(
        action_id=field.value, placeholder=plain("Choose a person"), initial_user=initial
    )
    return _input(field, label, element, hint)


def private_channel(field: StrEnum, label: str, *, hint: str = "") -> InputBlock:
    """A private channel of this workspace that the person who chooses is in."""
    element = ConversationSelectElement(
        action_id=field.value,
        placeholder=plain("Choose a private channel"),
        filter=ConversationFilter(include=["private"], exclude_external_shared_channels=True),
    )
    return _input(field, label, element, hint)


def _options(among: Iterable[Labelled]) -> list[Option]:
    return [Option(value=one.value, text=plain(one.label, LONGEST_OPTION)) for one in among]


def _input(
    field: StrEnum,
    label: str,
    element: InputInteractiveElement,
    hint: str,
    optional: bool = False,
) -> InputBlock:
    return InputBlock(
        block_id=field.value,
        label=plain(label),
        element=element,
        hint=plain(hint) if hint else None,
        optional=optional,
    )
