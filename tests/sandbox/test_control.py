"""Saving, loading, starting over, and the control interface for other processes."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import MovableClock
from bot.sandbox import Fault, FaultKind, LocalSlack, ManifestRefused
from tests.sandbox.conftest import MORNING, Clinic, Listening
from tests.sandbox.manifest import manifest


async def ask(slack: LocalSlack, method: str, path: str, /, **body: Any) -> dict[str, Any]:
    url = f"{slack.url}/_sandbox/control/{path}"
    async with (
        aiohttp.ClientSession() as session,
        session.request(method, url, json=body or None) as response,
    ):
        answer = await response.json()
    assert isinstance(answer, dict)
    return answer


async def test_a_saved_workspace_goes_on_where_it_was(clinic: Clinic, tmp_path: Path) -> None:
    root = await clinic.posted("card", metadata={"event_type": "a", "event_payload": {"b": 1}})
    await clinic.ana.posts(clinic.channel, "reply", thread_ts=root)
    await clinic.lee.reacts(clinic.channel, root, "eyes")
    file_id = await clinic.ana.uploads("scan.png", b"\x89PNG\x00\xff")
    await clinic.ana.posts(clinic.channel, "", files=[file_id])
    home = {"type": "home", "blocks": [{"type": "divider"}]}
    await clinic.client.views_publish(user_id=clinic.ana.id, view=home)
    before = clinic.slack.workspace.state
    state = tmp_path / "state.json"
    clinic.slack.save(state)

    again = await LocalSlack.start(MovableClock(MORNING, ticking=False), state_file=state)
    try:
        assert again.workspace.state == before
        client = AsyncWebClient(token=clinic.app.bot_token, base_url=f"{again.url}/api/")
        thread = await client.conversations_replies(channel=clinic.channel, ts=root)
        assert [one["text"] for one in thread["messages"]] == ["card", "reply"]
        later = await client.chat_postMessage(channel=clinic.channel, text="later")
        assert later["ts"] > root
    finally:
        await again.stop()


async def test_loading_takes_the_place_of_what_is_there(clinic: Clinic, tmp_path: Path) -> None:
    state = tmp_path / "state.json"
    clinic.slack.save(state)
    await clinic.posted("not saved")
    clinic.slack.load(state)
    assert "not saved" not in [
        one.text for one in clinic.slack.person(clinic.ana.id).messages(clinic.channel)
    ]


async def test_a_reset_leaves_nothing(clinic: Clinic) -> None:
    clinic.slack.faults.add(Fault(FaultKind.REFUSED))
    clinic.slack.reset()
    assert not clinic.slack.workspace.state.users
    assert not clinic.slack.faults.waiting
    assert not clinic.slack.record.calls
    with pytest.raises(SlackApiError, match="invalid_auth"):
        await clinic.client.auth_test()


async def test_a_reset_tears_off_the_apps(clinic: Clinic, bolt: Listening) -> None:
    del bolt
    sockets, app_id = clinic.slack.sockets, clinic.app.app_id
    clinic.slack.reset()
    async with asyncio.timeout(5):
        await sockets.wait_for_connections(app_id, 0)


async def test_another_process_sets_up_a_workspace(slack: LocalSlack) -> None:
    ana = (await ask(slack, "POST", "people", name="ana", real_name="Ana", kind="owner"))["user_id"]
    app = (await ask(slack, "POST", "apps", manifest=manifest()))["app"]
    members = [ana, app["bot_user_id"]]
    made = await ask(slack, "POST", "channels", name="room", private=True, members=members)
    client = AsyncWebClient(token=app["bot_token"], base_url=f"{slack.url}/api/")
    await client.chat_postMessage(channel=made["channel_id"], text="hello")
    calls = await ask(slack, "GET", "record/calls?method=chat.postMessage")
    assert [call["arguments"]["text"] for call in calls["calls"]] == ["hello"]
    assert (await ask(slack, "GET", "apps"))["apps"][0]["bot_token"] == app["bot_token"]
    await ask(slack, "POST", f"people/{ana}", title="Chief")
    assert slack.workspace.user(ana).title == "Chief"


async def test_another_process_asks_for_faults(clinic: Clinic) -> None:
    added = await ask(clinic.slack, "POST", "faults", kind="server_error", method="chat.*")
    assert added == {"ok": True}
    listed = await ask(clinic.slack, "GET", "faults")
    assert listed["faults"][0]["kind"] == "server_error"
    with pytest.raises(SlackApiError):
        await clinic.posted()
    wrong = await ask(clinic.slack, "POST", "faults", kind="earthquake")
    assert wrong["error"] == "invalid_arguments"
    await ask(clinic.slack, "POST", "pacing", on=True)
    assert clinic.slack.pacing.on
    await ask(clinic.slack, "POST", "reset")
    assert not clinic.slack.apps


async def test_what_makes_no_sense_is_refused_with_its_reason(slack: LocalSlack) -> None:
    nameless = await ask(slack, "POST", "people", real_name="Ana")
    assert nameless["error"] == "invalid_arguments"
    assert "/name: Field required" in nameless["response_metadata"]["messages"]
    bad = await ask(slack, "POST", "apps", manifest={"display_information": {}})
    assert bad["error"] == "invalid_manifest"
    missing = await ask(slack, "POST", "load", path="/nowhere/at/all.json")
    assert missing["error"] == "invalid_state_file"


def test_a_manifest_that_slack_would_refuse_is_refused_with_every_problem(
    slack: LocalSlack,
) -> None:
    with pytest.raises(ManifestRefused) as refusal:
        slack.install_app(manifest(scopes=["chat:write"], events=["message.channels", "nonsense"]))
    assert len(refusal.value.problems) == 4
    assert any("needs the scope channels:history" in one for one in refusal.value.problems)
    assert any("unknown event nonsense" in one for one in refusal.value.problems)
    assert not slack.apps
    assert not slack.workspace.state.users
