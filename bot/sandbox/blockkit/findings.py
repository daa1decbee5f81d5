"""What is found wrong with a payload, and where."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from pydantic import JsonValue

JsonObject = dict[str, JsonValue]

LONGEST_QUOTE = 100


class Surface(StrEnum):
    """Where blocks are shown. Not every kind is allowed everywhere."""

    MESSAGE = "message"
    MODAL = "modal"
    HOME = "home"


@dataclass(frozen=True, slots=True)
class Problem:
    """One reason why Slack refuses a payload.

    `code` is what Slack puts into `error`; `message` is the line it puts into
    `response_metadata.messages`, such as
    `[ERROR] must be less than 3001 characters [json-pointer:/blocks/0/text/text]`.
    """

    code: str
    message: str

    @property
    def detail(self) -> str:
        """The same line without its level, as Slack lists it under `errors`."""
        return self.message.removeprefix("[ERROR] ")


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in a payload: where it is, on which surface, in which kind of block."""

    pointer: str
    surface: Surface
    block: str = ""

    def into(self, key: str | int) -> Spot:
        return Spot(f"{self.pointer}/{key}", self.surface, self.block)

    def within(self, block: str) -> Spot:
        return Spot(self.pointer, self.surface, block)


@dataclass(frozen=True, slots=True)
class Finding:
    """A broken rule at a place (a JSON pointer)."""

    text: str
    pointer: str

    def as_problem(self, code: str) -> Problem:
        return Problem(code, f"[ERROR] {self.text} [json-pointer:{self.pointer}]")


Findings = Iterator[Finding]


def quoted(value: str) -> str:
    """What somebody sent, cut so that an answer stays short."""
    return value if len(value) <= LONGEST_QUOTE else f"{value[:LONGEST_QUOTE]}…"
