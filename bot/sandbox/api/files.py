"""files.*: the two steps of an upload, and looking at files."""

from __future__ import annotations

from pydantic import Field

from bot.sandbox import render
from bot.sandbox.api.chat import PostMessage, check_content, draft_of, place_to_post
from bot.sandbox.api.method import Arguments, Call, Json, Method, Text, Tier, Words
from bot.sandbox.errors import SlackRefuses
from bot.sandbox.state import files, messages
from bot.sandbox.state.model import File
from bot.sandbox.wire import JsonObject, text_at


class Begin(Arguments):
    filename: str
    length: int
    alt_txt: str = ""
    snippet_type: str = ""


class Complete(Arguments):
    files: Json
    channel_id: str = ""
    channels: Words = Field(default_factory=list)
    thread_ts: Text = ""
    initial_comment: Text = ""
    blocks: Json = None


class OneFile(Arguments):
    file: str


def begin(call: Call, args: Begin) -> JsonObject:
    if len(args.alt_txt) > files.LONGEST_ALT_TEXT:
        raise SlackRefuses("alt_txt_too_large")
    file = files.begin(call.workspace, call.bot, args.filename, args.length)
    file.alt_text = args.alt_txt
    return {
        "upload_url": f"{call.workspace.base_url}/upload/v1/{file.upload_key}",
        "file_id": file.id,
    }


def complete(call: Call, args: Complete) -> JsonObject:
    begun, titles = _named(call, args)
    places = [
        place_to_post(call, channel)
        for channel in dict.fromkeys([*filter(None, [args.channel_id]), *args.channels])
    ]
    if args.initial_comment or args.blocks is not None:
        check_content(PostMessage(channel="", text=args.initial_comment, blocks=args.blocks))
    files.complete(call.workspace, begun, titles)
    for channel in places:
        draft = draft_of(
            call, PostMessage(channel="", text=args.initial_comment, blocks=args.blocks)
        )
        draft.subtype = "file_share"
        draft.thread_ts = args.thread_ts
        draft.files = [file.id for file in begun]
        messages.post(call.workspace, channel, draft)
        files.share(call.workspace, channel, draft.files, call.bot)
    return {"files": [render.file(call.workspace, file) for file in begun]}


def _named(call: Call, args: Complete) -> tuple[list[File], dict[str, str]]:
    given = args.files if isinstance(args.files, list) else []
    named = [item for item in given if isinstance(item, dict)]
    if not named:
        raise SlackRefuses("invalid_arguments", ["[ERROR] missing required field: files"])
    begun: list[File] = []
    titles: dict[str, str] = {}
    for item in named:
        file = call.workspace.state.files.get(text_at(item, "id"))
        if file is None or file.user != call.bot:
            raise SlackRefuses("file_not_found")
        begun.append(file)
        titles[file.id] = text_at(item, "title")
    return begun, titles


def info(call: Call, args: OneFile) -> JsonObject:
    file = files.seen_by(call.workspace, call.bot, args.file)
    return {
        "file": render.file(call.workspace, file),
        "comments": [],
        "response_metadata": {"next_cursor": ""},
    }


def delete(call: Call, args: OneFile) -> JsonObject:
    file = files.seen_by(call.workspace, call.bot, args.file)
    files.delete(call.workspace, call.bot, file)
    return {}


_WRITE = ("files:write",)
METHODS = (
    Method("files.getUploadURLExternal", Begin, begin, _WRITE, Tier.FOUR),
    Method("files.completeUploadExternal", Complete, complete, _WRITE, Tier.FOUR),
    Method("files.info", OneFile, info, ("files:read",), Tier.FOUR),
    Method("files.delete", OneFile, delete, _WRITE),
)
