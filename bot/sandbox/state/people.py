"""People: who there is, how they change, whether they may be disturbed."""

from __future__ import annotations

import re
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.sandbox.errors import SlackRefuses
from bot.sandbox.state.happenings import DndChanged, PresenceChanged, TeamJoined, UserChanged
from bot.sandbox.state.model import PersonKind, Presence, Team, User
from bot.sandbox.state.workspace import Workspace

_COLORS = ("9f69e7", "4bbe2e", "e7392d", "3c989f", "674b1b", "e96699", "2b6836", "d55aef", "50a0cf")
_NAME = re.compile(r"[a-z0-9._-]{1,80}")


def add(
    workspace: Workspace,
    *,
    name: str,
    real_name: str,
    kind: PersonKind = PersonKind.MEMBER,
    title: str = "",
    tz: str = "UTC",
    email: str | None = None,
    display_name: str = "",
    team_name: str = "Other Clinic",
    user_id: str | None = None,
) -> User:
    """A new person. Those of another workspace (`FOREIGN`) get a team of that name."""
    if not _NAME.fullmatch(name):
        raise ValueError(f"not a user name: {name!r}")
    if any(user.name == name for user in workspace.state.users.values()):
        raise ValueError(f"there is a user of that name: {name}")
    ZoneInfo(tz)
    team_id = workspace.team.id
    if kind is PersonKind.FOREIGN:
        team_id = _foreign_team(workspace, team_name).id
    user = User(
        id=user_id or workspace.next_id("U"),
        team_id=team_id,
        name=name,
        real_name=real_name,
        kind=kind,
        display_name=display_name,
        title=title,
        email=f"{name}@clinic.example" if email is None else email,
        tz=tz,
        color=_COLORS[len(workspace.state.users) % len(_COLORS)],
        presence=Presence.AWAY if kind is PersonKind.DEACTIVATED else Presence.ACTIVE,
        updated=workspace.seconds(),
    )
    workspace.state.users[user.id] = user
    if kind is not PersonKind.FOREIGN:
        workspace.tell(TeamJoined(user, workspace.next_ts()))
    return user


def _foreign_team(workspace: Workspace, name: str) -> Team:
    for team in workspace.state.foreign_teams.values():
        if team.name == name:
            return team
    domain = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
    team = Team(id=workspace.next_id("T"), name=name, domain=domain)
    workspace.state.foreign_teams[team.id] = team
    return team


def change(
    workspace: Workspace,
    user_id: str,
    *,
    real_name: str | None = None,
    display_name: str | None = None,
    title: str | None = None,
    email: str | None = None,
    tz: str | None = None,
    status_text: str | None = None,
    status_emoji: str | None = None,
    kind: PersonKind | None = None,
) -> User:
    """Change what is given; the apps hear of it as `user_change`."""
    user = workspace.user(user_id)
    if tz is not None:
        ZoneInfo(tz)
        user.tz = tz
    user.real_name = user.real_name if real_name is None else real_name
    user.display_name = user.display_name if display_name is None else display_name
    user.title = user.title if title is None else title
    user.email = user.email if email is None else email
    user.status_text = user.status_text if status_text is None else status_text
    user.status_emoji = user.status_emoji if status_emoji is None else status_emoji
    user.kind = user.kind if kind is None else kind
    user.updated = workspace.seconds()
    workspace.tell(UserChanged(user, workspace.next_ts()))
    return user


def set_presence(workspace: Workspace, user_id: str, presence: Presence) -> None:
    user = workspace.user(user_id)
    user.presence = presence
    workspace.tell(PresenceChanged(user))


def set_dnd(workspace: Workspace, user_id: str, until: datetime | None) -> None:
    """Do not disturb until that time; None ends it."""
    user = workspace.user(user_id)
    user.dnd_until = until
    workspace.tell(DndChanged(user, workspace.next_ts()))


def in_dnd(workspace: Workspace, user: User) -> bool:
    return user.dnd_until is not None and user.dnd_until > workspace.now()


def by_email(workspace: Workspace, email: str) -> User:
    wanted = email.casefold()
    for user in workspace.state.users.values():
        if user.email.casefold() == wanted and not user.deleted and not user.is_bot:
            return user
    raise SlackRefuses("users_not_found")


def usable(workspace: Workspace, user_id: str) -> User:
    """A user whom one can write to or invite."""
    user = workspace.state.users.get(user_id)
    if user is None:
        raise SlackRefuses("user_not_found")
    if user.deleted:
        raise SlackRefuses("user_disabled")
    return user
