"""What a person sees of a message: its words, with names instead of ids, and its buttons."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.sandbox import LocalSlack, Message, View
from bot.sandbox.wire import JsonValue

_MENTION = re.compile(r"<@([A-Z0-9]+)>")
_DATE = re.compile(r"<!date\^(\d+)\^([^|]*)\|([^>]*)>")
_DATE_FORMAT = "{date_short_pretty} at {time}"
_NEAR_DAYS = {-1: "yesterday", 0: "today", 1: "tomorrow"}
_ESCAPES = {"&lt;": "<", "&gt;": ">", "&amp;": "&"}


class StoryBroken(AssertionError):
    """Something did not come as it was told."""


@dataclass
class Button:
    """Something to click."""

    text: str
    action_id: str
    block_id: str
    value: str = ""


@dataclass
class Seen:
    """A message or modal as its reader sees it."""

    words: str
    buttons: list[Button] = field(default_factory=list)
    marked: str = ""
    """The words with Slack's marks for times in them."""

    def says(self, *parts: str) -> bool:
        """Whether it says all of this, in whatever case and spacing."""
        folded = _folded(self.words)
        return all(_folded(part) in folded for part in parts)

    def in_zone(self, zone: ZoneInfo, now: datetime) -> str:
        """The words with times as Slack shows them to a reader of that zone."""
        return _unescaped(_DATE.sub(lambda match: _at(match, zone, now), self.marked))

    def button(self, text: str) -> Button:
        found = [button for button in self.buttons if button.text == text]
        if not found:
            there = [button.text for button in self.buttons]
            raise StoryBroken(f"there is no button {text!r}, only {there}")
        return found[0]


def see(slack: LocalSlack, message: Message | View) -> Seen:
    """How it reads on a screen."""
    if isinstance(message, Message):
        words, buttons = read_blocks(message.blocks)
        shown = words or [message.text]
    else:
        blocks = message.body.get("blocks")
        shown, buttons = read_blocks(blocks if isinstance(blocks, list) else [])
        shown.insert(0, "".join(_texts(message.body.get("title"))))
    text = "\n".join(shown)
    return Seen(readable(slack, text), buttons, _named(slack, text))


def readable(slack: LocalSlack, text: str) -> str:
    """Text as Slack shows it: names for mentions, `&` for `&amp;`."""

    return _unescaped(_DATE.sub(lambda match: match[3], _named(slack, text)))


def _named(slack: LocalSlack, text: str) -> str:
    def name(match: re.Match[str]) -> str:
        user = slack.workspace.state.users.get(match[1])
        return user.real_name if user else match[0]

    return _MENTION.sub(name, text)


def _unescaped(text: str) -> str:
    for written, shown in _ESCAPES.items():
        text = text.replace(written, shown)
    return text


def _at(match: re.Match[str], zone: ZoneInfo, now: datetime) -> str:
    """ "tomorrow at 5:00 PM"; another format than the bot's own is shown by its fallback."""
    if match[2] != _DATE_FORMAT:
        return match[3]
    moment = datetime.fromtimestamp(int(match[1]), zone)
    days = (moment.date() - now.astimezone(zone).date()).days
    day = _NEAR_DAYS.get(days, f"{moment:%b} {moment.day}, {moment.year}")
    return f"{day} at {moment.hour % 12 or 12}:{moment:%M %p}"


def read_blocks(blocks: Sequence[JsonValue]) -> tuple[list[str], list[Button]]:
    """The words of some blocks in reading order, and their buttons."""
    words: list[str] = []
    buttons: list[Button] = []
    for block in blocks:
        if not isinstance(block, dict):
            continue
        words.append("".join(_texts(block)))
        buttons += _buttons(block, str(block.get("block_id", "")))
    return [line for line in words if line.strip()], buttons


def _texts(part: JsonValue) -> Iterator[str]:
    if isinstance(part, list):
        for one in part:
            yield from _texts(one)
    elif isinstance(part, dict):
        if part.get("type") == "button":
            return
        if part.get("type") == "user":
            yield f"<@{part['user_id']}>"
            return
        for key in ("label", "title", "text", "fields", "elements", "element", "accessory", "hint"):
            inner = part.get(key)
            if isinstance(inner, str):
                yield inner
            elif inner is not None:
                yield from _texts(inner)
                yield " "


def _buttons(part: JsonValue, block_id: str) -> Iterator[Button]:
    if isinstance(part, list):
        for one in part:
            yield from _buttons(one, block_id)
    elif isinstance(part, dict):
        if part.get("type") == "button":
            text = part.get("text")
            label = text.get("text") if isinstance(text, dict) else ""
            yield Button(
                str(label),
                str(part.get("action_id", "")),
                block_id,
                str(part.get("value") or ""),
            )
        for inner in part.values():
            yield from _buttons(inner, block_id)


def _folded(text: str) -> str:
    return " ".join(re.sub(r"[*_`]", "", text).split()).casefold()
