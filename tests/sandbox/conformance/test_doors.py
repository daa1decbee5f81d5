"""How a call comes in: its token, its body, its method; and what Slack says to a wrong one."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import aiohttp
import pytest

from tests.sandbox.conformance.office import Office, client_of, refusal

SECTION = {"type": "section", "text": {"type": "mrkdwn", "text": "Hi"}}


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: dict[str, Any]


async def call(
    office: Office, method: str, *, verb: str = "POST", token: str | None = "", **request: Any
) -> Answer:
    """A call as bare HTTP; `token` None sends none, empty sends the bot's."""
    headers = dict(request.pop("headers", {}))
    if token is not None:
        headers["Authorization"] = f"Bearer {token or office.app.bot_token}"
    async with (
        aiohttp.ClientSession() as session,
        session.request(
            verb, f"{office.slack.url}/api/{method}", headers=headers, **request
        ) as response,
    ):
        return Answer(response.status, dict(response.headers), await response.json())


async def test_a_method_that_is_not_there_is_unknown(office: Office) -> None:
    refused = await refusal(office.bot.api_call("chat.postNonsense"))

    assert refused.error == "unknown_method"
    assert refused.body["req_method"] == "chat.postNonsense"


async def test_a_method_that_is_not_there_is_unknown_without_a_token_too(office: Office) -> None:
    answer = await call(office, "chat.postNonsense", token=None)

    assert (answer.status, answer.body["error"]) == (200, "unknown_method")


@pytest.mark.parametrize("method", ["auth.test", "chat.postMessage", "views.publish"])
async def test_a_call_without_a_token_is_not_authed(office: Office, method: str) -> None:
    answer = await call(office, method, token=None)

    assert (answer.status, answer.body) == (200, {"ok": False, "error": "not_authed"})


@pytest.mark.parametrize("token", ["xoxb-nonsense", "nonsense", "xoxp-1-2-3"])
async def test_a_wrong_token_is_invalid(office: Office, token: str) -> None:
    refused = await refusal(client_of(office.slack, token).auth_test())

    assert refused.error == "invalid_auth"


async def test_each_token_opens_its_own_doors_only(office: Office) -> None:
    with_app_token = client_of(office.slack, office.app.app_token)

    assert (await refusal(with_app_token.auth_test())).error == "not_allowed_token_type"
    opening = office.bot.apps_connections_open(app_token=office.app.bot_token)
    assert (await refusal(opening)).error == "not_allowed_token_type"


async def test_an_uninstalled_app_s_token_opens_nothing(office: Office) -> None:
    office.app.app.installed = False

    refused = await refusal(office.bot.auth_test())

    assert refused.error in {"account_inactive", "token_revoked"}


@pytest.mark.parametrize(
    "request_with",
    [
        {"json": {"channel": "C", "text": "Hi", "blocks": [SECTION]}},
        {"json": {"channel": "C", "text": "Hi", "blocks": json.dumps([SECTION])}},
        {"data": {"channel": "C", "text": "Hi", "blocks": json.dumps([SECTION])}},
        {"params": {"channel": "C", "text": "Hi", "blocks": json.dumps([SECTION])}},
    ],
    ids=["JSON", "JSON with blocks as text", "a form", "a query"],
)
async def test_arguments_come_as_json_as_a_form_and_in_the_query(
    office: Office, request_with: dict[str, dict[str, Any]]
) -> None:
    filled: dict[str, Any] = {
        how: {**arguments, "channel": office.channel} for how, arguments in request_with.items()
    }

    answer = await call(office, "chat.postMessage", **filled)

    assert answer.body["ok"], answer.body
    [block] = answer.body["message"]["blocks"]
    assert block["text"]["text"] == "Hi"
    assert block["block_id"]


async def test_a_multipart_form_is_a_form(office: Office) -> None:
    form = aiohttp.FormData({"channel": office.channel, "text": "Hi"})
    form.add_field("blocks", json.dumps([SECTION]), content_type="application/json")

    answer = await call(office, "chat.postMessage", data=form)

    assert answer.body["ok"], answer.body


async def test_the_token_may_be_an_argument(office: Office) -> None:
    as_form = await call(office, "auth.test", token=None, data={"token": office.app.bot_token})

    assert as_form.body["user_id"] == office.app.bot_user_id


async def test_a_method_that_only_reads_may_be_asked_by_get(office: Office) -> None:
    answer = await call(
        office, "conversations.info", verb="GET", params={"channel": office.channel}
    )

    assert answer.body["channel"]["name"] == "clinic"


async def test_json_that_is_none_is_refused(office: Office) -> None:
    answer = await call(
        office,
        "chat.postMessage",
        data="{not json",
        headers={"Content-Type": "application/json"},
    )

    assert (answer.status, answer.body["error"]) == (200, "invalid_json")


async def test_json_that_is_no_object_is_refused(office: Office) -> None:
    answer = await call(office, "chat.postMessage", json=["channel"])

    assert answer.body["error"] == "json_not_object"


@pytest.mark.parametrize("blocks", ["[{", "nonsense", '{"type": "divider"}'])
async def test_blocks_that_are_no_list_are_of_the_wrong_format(office: Office, blocks: str) -> None:
    answer = await call(
        office,
        "chat.postMessage",
        data={"channel": office.channel, "text": "Hi", "blocks": blocks},
    )

    assert answer.body["error"] == "invalid_blocks_format"


async def test_a_missing_argument_is_named(office: Office) -> None:
    answer = await call(office, "chat.update", json={"channel": office.channel, "text": "Hi"})

    assert answer.body["error"] == "invalid_arguments"
    assert answer.body["response_metadata"]["messages"] == ["[ERROR] missing required field: ts"]


async def test_answers_say_which_scopes_there_are_and_which_are_asked_for(office: Office) -> None:
    answer = await call(office, "reactions.get", json={"channel": "C0", "timestamp": "1.0"})

    assert "reactions:read" in answer.headers["X-OAuth-Scopes"].split(",")
    assert answer.headers["X-Accepted-OAuth-Scopes"] == "reactions:read"


async def test_numbers_and_flags_come_as_text_in_a_form(office: Office) -> None:
    for _ in range(3):
        await office.bot.chat_postMessage(channel=office.channel, text="Hi")

    answer = await call(
        office,
        "conversations.history",
        data={"channel": office.channel, "limit": "2", "inclusive": "1"},
    )

    assert len(answer.body["messages"]) == 2


@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "10.0.0.1"])
async def test_only_this_machine_is_answered(office: Office, host: str) -> None:
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{office.slack.url}/api/api.test", headers={"Host": host}) as response,
    ):
        assert response.status == 403


async def test_a_foreign_page_is_not_answered(office: Office) -> None:
    async with (
        aiohttp.ClientSession() as session,
        session.post(
            f"{office.slack.url}/api/api.test", headers={"Origin": "https://evil.example"}
        ) as response,
    ):
        assert response.status == 403
