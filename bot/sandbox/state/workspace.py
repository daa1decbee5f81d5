"""The workspace: its state, its time, its ids, and who is told when something happens."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime

from bot.sandbox.clock import SandboxClock
from bot.sandbox.errors import SlackRefuses
from bot.sandbox.state.happenings import Happening
from bot.sandbox.state.model import App, Channel, ChannelKind, State, Team, User

Listener = Callable[[Happening], None]

_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_TS_STEP = 100
TS_SHAPE = re.compile(r"\d{1,11}\.\d{6}")


def fresh_state(name: str = "Local Clinic", domain: str = "local-clinic") -> State:
    """An empty workspace."""
    return State(team=Team(id="T0LOCAL001", name=name, domain=domain))


class Workspace:
    """Holds the one `State`. Whatever changes it does so through the functions beside this file,
    which tell the listeners what happened."""

    def __init__(self, clock: SandboxClock, state: State) -> None:
        self.clock = clock
        self.state = state
        self.base_url = ""
        """Where this workspace is served, known once it is."""
        self._listeners: list[Listener] = []

    # Time and ids

    def now(self) -> datetime:
        return self.clock.now()

    def seconds(self) -> int:
        """Whole seconds since 1970, as Slack dates things."""
        return int(self.now().timestamp())

    def next_ts(self) -> str:
        """A timestamp that nothing else in this workspace has, later than all before it."""
        now = self.now()
        micros = int(now.timestamp()) * 1_000_000 + now.microsecond
        if micros <= self.state.last_ts:
            micros = self.state.last_ts + _TS_STEP
        self.state.last_ts = micros
        return f"{micros // 1_000_000}.{micros % 1_000_000:06d}"

    def next_id(self, prefix: str) -> str:
        """An id in Slack's shape: `C0000001A3B` and the like."""
        self.state.counter += 1
        rest, number = "", self.state.counter * 37 + 1_000_003
        while number:
            number, digit = divmod(number, 36)
            rest = _DIGITS[digit] + rest
        return f"{prefix}0{rest.rjust(9, '0')}"

    # Telling

    def listen(self, listener: Listener) -> Callable[[], None]:
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def tell(self, happening: Happening) -> None:
        for listener in tuple(self._listeners):
            listener(happening)

    # Looking up

    @property
    def team(self) -> Team:
        return self.state.team

    def user(self, user_id: str) -> User:
        user = self.state.users.get(user_id)
        if user is None:
            raise SlackRefuses("user_not_found")
        return user

    def app(self, app_id: str) -> App:
        app = self.state.apps.get(app_id)
        if app is None:
            raise SlackRefuses("app_not_found")
        return app

    def channel_for(self, user_id: str, channel_id: str) -> Channel:
        """The channel, if this user may see it; whoever may not is told that there is none.

        The only way to a channel on somebody's behalf.
        """
        channel = self.state.channels.get(channel_id)
        if channel is None or not self.may_see(user_id, channel):
            raise SlackRefuses("channel_not_found")
        return channel

    def may_see(self, user_id: str, channel: Channel) -> bool:
        if user_id in channel.members:
            return True
        if channel.kind is not ChannelKind.PUBLIC:
            return False
        user = self.state.users.get(user_id)
        return user is not None and not user.is_guest and not user.is_foreign

    def team_of(self, user: User) -> Team:
        if user.team_id == self.team.id:
            return self.team
        return self.state.foreign_teams[user.team_id]
