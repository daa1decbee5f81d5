"""Whatever a call holds, it gets an answer in Slack's shape, and never a server's error."""

from __future__ import annotations

import re
import uuid
from typing import Any

import aiohttp
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.sandbox.api import METHODS
from tests.sandbox.blockkit.test_any_json import ANYTHING
from tests.sandbox.conformance.office import Office

CODE = re.compile(r"[a-z][a-z0-9_]*")
ENDS_THE_APP = {"auth.revoke"}
NAMES = sorted(
    """
    channel channel_id ts thread_ts timestamp message_ts text blocks attachments metadata user
    users view view_id external_id trigger_id hash name topic purpose types limit cursor oldest
    latest inclusive include_all_metadata email post_at scheduled_message_id reply_broadcast
    presence usergroup file files filename length title link type bot is_private username
    icon_emoji client_id client_secret code user_id exclude_archived include_users
    """.split()  # noqa: SIM905  # a table of words
)
USUAL = {
    "channel": "{channel}",
    "channel_id": "{channel}",
    "ts": "{ts}",
    "timestamp": "{ts}",
    "message_ts": "{ts}",
    "user": "{user}",
    "user_id": "{user}",
    "users": "{user}",
    "bot": "{bot}",
    "text": "Hi",
    "name": "eyes",
}
VALUES = st.one_of(st.sampled_from(sorted(set(USUAL.values()))), ANYTHING)
# Some of the arguments as they should be, so that the call gets past them, and any others.
ARGUMENTS = st.builds(
    lambda usual, any_: {**{name: USUAL[name] for name in usual}, **any_},
    st.sets(st.sampled_from(sorted(USUAL))),
    st.dictionaries(st.sampled_from(NAMES), VALUES, max_size=4),
)


@pytest.mark.parametrize("method", sorted(set(METHODS) - ENDS_THE_APP))
@given(arguments=ARGUMENTS)
@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
async def test_a_call_of_anything_gets_an_answer(
    office: Office, method: str, arguments: dict[str, Any]
) -> None:
    real = {
        "{channel}": office.slack.add_channel(
            name=f"room-{uuid.uuid4()}", members=[office.ana.id, office.app.bot_user_id]
        ),
        "{user}": office.ana.id,
        "{bot}": office.app.bot_id,
    }
    posted = await office.bot.chat_postMessage(channel=real["{channel}"], text="x")
    real["{ts}"] = str(posted["ts"])
    filled = {
        name: real.get(value, value) if isinstance(value, str) else value
        for name, value in arguments.items()
    }
    headers = {"Authorization": f"Bearer {office.app.bot_token}"}
    if method == "apps.connections.open":
        headers = {"Authorization": f"Bearer {office.app.app_token}"}

    async with (
        aiohttp.ClientSession(headers=headers) as session,
        session.post(f"{office.slack.url}/api/{method}", json=filled) as response,
    ):
        body = await response.json()

    assert response.status == 200, (filled, body)
    assert body["ok"] is True or CODE.fullmatch(body["error"]), (filled, body)
