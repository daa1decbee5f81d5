"""What Slack sends when somebody does something, as far as it is used. Read strictly.

Shapes: https://docs.slack.dev/reference/interaction-payloads and .../interactivity/slash-commands
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from bot.services.actor import Actor, Surface
from bot.views.carried import Tampered

# An account's or a workspace's: it goes into the audit as it is.
SlackId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_]{1,40}$")]

Kind = TypeVar("Kind", bound="Payload")


class Payload(BaseModel):
    """Something that Slack sent; what of it is not named here is left."""

    model_config = ConfigDict(extra="ignore", frozen=True)


def read(kind: type[Kind], body: Mapping[str, object]) -> Kind:
    """`body` as `kind`. Raises `Tampered` for what Slack would not send."""
    try:
        return kind.model_validate(body)
    except ValidationError:
        raise Tampered(kind.__name__) from None


@dataclass(frozen=True)
class Place:
    """A channel, and the thread in it."""

    channel_id: str
    thread_ts: str | None = None


class _User(Payload):
    id: SlackId
    team_id: SlackId | None = None


class _Team(Payload):
    id: SlackId


class _Channel(Payload):
    id: SlackId


class _Message(Payload):
    ts: str
    thread_ts: str | None = None
    text: str = ""


class Command(Payload):
    """A slash command."""

    team_id: SlackId
    user_id: SlackId
    channel_id: SlackId
    trigger_id: str
    text: str = ""

    @property
    def actor(self) -> Actor:
        return Actor(self.team_id, self.user_id, Surface.COMMAND)


class _Interaction(Payload):
    user: _User
    team: _Team | None = None

    def _actor(self, surface: Surface) -> Actor:
        # A person of another workspace acts under their own team, and is found nowhere in ours.
        team_id = self.user.team_id or (self.team.id if self.team else "")
        return Actor(team_id, self.user.id, surface)


class _Pressed(Payload):
    action_id: str
    value: str | None = None


class _View(Payload):
    id: SlackId
    type: str = ""
    private_metadata: str = ""
    previous_view_id: SlackId | None = None


class _Container(Payload):
    is_ephemeral: bool = False


class Click(_Interaction):
    """A button that was pressed, in a message or on the Home tab."""

    trigger_id: str
    container: _Container | None = None
    response_url: str = ""
    actions: list[_Pressed] = Field(min_length=1, max_length=1)
    channel: _Channel | None = None
    message: _Message | None = None
    view: _View | None = None

    @property
    def carried(self) -> str:
        """What the modal carries that the button stands in; empty outside of one."""
        return self.view.private_metadata if self.view else ""

    @property
    def question(self) -> str:
        """Where the message is taken back that only this person sees; empty for any other."""
        return self.response_url if self.container and self.container.is_ephemeral else ""

    @property
    def modal_id(self) -> str:
        """The modal that the button stands in; empty in a message or on the Home tab."""
        return self.view.id if self.view and self.view.type == "modal" else ""

    @property
    def actor(self) -> Actor:
        return self._actor(Surface.BUTTON if self.message else Surface.HOME)

    @property
    def value(self) -> str | None:
        return self.actions[0].value

    @property
    def place(self) -> Place | None:
        """Where an answer goes that only the person sees; None on the Home tab."""
        if self.channel is None or self.message is None:
            return None
        return Place(self.channel.id, self.message.thread_ts)


class Shortcut(_Interaction):
    """A shortcut from the menu, or from a message's menu."""

    trigger_id: str
    channel: _Channel | None = None
    message: _Message | None = None

    @property
    def actor(self) -> Actor:
        return self._actor(Surface.SHORTCUT)


class Submission(_Interaction):
    """A modal that was submitted."""

    view: _View

    @property
    def actor(self) -> Actor:
        return self._actor(Surface.FORM)


class HomeOpened(Payload):
    """Somebody looks at one of the app's tabs."""

    team_id: SlackId
    event: "_HomeEvent"

    @property
    def actor(self) -> Actor:
        return Actor(self.team_id, self.event.user, Surface.HOME)


class _HomeEvent(Payload):
    user: SlackId
    tab: str = ""
