"""One thing that was pushed to a person's client, easy to ask."""

from __future__ import annotations

from dataclasses import dataclass

from bot.sandbox.wire import JsonObject, JsonValue, object_at, text_at


@dataclass(frozen=True)
class Frame:
    """A frame of the page protocol. `raw` is all of it; what a frame lacks reads as empty."""

    raw: JsonObject

    def __getitem__(self, key: str) -> JsonValue:
        return self.raw[key]

    @property
    def type(self) -> str:
        return text_at(self.raw, "type")

    @property
    def channel(self) -> str:
        """The id of the channel that it is about."""
        shown = self.raw.get("channel")
        return text_at(shown, "id") if isinstance(shown, dict) else text_at(self.raw, "channel")

    @property
    def message(self) -> JsonObject:
        return object_at(self.raw, "message")

    @property
    def text(self) -> str:
        """The message's text."""
        return text_at(self.message, "text")

    @property
    def ts(self) -> str:
        """The message's `ts`."""
        return text_at(self.message, "ts") or text_at(self.raw, "ts")

    @property
    def thread_ts(self) -> str:
        return text_at(self.message, "thread_ts") or text_at(self.raw, "thread_ts")

    @property
    def view(self) -> JsonObject:
        return object_at(self.raw, "view")

    @property
    def view_id(self) -> str:
        return text_at(self.view, "id") or text_at(self.raw, "view_id")

    @property
    def callback_id(self) -> str:
        return text_at(self.view, "callback_id")
