"""What a person types, as Slack's client turns it into a message's text and blocks."""

from __future__ import annotations

import re

from bot.sandbox.state.model import ChannelKind
from bot.sandbox.state.workspace import Workspace
from bot.sandbox.wire import JsonObject

LONGEST_TYPED = 12_000
_KEPT = re.compile(
    r"<(?:@[UW][A-Z0-9]+|#[CDG][A-Z0-9]+(?:\|[^<>|]*)?|!(?:here|channel|everyone)"
    r"|!subteam\^S[A-Z0-9]+|https?://[^<>\s]+)>"
)
_URL = re.compile(r"https?://[^\s<>]+[^\s<>.,;:!?)\]'\"]")
_NAME = re.compile(r"(?<![\w@])@([a-z0-9][a-z0-9._-]*[a-z0-9])")
_CHANNEL = re.compile(r"(?<![\w#])#([a-z0-9][a-z0-9_-]*)")
_ANY = re.compile(r"<([^<>]+)>|:([a-z0-9_+'-]+):")


def as_text(workspace: Workspace, typed: str) -> str:
    """The message text: `&`, `<` and `>` escaped, names and addresses as Slack's tokens.

    Tokens such as `<@U123>` that a client's completion put in are kept.
    """
    done: list[str] = []
    start = 0
    for token in _KEPT.finditer(typed):
        done.append(_plain(workspace, typed[start : token.start()]))
        done.append(token.group())
        start = token.end()
    done.append(_plain(workspace, typed[start:]))
    return "".join(done)


def escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def unescape(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _plain(workspace: Workspace, text: str) -> str:
    text = escape(text)
    text = _URL.sub(lambda found: f"<{found.group()}>", text)
    if "@" in text:
        ids = {user.name: user.id for user in workspace.state.users.values()}
        text = _NAME.sub(
            lambda found: f"<@{ids[found[1]]}>" if found[1] in ids else found.group(), text
        )
        text = re.sub(r"(?<![\w@])@(channel|here|everyone)\b", r"<!\1>", text)
    if "#" in text:
        places = {
            channel.name: channel.id
            for channel in workspace.state.channels.values()
            if channel.kind is ChannelKind.PUBLIC
        }
        text = _CHANNEL.sub(
            lambda found: (
                f"<#{places[found[1]]}|{found[1]}>" if found[1] in places else found.group()
            ),
            text,
        )
    return text


def as_blocks(text: str, block_id: str) -> list[JsonObject]:
    """The rich text block that comes along with what a person types."""
    if not text:
        return []
    return [
        {
            "type": "rich_text",
            "block_id": block_id,
            "elements": [{"type": "rich_text_section", "elements": [*_elements(text)]}],
        }
    ]


def _elements(text: str) -> list[JsonObject]:
    elements: list[JsonObject] = []
    start = 0
    for token in _ANY.finditer(text):
        if token.start() > start:
            elements.append(_text(text[start : token.start()]))
        elements.append(_token(token))
        start = token.end()
    if start < len(text):
        elements.append(_text(text[start:]))
    return elements


def _text(text: str) -> JsonObject:
    return {"type": "text", "text": unescape(text)}


def _token(token: re.Match[str]) -> JsonObject:
    if token[2]:
        return {"type": "emoji", "name": token[2]}
    inside, _, label = token[1].partition("|")
    if inside.startswith("@"):
        return {"type": "user", "user_id": inside[1:]}
    if inside.startswith("#"):
        return {"type": "channel", "channel_id": inside[1:]}
    if inside.startswith("!"):
        return {"type": "broadcast", "range": inside[1:]}
    link: JsonObject = {"type": "link", "url": unescape(inside)}
    if label:
        link["text"] = unescape(label)
    return link
