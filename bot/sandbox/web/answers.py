"""`response_url`: where an app answers a deed, five times in thirty minutes."""

from __future__ import annotations

from dataclasses import dataclass

from aiohttp import web

from bot.sandbox.errors import SlackRefuses
from bot.sandbox.people import answers
from bot.sandbox.state import apps
from bot.sandbox.state.workspace import Workspace
from bot.sandbox.web.reading import json_body


@dataclass
class ResponseUrls:
    workspace: Workspace

    async def handle(self, request: web.Request) -> web.StreamResponse:
        try:
            body = await json_body(request)
            address = apps.use_response_url(self.workspace, request.match_info["key"])
            app = self.workspace.app(address.app_id)
            if "response_type" not in body and "replace_original" not in body:
                body = {"response_type": "ephemeral", **body}
            answers.say(self.workspace, app, address, body)
        except SlackRefuses as refusal:
            gone = refusal.code in {"invalid_url", "expired_url", "used_url"}
            return web.json_response(refusal.answer(), status=404 if gone else 400)
        return web.json_response({"ok": True})
