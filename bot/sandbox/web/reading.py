"""Reading what comes over HTTP."""

from __future__ import annotations

from aiohttp import web
from aiohttp.web_request import FileField

from bot.sandbox.errors import SlackRefuses
from bot.sandbox.wire import JsonObject, parse_object


async def json_body(request: web.Request) -> JsonObject:
    """The JSON object in the body; an empty body is an empty object."""
    text = await request.text()
    if not text.strip():
        return {}
    body = parse_object(text)
    if body is None:
        raise SlackRefuses("invalid_json")
    return body


async def arguments_of(request: web.Request) -> JsonObject:
    """A method's arguments: from the query, a form or a JSON body."""
    arguments: JsonObject = {**request.query}
    if request.method != "POST":
        return arguments
    if request.content_type == "application/json":
        text = await request.text()
        body = parse_object(text) if text.strip() else {}
        if body is None:
            raise SlackRefuses("invalid_json")
        return {**arguments, **body}
    form = await request.post()
    for key, value in form.items():
        arguments[key] = value.filename if isinstance(value, FileField) else str(value)
    return arguments


def answer(body: JsonObject, status: int = 200) -> web.Response:
    return web.json_response(body, status=status)
