"""`careloop sandbox`: the local Slack alone, for any Bolt app."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Sequence
from pathlib import Path

from bot.sandbox.local import LocalSlack
from bot.sandbox.state.model import AppMode, PersonKind
from bot.sandbox.wire import JsonObject, parse_object

Say = Callable[[str], None]

PEOPLE = (
    ("ana.rivera", "Dr. Ana Rivera", "Surgeon", PersonKind.OWNER),
    ("sam.lee", "Sam Lee", "Massage therapist", PersonKind.MEMBER),
    ("kim.okafor", "Dr. Kim Okafor", "Surgeon", PersonKind.MEMBER),
    ("pat.guest", "Pat Guest", "Visiting", PersonKind.GUEST),
)


class CannotServe(SystemExit):
    """What keeps the local Slack from starting, in words for whoever started it."""

    def __init__(self, words: str) -> None:
        super().__init__(words)


async def serve(
    say: Say,
    *,
    port: int = 8090,
    manifests: Sequence[Path] = (),
    request_url: str | None = None,
    state_file: Path | None = None,
    pacing: bool = False,
    stop: asyncio.Event | None = None,
) -> None:
    """Serve until `stop` is set or the process is told to end (Ctrl-C, SIGTERM).

    A workspace without people gets four; each manifest that is not installed yet is installed
    (over HTTP when a `request_url` is given). `say` prints one line.

    Raises `CannotServe`, which ends the process with status 1 and its words if nobody takes it:
    the port is taken, the state file is none, a manifest is refused.
    """
    over = stop or asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, over.set)
    try:
        slack = await LocalSlack.start(
            port=port, pacing=pacing, state_file=state_file, keep_saved=True
        )
    except (OSError, ValueError) as problem:
        raise CannotServe(f"The local Slack can't start: {problem}") from problem
    try:
        _add_people(slack)
        for path in manifests:
            _install(slack, path, request_url)
        say(f"The local Slack is at {slack.url}/")
        for app in slack.apps:
            say(f"{app.name} ({app.app.mode.value}):")
            say(f"  base_url             {slack.url}/api/")
            say(f"  SLACK_BOT_TOKEN      {app.bot_token}")
            say(f"  SLACK_APP_TOKEN      {app.app_token}")
            say(f"  SLACK_SIGNING_SECRET {app.signing_secret}")
        say("Press Ctrl-C to stop.")
        await over.wait()
    finally:
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)
        await slack.stop()


def _add_people(slack: LocalSlack) -> None:
    if any(not user.is_bot for user in slack.workspace.state.users.values()):
        return
    made = [
        slack.add_person(name=name, real_name=real_name, title=title, kind=kind)
        for name, real_name, title, kind in PEOPLE
    ]
    slack.add_channel("general", members=made)


def _install(slack: LocalSlack, path: Path, request_url: str | None) -> None:
    try:
        manifest = read_manifest_file(path)
    except OSError as problem:
        raise CannotServe(f"{path} can't be read: {problem.strerror}") from problem
    except ValueError as problem:
        raise CannotServe(str(problem)) from problem
    if any(app.app.manifest == manifest for app in slack.apps):
        return
    mode = AppMode.HTTP if request_url else None
    try:
        app = slack.install_app(manifest, mode=mode, request_url=request_url)
    except ValueError as refusal:
        raise CannotServe(str(refusal)) from refusal
    for channel in slack.workspace.state.channels.values():
        if channel.name == "general":
            channel.members.setdefault(app.bot_user_id, None)


def read_manifest_file(path: Path) -> JsonObject:
    """Raises ValueError when the file holds no JSON object."""
    manifest = parse_object(path.read_bytes())
    if manifest is None:
        raise ValueError(f"{path} holds no app manifest in JSON")
    return manifest
