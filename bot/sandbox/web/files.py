"""Bytes of files: in by an upload address or from a page, out to apps and pages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote

from aiohttp import web
from aiohttp.web_request import FileField

from bot.sandbox import render
from bot.sandbox.errors import SlackRefuses
from bot.sandbox.people import sight
from bot.sandbox.people.person import Person
from bot.sandbox.state import apps, files
from bot.sandbox.state.model import File
from bot.sandbox.state.workspace import Workspace
from bot.sandbox.web.reading import answer

_SHOWN_INLINE = ("image/png", "image/jpeg", "image/gif", "image/webp", "text/plain")


@dataclass
class Files:
    workspace: Workspace
    person: Callable[[str], Person]

    async def receive(self, request: web.Request) -> web.StreamResponse:
        """Where files.getUploadURLExternal sends an app: the bytes as they are, or a form."""
        content = await _content(request)
        file = files.receive(self.workspace, request.match_info["key"], content)
        return web.Response(text=f"OK - {len(file.content)}")

    async def upload(self, request: web.Request) -> web.StreamResponse:
        """A person's upload; the file is shared by posting it."""
        person = self.person(request.match_info["user"])
        form = await request.post()
        field = form.get("file")
        if not isinstance(field, FileField):
            raise SlackRefuses("no_file_data")
        file = files.add(self.workspace, person.id, field.filename, field.file.read())
        shown = sight.file(render.file(self.workspace, file), person.id)
        channel = form.get("channel")
        if isinstance(channel, str) and channel:
            await person.posts(channel, "", files=[file.id])
        return answer({"ok": True, "file": shown})

    async def for_app(self, request: web.Request) -> web.StreamResponse:
        """`url_private`: with a token that may see the file; others are sent to sign in."""
        header = request.headers.get("Authorization", "")
        try:
            app = apps.by_bot_token(self.workspace, header.removeprefix("Bearer ").strip())
            if "files:read" not in app.scopes:
                raise SlackRefuses("missing_scope")
            file_id = request.match_info["place"].partition("-")[2]
            file = files.seen_by(self.workspace, app.bot_user_id, file_id)
        except SlackRefuses as refusal:
            raise web.HTTPFound("/") from refusal
        return _bytes(file, download=True)

    async def for_person(self, request: web.Request) -> web.StreamResponse:
        try:
            file = files.seen_by(
                self.workspace, request.match_info["user"], request.match_info["file"]
            )
        except SlackRefuses as refusal:
            raise web.HTTPNotFound from refusal
        return _bytes(file, download="download" in request.query)


async def _content(request: web.Request) -> bytes:
    if request.content_type != "multipart/form-data":
        return await request.read()
    form = await request.post()
    for value in form.values():
        if isinstance(value, FileField):
            return value.file.read()
    raise SlackRefuses("no_file_data")


def _bytes(file: File, *, download: bool) -> web.Response:
    """What a browser might run is handed over as a download only."""
    inline = not download and file.mimetype in _SHOWN_INLINE
    return web.Response(
        body=file.content,
        headers={
            "Content-Type": file.mimetype,
            "Content-Disposition": (
                f"{'inline' if inline else 'attachment'}; filename*=UTF-8''{quote(file.name)}"
            ),
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "default-src 'none'; sandbox",
        },
    )
