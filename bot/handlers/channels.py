"""What Slack says of a channel, before anything is entrusted to it."""

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.services.rooms import ChannelFacts

_PAGE = 200


async def channel_facts(client: AsyncWebClient, channel_id: str) -> ChannelFacts:
    """Whether the channel is private, shared or archived, and who is in it beside the bot.

    A channel that the bot does not see is one that it is not in.
    """
    try:
        channel = (await client.conversations_info(channel=channel_id))["channel"]
        me = (await client.auth_test())["user_id"]
        members: set[str] = set()
        cursor: str | None = None
        while True:
            page = await client.conversations_members(
                channel=channel_id, limit=_PAGE, cursor=cursor
            )
            members.update(page["members"])
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or None
            if cursor is None:
                break
    except SlackApiError as error:
        refusal = error.response.get("error")
        if refusal not in {"channel_not_found", "not_in_channel", "missing_scope"}:
            raise
        return ChannelFacts(
            channel_id,
            # The bot has no right to look at public channels, and looks at none.
            is_private=refusal != "missing_scope",
            is_shared=False,
            is_archived=False,
            bot_is_member=False,
            members=frozenset(),
        )
    return ChannelFacts(
        channel_id,
        is_private=bool(channel.get("is_private")),
        is_shared=bool(channel.get("is_shared") or channel.get("is_ext_shared")),
        is_archived=bool(channel.get("is_archived")),
        bot_is_member=me in members,
        members=frozenset(members - {me}),
    )
