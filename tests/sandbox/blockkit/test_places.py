"""Which element may stand in which block, and which block is shown where."""

import pytest

from bot.sandbox.blockkit import JsonObject, Surface
from bot.sandbox.blockkit.blocks import BLOCKS
from bot.sandbox.blockkit.elements import ELEMENTS
from tests.sandbox.blockkit.measures import context, of_image, of_video
from tests.sandbox.blockkit.wire import (
    CODES,
    ROOTS,
    actions,
    cell,
    element,
    input_block,
    line,
    mrkdwn,
    plain,
    problems_on,
    rich_section,
    rich_text,
    section,
    table,
)

EVERYWHERE = "message modal home"
SECTION_ACTIONS_INPUT = "section actions input"

# From Slack's pages of each element; the two notes are answers measured on real workspaces.
ELEMENT_PLACES = {
    "button": ("section actions", EVERYWHERE),
    "workflow_button": ("section actions", "message"),
    "overflow": ("section actions", EVERYWHERE),
    "image": ("section context", EVERYWHERE),
    "checkboxes": (SECTION_ACTIONS_INPUT, EVERYWHERE),
    "radio_buttons": (SECTION_ACTIONS_INPUT, EVERYWHERE),
    "static_select": (SECTION_ACTIONS_INPUT, EVERYWHERE),
    "external_select": (SECTION_ACTIONS_INPUT, EVERYWHERE),
    "users_select": (SECTION_ACTIONS_INPUT, EVERYWHERE),
    "channels_select": (SECTION_ACTIONS_INPUT, EVERYWHERE),
    "conversations_select": (SECTION_ACTIONS_INPUT, EVERYWHERE),
    "multi_static_select": ("section input", EVERYWHERE),  # measured: refused in actions
    "multi_external_select": ("section input", EVERYWHERE),
    "multi_users_select": ("section input", EVERYWHERE),
    "multi_channels_select": ("section input", EVERYWHERE),
    "multi_conversations_select": ("section input", EVERYWHERE),
    "datepicker": (SECTION_ACTIONS_INPUT, EVERYWHERE),
    "timepicker": (SECTION_ACTIONS_INPUT, EVERYWHERE),
    "datetimepicker": ("actions input", "message modal"),
    "plain_text_input": ("input", EVERYWHERE),
    "email_text_input": ("input", "message modal"),  # measured: taken in messages
    "url_text_input": ("input", "message modal"),
    "number_input": ("input", "modal"),
    "rich_text_input": ("input", "modal home"),
    "file_input": ("input", "modal"),
    "feedback_buttons": ("context_actions", "message"),
    "icon_button": ("context_actions", "message"),
}

BLOCK_PLACES: dict[str, tuple[JsonObject, str]] = {
    "section": (section(), EVERYWHERE),
    "divider": ({"type": "divider"}, EVERYWHERE),
    "header": ({"type": "header", "text": plain()}, EVERYWHERE),
    "image": (of_image(), EVERYWHERE),
    "actions": (actions(element("button")), EVERYWHERE),
    "context": (context(mrkdwn()), EVERYWHERE),
    "input": (input_block(), EVERYWHERE),
    "rich_text": (rich_text(rich_section({"type": "text", "text": "Hi"})), EVERYWHERE),
    "video": (of_video(), EVERYWHERE),
    "markdown": ({"type": "markdown", "text": "**Hi**"}, "message"),
    "table": (table([[cell()]]), "message"),
    "context_actions": (
        {"type": "context_actions", "elements": [element("icon_button")]},
        "message",
    ),
}


def holding(block: str, kind: str) -> tuple[JsonObject, str]:
    """A block that holds an element of `kind`, and where in it the element is."""
    field = element(kind)
    if block == "section":
        return section(accessory=field), "/accessory"
    if block == "input":
        return input_block(field), "/element"
    return {"type": block, "elements": [field]}, "/elements/0"


CASES = [
    pytest.param(kind, block, surface, id=f"{kind} in {block} [{surface}]")
    for kind in ELEMENT_PLACES
    for block in ("section", "actions", "input", "context", "context_actions")
    for surface in Surface
]


@pytest.mark.parametrize(("kind", "block", "surface"), CASES)
def test_an_element_stands_only_where_slack_lets_it(
    kind: str, block: str, surface: Surface
) -> None:
    blocks, surfaces = ELEMENT_PLACES[kind]
    held, where = holding(block, kind)
    in_place = block in blocks.split() and surface in surfaces.split()

    problems = problems_on(surface, held)

    if in_place:
        assert problems == []
    elif block == "context_actions" and surface is not Surface.MESSAGE:
        assert [problem.message for problem in problems] == [
            line("unsupported type: context_actions", f"{ROOTS[surface]}/0/type")
        ]
    elif block == "actions" and kind.startswith("multi_"):
        assert [problem.message for problem in problems] == [
            line("unsupported element: multiselect", f"{ROOTS[surface]}/0")
        ]
    else:
        assert [problem.message for problem in problems] == [
            line(f"unsupported type: {kind}", f"{ROOTS[surface]}/0{where}/type")
        ]
    assert {problem.code for problem in problems} <= {CODES[surface]}


@pytest.mark.parametrize("surface", Surface)
@pytest.mark.parametrize("kind", BLOCK_PLACES)
def test_a_block_is_shown_only_where_slack_shows_it(kind: str, surface: Surface) -> None:
    block, surfaces = BLOCK_PLACES[kind]

    problems = problems_on(surface, block)

    if surface in surfaces.split():
        assert problems == []
    else:
        assert [problem.message for problem in problems] == [
            line(f"unsupported type: {kind}", f"{ROOTS[surface]}/0/type")
        ]


def test_every_kind_is_in_these_tables() -> None:
    assert set(ELEMENT_PLACES) == {*ELEMENTS, "image"}
    assert set(BLOCK_PLACES) == set(BLOCKS)


@pytest.mark.parametrize(
    "kind",
    [
        "foo",
        "file",
        "call",
        "alert",
        "card",
        "carousel",
        "container",
        "plan",
        "task_card",
        "data_table",
        "data_visualization",
        "auth_provider",
        "mrkdwn",
    ],
)
@pytest.mark.parametrize("surface", Surface)
def test_a_kind_of_block_that_is_not_known_is_refused(kind: str, surface: Surface) -> None:
    problems = problems_on(surface, section(), {"type": kind})

    assert [problem.message for problem in problems] == [
        line(f"unsupported type: {kind}", f"{ROOTS[surface]}/1/type")
    ]
