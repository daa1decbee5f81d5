"""Why nothing may be said in a pair's channel: somebody else could read it."""

from enum import StrEnum


class RoomTrouble(StrEnum):
    """What has to be settled before the bot speaks in a channel again."""

    # Anybody in the workspace can read it.
    PUBLIC = "public"
    # Slack Connect: people of another organisation are in it, or may come.
    SHARED_OUTSIDE = "shared_outside"
    # With other workspaces of the same organisation.
    SHARED_IN_ORGANISATION = "shared_in_organisation"
    # Somebody is in it whom neither of the two let in through Careloop.
    SOMEBODY_ADDED = "somebody_added"

    @property
    def is_of_the_channel(self) -> bool:
        """Whether it is what the channel is, and not who is in it."""
        return self is not RoomTrouble.SOMEBODY_ADDED


class RoomProblem(StrEnum):
    """Why a channel can't be used for a pair."""

    NOT_PRIVATE = "not_private"
    SHARED = "shared"
    ARCHIVED = "archived"
    BOT_NOT_IN_IT = "bot_not_in_it"
    PAIR_NOT_IN_IT = "pair_not_in_it"
    OTHERS_IN_IT = "others_in_it"
    TAKEN = "taken"
    PAIR_HAS_ONE = "pair_has_one"
    SAME = "same"


def troubles_of(*, is_private: bool, is_shared: bool, is_org_shared: bool) -> list[RoomTrouble]:
    """What is wrong with a channel, by what Slack says of it; empty when it may be used.

    https://docs.slack.dev/reference/objects/conversation-object
    """
    found = []
    if not is_private:
        found.append(RoomTrouble.PUBLIC)
    if is_shared:
        found.append(RoomTrouble.SHARED_OUTSIDE)
    if is_org_shared:
        found.append(RoomTrouble.SHARED_IN_ORGANISATION)
    return found
