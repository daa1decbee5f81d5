"""Who the bot is, told to Bolt without asking Slack for it.

Left to itself, Bolt asks Slack whose token it has (`auth.test`) with the first request that each
process takes, and fails that request where Slack does not answer. Just then somebody may write
`concern:`, and the bot knows since its start who it is.
"""

from collections.abc import Awaitable, Callable

from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient


def knows_itself(
    client: AsyncWebClient, team_id: str, bot_user_id: str | None, bot_id: str | None
) -> Callable[[], Awaitable[AuthorizeResult]]:
    """What Bolt calls to authorize a request. The ids are None where Slack has not told them yet:
    then Bolt passes the bot's own events on, which the handlers leave alone."""
    known = AuthorizeResult(
        enterprise_id=None,
        team_id=team_id,
        bot_user_id=bot_user_id,
        bot_id=bot_id,
        bot_token=client.token,
    )

    async def authorize() -> AuthorizeResult:
        return known

    return authorize


def without_token(client: AsyncWebClient) -> AsyncWebClient:
    """The same client for Bolt, which takes a token from one side only: from the authorization."""
    bare = AsyncWebClient(
        base_url=client.base_url,
        timeout=client.timeout,
        session=client.session,
        retry_handlers=[],
    )
    bare.proxy = client.proxy
    return bare
