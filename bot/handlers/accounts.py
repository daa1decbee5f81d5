"""What Slack says of an account: https://docs.slack.dev/reference/objects/user-object"""

from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict

from bot.care.people import Standing
from bot.services.people import Account


class _User(BaseModel):
    model_config = ConfigDict(extra="ignore")

    id: str
    team_id: str = ""
    tz: str | None = None
    deleted: bool = False
    is_bot: bool = False
    is_restricted: bool = False
    is_ultra_restricted: bool = False
    is_stranger: bool = False


def read_account(user: Mapping[str, object], team_id: str) -> Account:
    """An account from Slack's user object, seen from the workspace `team_id`."""
    found = _User.model_validate(user)
    return Account(team_id, found.id, _standing(found, team_id), found.tz or "UTC")


def account_in(body: Mapping[str, object]) -> Account:
    """The account that a `user_change` event is about."""
    event = body["event"]
    if not isinstance(event, Mapping):
        raise ValueError("an event without its contents")
    return read_account(event["user"], str(body["team_id"]))


def _standing(user: _User, team_id: str) -> Standing:
    if user.deleted:
        return Standing.DEACTIVATED
    if user.is_bot:
        return Standing.BOT
    if user.is_stranger or (user.team_id and user.team_id != team_id):
        return Standing.FOREIGN
    if user.is_restricted or user.is_ultra_restricted:
        return Standing.GUEST
    return Standing.MEMBER
