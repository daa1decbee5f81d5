"""How the local Slack says no."""

from __future__ import annotations

from collections.abc import Sequence

from bot.sandbox.wire import JsonObject, listed


class SlackRefuses(Exception):  # it reads as a sentence where it is raised
    """An answer with `ok: false`.

    `code` is Slack's own; `messages` go to `response_metadata.messages`; `extra` are fields
    beside them (`needed` and `provided` of a missing scope, say).
    """

    def __init__(
        self, code: str, messages: Sequence[str] = (), extra: JsonObject | None = None
    ) -> None:
        super().__init__(code if not messages else f"{code}: {'; '.join(messages)}")
        self.code = code
        self.messages = tuple(messages)
        self.extra: JsonObject = extra or {}

    def answer(self) -> JsonObject:
        answer: JsonObject = {"ok": False, "error": self.code, **self.extra}
        if self.messages:
            answer["response_metadata"] = {"messages": listed(self.messages)}
        return answer
