"""Modals that only say something: that work is under way, or what happened."""

from collections.abc import Sequence

from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from bot.views.errors import Words
from bot.views.message import LONGEST_SECTION, plain, section, small_print
from bot.views.text import escape, split

LONGEST_TITLE = 24


def reading_view(title: str, blocks: Sequence[Block], *, close: str = "Close") -> View:
    """A modal without inputs."""
    return View(
        type="modal", title=plain(title, LONGEST_TITLE), close=plain(close), blocks=list(blocks)
    )


def loading_view(title: str) -> View:
    """What is opened at once, while a trigger still lives, and replaced as soon as it can be."""
    return reading_view(title, [section("One moment, please.")])


def closed_view() -> View:
    """In the place of what was left open: a screen that nobody looks at shows no patient."""
    return reading_view(
        "Closed",
        [
            section(
                "*This was left open for a while, so it was closed.*",
                "Open it again where you opened it before. What was typed here was not sent.",
            )
        ],
    )


def takes_input(view: View) -> bool:
    """Whether somebody may be typing into it."""
    return any(block.type == "input" for block in view.blocks or [])


def notice_view(title: str, words: Sequence[str] | str, reference: str = "") -> View:
    """A short text in a modal, a paragraph each, and the number under which to ask about it."""
    paragraphs = [words] if isinstance(words, str) else list(words)
    blocks: list[Block] = [
        section(piece) for one in paragraphs for piece in split(escape(one), LONGEST_SECTION)
    ]
    if reference:
        blocks.append(small_print(f"Reference {escape(reference)}"))
    return reading_view(title, blocks)


def trouble_view(words: Words) -> View:
    """What went wrong and what to do now, in a modal."""
    return notice_view(words.title, [words.what_happened, words.what_to_do], words.reference)
