"""Reading what comes over HTTP."""

from __future__ import annotations

import json

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
        return {**arguments, **_json_arguments(await request.text())}
    form = await request.post()
    for key, value in form.items():
        arguments[key] = _field(value)
    return arguments


def _json_arguments(text: str) -> JsonObject:
    if not text.strip():
        return {}
    try:
        body = json.loads(text)
    except ValueError:
        raise SlackRefuses("invalid_json") from None
    if not isinstance(body, dict):
        raise SlackRefuses("json_not_object")
    return body


def _field(value: str | bytes | bytearray | FileField) -> str:
    """A field of a form; one of a multipart form with a type of its own comes as bytes."""
    if isinstance(value, FileField):
        return value.filename
    return value.decode(errors="replace") if isinstance(value, bytes | bytearray) else value


def answer(body: JsonObject, status: int = 200) -> web.Response:
    return web.json_response(body, status=status)
