"""The local Slack alone, as `careloop sandbox` starts it."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
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


@asynccontextmanager
async def killed_at_the_end(state: Path, *manifests: Path) -> AsyncIterator[dict[str, str]]:
    """A process of its own, which has no time to say goodbye. Gives what it printed."""
    words = ["sandbox", "--port", "0", "--state", str(state), *map(str, manifests)]
    running = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot.cli", *words, stdout=asyncio.subprocess.PIPE
    )
    assert running.stdout is not None
    facts: dict[str, str] = {}
    try:
        async with asyncio.timeout(60):
            while not (line := (await running.stdout.readline()).decode()).startswith("Press"):
                assert line, "it ended before it served"
                if line.startswith("  "):
                    name, value = line.split()
                    facts[name] = value
        yield facts
    finally:
        os.kill(running.pid, signal.SIGKILL)
        await running.wait()


async def saved(state: Path, words: str) -> None:
    """Until the file on disk has them."""
    async with asyncio.timeout(20):
        while not (state.exists() and words in state.read_text()):  # noqa: ASYNC110 - a file tells
            await asyncio.sleep(0.05)


async def test_what_was_said_is_there_after_a_kill(tmp_path: Path) -> None:
    path, state = tmp_path / "manifest.json", tmp_path / "slack.json"
    path.write_text(json.dumps(manifest()))
    async with killed_at_the_end(state, path) as facts:
        client = AsyncWebClient(facts["SLACK_BOT_TOKEN"], base_url=facts["base_url"])
        people = [one["id"] for one in (await client.users_list())["members"] if not one["is_bot"]]
        told = await client.chat_postMessage(channel=people[0], text="Still here")
        await saved(state, "Still here")
    async with killed_at_the_end(state, path) as facts:
        client = AsyncWebClient(facts["SLACK_BOT_TOKEN"], base_url=facts["base_url"])
        history = await client.conversations_history(channel=told["channel"])
        assert [one["text"] for one in history["messages"]] == ["Still here"]
