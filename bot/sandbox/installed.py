"""An installed app as its maker sees it: its secrets, its connections."""

from __future__ import annotations

import asyncio

from bot.sandbox.delivery.http_mode import HttpMode
from bot.sandbox.delivery.socket_mode import SocketMode
from bot.sandbox.state.model import App
from bot.sandbox.state.workspace import Workspace


class InstalledApp:
    """Reads through to the workspace, so that it stays true."""

    def __init__(
        self, workspace: Workspace, sockets: SocketMode, http: HttpMode, app_id: str
    ) -> None:
        self._workspace = workspace
        self._sockets = sockets
        self._http = http
        self.app_id = app_id

    @property
    def app(self) -> App:
        return self._workspace.app(self.app_id)

    @property
    def bot_token(self) -> str:
        return self.app.bot_token

    @property
    def app_token(self) -> str:
        return self.app.app_token

    @property
    def signing_secret(self) -> str:
        return self.app.signing_secret

    @property
    def bot_user_id(self) -> str:
        return self.app.bot_user_id

    @property
    def bot_id(self) -> str:
        return self.app.bot_id

    @property
    def name(self) -> str:
        return self.app.name

    @property
    def connections(self) -> int:
        """How many Socket Mode connections are up."""
        return len(self._sockets.connections(self.app_id))

    async def connected(self, count: int = 1, timeout: float = 10.0) -> None:  # noqa: ASYNC109
        """Return once that many connections are up (0: once none is)."""
        async with asyncio.timeout(timeout):
            await self._sockets.wait_for_connections(self.app_id, count)

    def set_request_url(self, url: str) -> None:
        """Where the app listens in HTTP mode; it is verified before the first event."""
        app = self.app
        app.request_url = app.interactivity_url = app.options_url = url
        app.url_verified = False
        for command in app.commands:
            command.url = url

    async def verify_request_url(self) -> bool:
        """Slack's url_verification: whether the app gave the challenge back."""
        return await self._http.verify(self.app)
