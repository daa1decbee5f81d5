"""The daily look at accounts: who was deactivated, or became a guest, while nobody told us."""

from collections.abc import Callable, Mapping
from typing import Final

from slack_sdk.web.async_client import AsyncWebClient

from bot.clockwork.posting import call
from bot.services.people import Account, People

_PAGE: Final = 200

ReadAccount = Callable[[Mapping[str, object], str], Account]


class AccountsLook:
    """Compares Slack's list of users with who is registered."""

    def __init__(
        self, client: AsyncWebClient, people: People, team_id: str, read: ReadAccount
    ) -> None:
        self._client = client
        self._people = people
        self._team_id = team_id
        self._read = read

    async def look(self) -> None:
        """Read every page of Slack's list; whoever changed is treated as if an event had said so.

        Somebody who is registered and no longer listed at all is taken to be deactivated.
        """
        registered = {one.slack_user_id for one in await self._people.everybody(self._team_id)}
        cursor: str | None = None
        while True:
            page = await call(self._client.users_list(limit=_PAGE, cursor=cursor))
            for user in page["members"]:
                account = self._read(user, self._team_id)
                if account.slack_user_id in registered:
                    registered.discard(account.slack_user_id)
                    await self._people.account_changed(account)
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or None
            if cursor is None:
                break
        for gone in sorted(registered):
            await self._people.account_is_gone(self._team_id, gone)
