"""A message, and the few shapes of blocks that all messages and modals are built of."""

from collections.abc import Iterable
from dataclasses import dataclass

from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    ButtonElement,
    ConfirmObject,
    ContextBlock,
    HeaderBlock,
    InteractiveElement,
    LinkButtonElement,
    MarkdownTextObject,
    PlainTextObject,
    RichTextBlock,
    RichTextElementParts,
    RichTextQuoteElement,
    RichTextSectionElement,
    SectionBlock,
)

from bot.views.carried import Action, Carried
from bot.views.text import literal, shorten, split

# Slack's limits that we come near to: https://docs.slack.dev/reference/block-kit/blocks
LONGEST_SECTION = 3000
LONGEST_BUTTON = 75
LONGEST_HEADER = 150
# What somebody wrote, in a message: as long as a form lets it be, and well below the 13,200
# characters that all blocks of one message may have together.
LONGEST_IN_MESSAGE = 2000
# In a modal: a reply in a thread can have 40,000 characters.
LONGEST_IN_MODAL = 42_000
_PIECE = 2900


@dataclass(frozen=True)
class Message:
    """`text` is what a locked phone shows: the case code and what is due, no more."""

    text: str
    blocks: list[Block]


def markdown(text: str) -> MarkdownTextObject:
    """Text that is ours, in Slack's mrkdwn; `verbatim`, so that nothing in it becomes a link."""
    return MarkdownTextObject(text=text, verbatim=True)


def plain(text: str, longest: int | None = None) -> PlainTextObject:
    """A label: no markup, and `:words:` in it stay words."""
    shown = literal(text)
    return PlainTextObject(text=shorten(shown, longest) if longest else shown, emoji=False)


def header(text: str) -> HeaderBlock:
    return HeaderBlock(text=plain(text, LONGEST_HEADER))


def section(*lines: str, accessory: InteractiveElement | None = None) -> SectionBlock:
    """Lines of mrkdwn, whatever is from people already escaped; empty ones are left out."""
    return SectionBlock(
        text=markdown("\n".join(line for line in lines if line)), accessory=accessory
    )


def small_print(*lines: str) -> ContextBlock:
    return ContextBlock(elements=[markdown("\n".join(line for line in lines if line))])


def quoted(words: str, longest: int = LONGEST_IN_MESSAGE) -> list[Block]:
    """What a person wrote, set off as a quotation, letter by letter.

    Rich text has no markup of its own: `2~3` and `*` stay what they are, where mrkdwn would strike
    clinical words through.
    """
    text = literal(words)
    pieces = split(shorten(text, longest), _PIECE)
    if len(text) > longest:
        pieces.append("The rest is in the record.")
    return [
        RichTextBlock(
            elements=[RichTextQuoteElement(elements=[RichTextElementParts.Text(text=piece)])]
        )
        for piece in pieces
    ]


def facts(*named: tuple[str, str]) -> RichTextBlock:
    """Names and values, a line each, the values letter by letter; empty ones are left out."""
    parts: list[RichTextElementParts.Text] = []
    for name, value in named:
        shown = literal(value)
        if not shown:
            continue
        before = "\n" if parts else ""
        parts.append(
            RichTextElementParts.Text(
                text=f"{before}{name}: ", style=RichTextElementParts.TextStyle(bold=True)
            )
        )
        parts.append(RichTextElementParts.Text(text=shorten(shown, _PIECE)))
    return RichTextBlock(elements=[RichTextSectionElement(elements=parts)])


def button(
    action: Action,
    text: str,
    carries: Carried | None = None,
    *,
    says: str = "",
    style: str | None = None,
    confirm: ConfirmObject | None = None,
) -> ButtonElement:
    """A button; `says` is read out instead of its text, where that alone is ambiguous."""
    return ButtonElement(
        action_id=action.value,
        text=plain(text, LONGEST_BUTTON),
        value=carries.write() if carries else None,
        style=style,
        confirm=confirm,
        accessibility_label=shorten(literal(says), LONGEST_BUTTON) if says else None,
    )


def link(action: Action, text: str, url: str | None) -> list[ButtonElement]:
    """A button that opens `url`, or none where there is no address."""
    if url is None:
        return []
    return [LinkButtonElement(action_id=action.value, text=plain(text, LONGEST_BUTTON), url=url)]


def actions(elements: Iterable[InteractiveElement]) -> list[Block]:
    """The buttons in a row, or nothing if there are none."""
    found = list(elements)
    return [ActionsBlock(elements=found)] if found else []


def are_you_sure(title: str, text: str, yes: str, no: str) -> ConfirmObject:
    return ConfirmObject(title=plain(title), text=plain(text), confirm=plain(yes), deny=plain(no))
