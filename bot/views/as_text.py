"""What a person reads, without a client: the words of a message or a modal, line by line."""

from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    ButtonElement,
    ContextBlock,
    HeaderBlock,
    InputBlock,
    RichTextBlock,
    RichTextElementParts,
    RichTextQuoteElement,
    RichTextSectionElement,
    SectionBlock,
    TextObject,
)
from slack_sdk.models.views import View

from bot.views.message import Message


def as_text(shown: Message | View) -> str:
    """All of it, with `[buttons]`, `> quotations` and `Label: ____` for inputs."""
    lines: list[str] = []
    if isinstance(shown, View):
        lines.append(f"= {_text(shown.title)} =" if shown.title else "= Home =")
    else:
        lines.append(f"({shown.text})")
    for block in shown.blocks:
        lines += _block(block)
    if isinstance(shown, View) and shown.type == "modal":
        ends = [_text(one) for one in (shown.close, shown.submit) if one]
        lines.append(" ".join(f"[{one}]" for one in ends))
    return "\n".join(lines)


def _block(block: Block) -> list[str]:
    match block:
        case HeaderBlock():
            lines = [f"# {_text(block.text)}"]
        case SectionBlock(accessory=ButtonElement() as accessory):
            lines = [f"{_text(block.text)} {_button(accessory)}"]
        case SectionBlock():
            lines = [_text(block.text)]
        case ContextBlock():
            lines = [f"  {_text(one)}" for one in block.elements if isinstance(one, TextObject)]
        case ActionsBlock():
            buttons = [_button(one) for one in block.elements if isinstance(one, ButtonElement)]
            lines = [" ".join(buttons)]
        case InputBlock():
            lines = _input(block)
        case RichTextBlock():
            lines = [line for one in block.elements for line in _rich(one)]
        case _:
            lines = []
    return lines


def _input(block: InputBlock) -> list[str]:
    ends = " (optional)" if block.optional else ""
    hint = [f"  {_text(block.hint)}"] if block.hint else []
    return [f"{_text(block.label)}{ends}: ____", *_options(block), *hint]


def _options(block: InputBlock) -> list[str]:
    offered = getattr(block.element, "options", None) or []
    return [
        f"  ( ) {one.text}" + (f" - {one.description}" if one.description else "")
        for one in offered
    ]


def _rich(element: object) -> list[str]:
    if not isinstance(element, RichTextQuoteElement | RichTextSectionElement):
        return []
    words = "".join(
        part.text for part in element.elements if isinstance(part, RichTextElementParts.Text)
    )
    mark = "> " if isinstance(element, RichTextQuoteElement) else ""
    return [f"{mark}{line}" for line in words.split("\n")]


def _button(element: ButtonElement) -> str:
    return f"[{_text(element.text)}]"


def _text(text: TextObject | None) -> str:
    return (text.text if text else "") or ""
