"""The form in which a coordinator names an existing private channel for a pair."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from slack_sdk.models.views import View

from bot.care.people import Role
from bot.views.carried import Nothing
from bot.views.errors import Words
from bot.views.forms import inputs
from bot.views.forms.submitted import Submitted
from bot.views.message import section
from bot.views.modals import loading_view


class RoomField(StrEnum):
    SURGEON = "surgeon"
    THERAPIST = "therapist"
    CHANNEL = "channel"


@dataclass(frozen=True)
class NamedRoom:
    """Slack ids: two people and a channel."""

    surgeon: str
    therapist: str
    channel: str


class RoomForm:
    """Which channel a surgeon and a therapist use."""

    callback_id: ClassVar[str] = "name_room"
    title: ClassVar[str] = "Name a channel"

    @classmethod
    def loading(cls) -> View:
        return loading_view(cls.title)

    @classmethod
    def view(cls) -> View:
        blocks = [
            section(
                "Referrals between these two will be posted in this channel. Only the two of them "
                "and Careloop may be in it. Without one, Careloop makes a channel for the pair."
            ),
            inputs.person(RoomField.SURGEON, "Surgeon"),
            inputs.person(RoomField.THERAPIST, "Massage therapist"),
            inputs.private_channel(
                RoomField.CHANNEL,
                "Private channel",
                hint="Add Careloop to the channel first.",
            ),
        ]
        return inputs.form(cls.callback_id, cls.title, "Use this channel", Nothing(), blocks)

    @classmethod
    def read(cls, view: Mapping[str, object]) -> NamedRoom:
        """What was filled in. Raises `Tampered`."""
        sent = Submitted.read(view, cls.callback_id)
        Nothing.read(sent.private_metadata)
        return NamedRoom(
            sent.user(RoomField.SURGEON),
            sent.user(RoomField.THERAPIST),
            sent.channel(RoomField.CHANNEL),
        )

    @classmethod
    def not_registered(cls, needed: Role) -> dict[str, str]:
        """The person chosen as surgeon or therapist is not registered as one."""
        field = RoomField.SURGEON if needed is Role.SURGEON else RoomField.THERAPIST
        return {field.value: f"This person is not registered as a {needed.label}."}

    @classmethod
    def trouble(cls, words: Words) -> dict[str, str]:
        """Something went wrong; said at the channel, so that what was chosen stays."""
        return {RoomField.CHANNEL.value: words.line}
