"""Replacing what an open modal shows, once nobody has touched it for a while."""

from typing import Final

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from bot.clockwork.posting import RefusedBySlack, call
from bot.notices import CloseView
from bot.services.outbox import Outbox, Owed
from bot.views.modals import closed_view

# Whoever had it open has closed it or sent it. https://docs.slack.dev/reference/methods/views.update
_GONE: Final = "not_found"

_log = structlog.get_logger("careloop.closing_views")


async def close_view(client: AsyncWebClient, outbox: Outbox, owed: Owed, notice: CloseView) -> None:
    """Raises as `posting.call` does for what is to be tried again. Done twice it does no harm."""
    try:
        await call(client.views_update(view_id=notice.view_id, view=closed_view()))
    except RefusedBySlack as error:
        if error.error != _GONE:
            _log.warning("view_not_closed", error=error.error, outbox_id=owed.id)
        await outbox.drop(owed)
        return
    await outbox.sent(owed, "", None)
