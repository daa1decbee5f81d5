"""Every length and count that Slack limits in blocks."""

from tests.sandbox.blockkit.measures import (
    MESSAGE,
    address,
    at_least_one,
    at_most,
    characters,
    context,
    of_image,
    of_video,
    several,
    something,
)
from tests.sandbox.blockkit.wire import (
    actions,
    button,
    cell,
    element,
    input_block,
    mrkdwn,
    plain,
    rich_section,
    rich_text,
    section,
    table,
)

BLOCKS = [
    characters("section text", lambda text: section(text=mrkdwn(text)), 3000, "/text/text"),
    something("section text", lambda text: section(text=mrkdwn(text)), "/text/text"),
    characters("section plain text", lambda text: section(text=plain(text)), 3000, "/text/text"),
    at_most("section fields", lambda n: section(fields=[mrkdwn()] * n), 10, "/fields"),
    at_least_one("section fields", lambda n: section(fields=[mrkdwn()] * n), "/fields"),
    characters(
        "section field", lambda text: section(fields=[mrkdwn(text)]), 2000, "/fields/0/text"
    ),
    characters("block_id", lambda text: section(block_id=text), 255, "/block_id"),
    characters("header", lambda text: {"type": "header", "text": plain(text)}, 150, "/text/text"),
    something("header", lambda text: {"type": "header", "text": plain(text)}, "/text/text"),
    characters("image alt text", lambda text: of_image(alt_text=text), 2000, "/alt_text"),
    characters("image title", lambda text: of_image(title=plain(text)), 2000, "/title/text"),
    characters("image url", lambda text: of_image(image_url=address(text)), 3000, "/image_url"),
    at_most("context elements", lambda n: context(*[mrkdwn()] * n), 10, "/elements"),
    at_least_one("context elements", lambda n: context(*[mrkdwn()] * n), "/elements"),
    characters("context text", lambda text: context(mrkdwn(text)), 3000, "/elements/0/text"),
    at_most("actions elements", lambda n: actions(*[button()] * n), 25, "/elements"),
    at_least_one("actions elements", lambda n: actions(*[button()] * n), "/elements"),
    characters("input label", lambda text: input_block(label=plain(text)), 2000, "/label/text"),
    something("input label", lambda text: input_block(label=plain(text)), "/label/text"),
    characters("input hint", lambda text: input_block(hint=plain(text)), 2000, "/hint/text"),
    something(
        "rich text piece",
        lambda text: rich_text(rich_section({"type": "text", "text": text})),
        "/elements/0/elements/0/text",
    ),
    characters(
        "markdown", lambda text: {"type": "markdown", "text": text}, 12_000, "/text", MESSAGE
    ),
    something("markdown", lambda text: {"type": "markdown", "text": text}, "/text", MESSAGE),
    at_most("table rows", lambda n: table([[cell()]] * n), 100, "/rows", MESSAGE),
    at_least_one("table rows", lambda n: table([[cell()]] * n), "/rows", MESSAGE),
    at_most("table cells", lambda n: table([[cell()] * n]), 20, "/rows/0", MESSAGE),
    something("table cell", lambda text: table([[cell(text)]]), "/rows/0/0/text", MESSAGE),
    at_most(
        "table columns",
        lambda n: table([[cell()]], column_settings=[{"align": "right"}] * n),
        20,
        "/column_settings",
        MESSAGE,
    ),
    characters("video title", lambda text: of_video(title=plain(text)), 199, "/title/text"),
    characters("video author", lambda text: of_video(author_name=text), 49, "/author_name"),
    at_most(
        "context actions",
        lambda n: {
            "type": "context_actions",
            "elements": several(lambda _: element("icon_button"), n),
        },
        5,
        "/elements",
        MESSAGE,
    ),
]
