"""The local Slack alone, as `careloop sandbox` starts it."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.serve import CannotServe, read_manifest_file, serve
from tests.sandbox.manifest import manifest


async def told(manifests: list[Path], state: Path) -> dict[str, str]:
    """Start it, take in what it prints, use it once, stop it."""
    lines: list[str] = []
    stop, ready = asyncio.Event(), asyncio.Event()

    def say(line: str) -> None:
        lines.append(line)
        if line.startswith("Press"):
            ready.set()

    running = asyncio.ensure_future(
        serve(say, port=0, manifests=manifests, state_file=state, stop=stop)
    )
    async with asyncio.timeout(10):
        await ready.wait()
    facts = dict(line.split() for line in lines if line.startswith("  "))
    client = AsyncWebClient(token=facts["SLACK_BOT_TOKEN"], base_url=facts["base_url"])
    members = (await client.users_list())["members"]
    facts["people"] = str(len([one for one in members if not one["is_bot"]]))
    stop.set()
    await running
    return facts


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("display_information:", "holds no app manifest"),
        ('{"display_information": {}}', "/display_information/name: Field required"),
    ],
)
async def test_a_bad_manifest_is_said_in_words(tmp_path: Path, content: str, words: str) -> None:
    path = tmp_path / "manifest.json"
    path.write_text(content)
    with pytest.raises(CannotServe, match=words):
        await serve(lambda line: None, port=0, manifests=[path])


async def test_a_state_file_that_is_none_is_said_in_words(tmp_path: Path) -> None:
    state = tmp_path / "state.json"
    state.write_text("nonsense")
    with pytest.raises(CannotServe, match="can't start"):
        await serve(lambda line: None, port=0, state_file=state)
    assert state.read_text() == "nonsense"


async def test_it_prints_what_an_app_needs_and_keeps_it_over_restarts(tmp_path: Path) -> None:
    path, state = tmp_path / "manifest.json", tmp_path / "state.json"
    path.write_text(json.dumps(manifest()))
    first = await told([path], state)
    again = await told([path], state)
    assert first["people"] == again["people"] == "4"
    for secret in ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET"):
        assert first[secret] == again[secret]


def test_a_manifest_that_is_no_json_is_said_so(tmp_path: Path) -> None:
    path = tmp_path / "manifest.json"
    path.write_text("display_information:")
    with pytest.raises(ValueError, match="holds no app manifest"):
        read_manifest_file(path)
