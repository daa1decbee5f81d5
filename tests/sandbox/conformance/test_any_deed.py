"""Whatever a page sends as a person's deed, it gets an answer that it can show, and never a
server's error; and nothing made up reaches the app."""

from __future__ import annotations

import re
import uuid
from typing import Any

import aiohttp
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.sandbox.wire import objects_at
from tests.sandbox.blockkit.test_any_json import ANYTHING
from tests.sandbox.blockkit.wire import actions, button, element, input_block, modal
from tests.sandbox.conformance.office import Office

CODE = re.compile(r"[a-z][a-z0-9_]*")
DEEDS = """
    post edit delete react pin read typing command action submit close close_all shortcut home
    options open_dm create_channel invite leave join archive presence dnd nonsense
""".split()  # noqa: SIM905  # a table of words
NAMES = """
    channel ts text thread_ts broadcast file_ids name on command container block_id action_id
    action state view_id callback_id app_id query user private presence until type
""".split()  # noqa: SIM905
FIELD = input_block(element("plain_text_input", action_id="a"), block_id="b")
ROW = actions(
    button(action_id="go"),
    element("static_select", action_id="pick"),
    element("datepicker", action_id="day"),
    element("external_select", action_id="search", min_query_length=0),
    block_id="row",
)
USUAL: dict[str, Any] = {
    "channel": "{channel}",
    "ts": "{ts}",
    "user": "{user}",
    "view_id": "{view}",
    "app_id": "{app}",
    "command": "/refer",
    "callback_id": "refer",
    "block_id": "row",
    "text": "Hi",
    "name": "eyes",
}
CONTAINERS: list[Any] = [
    {"type": "message", "channel": "{channel}", "ts": "{ts}"},
    {"type": "view", "view_id": "{view}"},
]
BODIES = st.builds(
    lambda usual, container, action_id, anything: {
        **{name: USUAL[name] for name in usual},
        "container": container,
        "action_id": action_id,
        **anything,
    },
    st.sets(st.sampled_from(sorted(USUAL))),
    st.sampled_from(CONTAINERS),
    st.sampled_from(["go", "pick", "day", "search", "a", "nonsense"]),
    st.dictionaries(st.sampled_from(NAMES), ANYTHING, max_size=3),
)


def filled(value: Any, real: dict[str, str]) -> Any:
    """The body with the real ids where their names stand."""
    if isinstance(value, str):
        return real.get(value, value)
    if isinstance(value, dict):
        return {name: filled(item, real) for name, item in value.items()}
    return value


async def place_for(office: Office) -> dict[str, str]:
    """A fresh channel with a message, and a modal that is open."""
    people = [office.ana.id, office.lee.id, office.app.bot_user_id]
    channel = office.slack.add_channel(name=f"room-{uuid.uuid4()}", members=people)
    posted = await office.bot.chat_postMessage(channel=channel, text="x", blocks=[ROW])
    view = await office.opens(modal(FIELD, ROW))
    return {
        "{channel}": channel,
        "{ts}": str(posted["ts"]),
        "{user}": office.lee.id,
        "{view}": str(view["id"]),
        "{app}": office.app.app_id,
    }


@pytest.mark.parametrize("deed", DEEDS)
@given(bodies=st.lists(BODIES, min_size=1, max_size=6))
@settings(
    max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
async def test_a_deed_of_anything_gets_an_answer(
    office: Office, deed: str, bodies: list[dict[str, Any]]
) -> None:
    real = await place_for(office)
    async with aiohttp.ClientSession() as session:
        for body in bodies:
            sent = filled(body, real)
            url = f"{office.slack.url}/_sandbox/as/{office.ana.id}/{deed}"
            async with session.post(url, json=sent) as response:
                assert response.status < 500, (sent, await response.text())
                answer = await response.json()
            assert answer["ok"] is True or CODE.fullmatch(answer["error"]), (sent, answer)

    told = [
        used["action_id"]
        for delivery in office.slack.record.deliveries
        if delivery.name == "block_actions"
        for used in objects_at(delivery.payload, "actions")
    ]
    assert set(told) <= {"go", "pick", "day", "search", "a"}
