"""Whatever slack_sdk's own models build within Slack's limits is taken."""

import json
from typing import TypeVar

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import JsonValue
from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    BlockElement,
    ButtonElement,
    ChannelMultiSelectElement,
    ChannelSelectElement,
    CheckboxesElement,
    ConfirmObject,
    ContextBlock,
    ConversationFilter,
    ConversationMultiSelectElement,
    ConversationSelectElement,
    DatePickerElement,
    DateTimePickerElement,
    DividerBlock,
    EmailInputElement,
    ExternalDataMultiSelectElement,
    ExternalDataSelectElement,
    HeaderBlock,
    ImageBlock,
    ImageElement,
    InputBlock,
    MarkdownTextObject,
    NumberInputElement,
    Option,
    OptionGroup,
    OverflowMenuElement,
    PlainTextInputElement,
    PlainTextObject,
    RadioButtonsElement,
    RichTextBlock,
    RichTextElementParts,
    RichTextInputElement,
    RichTextListElement,
    RichTextPreformattedElement,
    RichTextQuoteElement,
    RichTextSectionElement,
    SectionBlock,
    StaticMultiSelectElement,
    StaticSelectElement,
    TimePickerElement,
    UrlInputElement,
    UserMultiSelectElement,
    UserSelectElement,
)
from slack_sdk.models.blocks.basic_components import DispatchActionConfig
from slack_sdk.models.blocks.block_elements import FileInputElement
from slack_sdk.models.views import View

from bot.sandbox.blockkit import check_message, check_view, fill_ids

PATIENT = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))

T = TypeVar("T")


def words(most: int) -> st.SearchStrategy[str]:
    return st.one_of(st.text(min_size=1, max_size=min(most, 20)), st.just("x" * most))


def plain(most: int) -> st.SearchStrategy[PlainTextObject]:
    return st.builds(PlainTextObject, text=words(most), emoji=st.sampled_from([None, True, False]))


def mrkdwn(most: int) -> st.SearchStrategy[MarkdownTextObject]:
    return st.builds(
        MarkdownTextObject, text=words(most), verbatim=st.sampled_from([None, True, False])
    )


def maybe(strategy: st.SearchStrategy[T]) -> st.SearchStrategy[T | None]:
    return st.one_of(st.none(), strategy)


USER = st.integers(1, 999).map(lambda number: f"U{number}")
CHANNEL = st.integers(1, 999).map(lambda number: f"C{number}")
PLACEHOLDER = maybe(plain(150))
FLAG = st.sampled_from([None, True, False])
DAY = st.dates().map(lambda day: day.isoformat())
TIME = st.times().map(lambda time: time.strftime("%H:%M"))
CONFIRM = maybe(
    st.builds(
        ConfirmObject,
        title=plain(100),
        text=st.one_of(plain(300), mrkdwn(300)),
        confirm=plain(30),
        deny=plain(30),
        style=st.sampled_from([None, "primary", "danger"]),
    )
)
DISPATCH = maybe(
    st.builds(
        DispatchActionConfig,
        trigger_actions_on=st.lists(
            st.sampled_from(["on_enter_pressed", "on_character_entered"]),
            min_size=1,
            max_size=2,
            unique=True,
        ),
    )
)
KINDS = st.sampled_from(["im", "mpim", "private", "public"])
FILTER = maybe(
    st.builds(
        ConversationFilter,
        include=st.lists(
            st.sampled_from(["im", "mpim", "private", "public"]), min_size=1, max_size=4
        ),
        exclude_bot_users=FLAG,
        exclude_external_shared_channels=FLAG,
    )
)


def option(number: int) -> Option:
    return Option(value=f"v{number}", text=PlainTextObject(text=f"Option {number}"))


def options(most: int) -> st.SearchStrategy[list[Option]]:
    return st.one_of(st.integers(1, 5), st.just(most)).map(
        lambda count: [option(number) for number in range(min(count, most))]
    )


@st.composite
def choosing_one(
    draw: st.DrawFn, kind: type[StaticSelectElement] | type[RadioButtonsElement], most: int
) -> BlockElement:
    offered = draw(options(most))
    initial = draw(maybe(st.sampled_from(offered)))
    return kind(options=offered, initial_option=initial, confirm=draw(CONFIRM))


@st.composite
def choosing_many(
    draw: st.DrawFn, kind: type[StaticMultiSelectElement] | type[CheckboxesElement], most: int
) -> BlockElement:
    offered = draw(options(most))
    several = st.lists(st.sampled_from(offered), min_size=1, unique_by=lambda item: item.value)
    initial = draw(maybe(several))
    return kind(options=offered, initial_options=initial, confirm=draw(CONFIRM))


@st.composite
def grouped(draw: st.DrawFn) -> BlockElement:
    groups = [
        OptionGroup(label=draw(plain(75)), options=draw(options(100)))
        for _ in range(draw(st.integers(1, 4)))
    ]
    return StaticSelectElement(option_groups=groups, placeholder=draw(PLACEHOLDER))


@st.composite
def numbers(draw: st.DrawFn) -> BlockElement:
    least, first, most = sorted(draw(st.tuples(*[st.integers(-1000, 1000)] * 3)))
    return NumberInputElement(
        is_decimal_allowed=draw(st.booleans()),
        min_value=draw(maybe(st.just(least))),
        initial_value=draw(maybe(st.just(first))),
        max_value=draw(maybe(st.just(most))),
        placeholder=draw(PLACEHOLDER),
    )


@st.composite
def typed(draw: st.DrawFn) -> BlockElement:
    least, most = sorted(draw(st.tuples(st.integers(1, 3000), st.integers(1, 3000))))
    return PlainTextInputElement(
        multiline=draw(FLAG),
        min_length=draw(maybe(st.just(least))),
        max_length=draw(maybe(st.just(most))),
        initial_value=draw(maybe(st.just("x" * most))),
        placeholder=draw(PLACEHOLDER),
        dispatch_action_config=draw(DISPATCH),
    )


STYLE = maybe(
    st.builds(RichTextElementParts.TextStyle, bold=FLAG, italic=FLAG, strike=FLAG, code=FLAG)
)
PARTS = RichTextElementParts
# The models leave empty lists out of what they send, which Slack then misses.
PIECES = st.lists(
    st.one_of(
        st.builds(PARTS.Text, text=words(50), style=STYLE),
        st.builds(PARTS.Link, url=st.just("https://example.com"), text=words(20), style=STYLE),
        st.builds(PARTS.User, user_id=USER, style=STYLE),
        st.builds(PARTS.Channel, channel_id=CHANNEL, style=STYLE),
        st.builds(PARTS.Emoji, name=st.just("wave")),
        st.builds(PARTS.Broadcast, range=st.sampled_from(["here", "channel", "everyone"])),
        st.builds(PARTS.Date, timestamp=st.integers(0, 2**31), format=st.just("{date_num}")),
    ),
    min_size=1,
    max_size=4,
)
SECTIONS = st.builds(RichTextSectionElement, elements=PIECES)
RICH = st.builds(
    RichTextBlock,
    elements=st.lists(
        st.one_of(
            SECTIONS,
            st.builds(
                RichTextListElement,
                style=st.sampled_from(["bullet", "ordered"]),
                indent=st.integers(0, 8),
                elements=st.lists(SECTIONS, min_size=1, max_size=3),
            ),
            st.builds(RichTextQuoteElement, elements=PIECES),
            st.builds(RichTextPreformattedElement, elements=PIECES),
        ),
        min_size=1,
        max_size=3,
    ),
)

IMAGE = st.builds(
    ImageElement, image_url=st.just("https://example.com/a.png"), alt_text=words(2000)
)
BUTTON = st.builds(
    ButtonElement,
    text=plain(75),
    value=maybe(words(2000)),
    style=st.sampled_from([None, "primary", "danger"]),
    url=st.sampled_from([None, "https://example.com/a"]),
    confirm=CONFIRM,
    accessibility_label=maybe(words(75)),
)
OVERFLOW = st.builds(OverflowMenuElement, options=options(5), confirm=CONFIRM)
PICKERS = st.one_of(
    choosing_one(StaticSelectElement, 100),
    grouped(),
    st.builds(
        ExternalDataSelectElement, placeholder=PLACEHOLDER, min_query_length=st.integers(0, 9)
    ),
    st.builds(UserSelectElement, placeholder=PLACEHOLDER, initial_user=maybe(USER)),
    st.builds(ChannelSelectElement, placeholder=PLACEHOLDER, initial_channel=maybe(CHANNEL)),
    st.builds(
        ConversationSelectElement,
        placeholder=PLACEHOLDER,
        initial_conversation=maybe(CHANNEL),
        default_to_current_conversation=FLAG,
        filter=FILTER,
    ),
    st.builds(DatePickerElement, placeholder=PLACEHOLDER, initial_date=maybe(DAY)),
    st.builds(
        TimePickerElement,
        placeholder=PLACEHOLDER,
        initial_time=maybe(TIME),
        timezone=st.sampled_from([None, "Europe/Berlin"]),
    ),
    choosing_one(RadioButtonsElement, 10),
    choosing_many(CheckboxesElement, 10),
)
MULTI_SELECTS = st.one_of(
    choosing_many(StaticMultiSelectElement, 100),
    st.builds(ExternalDataMultiSelectElement, placeholder=PLACEHOLDER),
    st.builds(
        UserMultiSelectElement,
        initial_users=maybe(st.lists(USER, max_size=3)),
        max_selected_items=maybe(st.integers(3, 9)),
    ),
    st.builds(ChannelMultiSelectElement, initial_channels=maybe(st.lists(CHANNEL, max_size=3))),
    st.builds(ConversationMultiSelectElement, filter=FILTER),
)
MOMENT = st.builds(DateTimePickerElement, initial_date_time=maybe(st.integers(0, 9_999_999_999)))
TYPED_ANYWHERE = st.one_of(typed(), PICKERS, MULTI_SELECTS)
TYPED_IN_MODALS = st.one_of(
    TYPED_ANYWHERE,
    MOMENT,
    numbers(),
    st.builds(EmailInputElement, placeholder=PLACEHOLDER),
    st.builds(UrlInputElement, placeholder=PLACEHOLDER, dispatch_action_config=DISPATCH),
    st.builds(RichTextInputElement, placeholder=PLACEHOLDER, initial_value=maybe(RICH)),
    st.builds(FileInputElement, max_files=maybe(st.integers(1, 10))),
)


def inputs(fields: st.SearchStrategy[BlockElement]) -> st.SearchStrategy[Block]:
    return st.builds(
        InputBlock,
        label=plain(2000),
        element=fields,
        hint=maybe(plain(2000)),
        optional=FLAG,
        dispatch_action=FLAG,
    )


def rows(moments: st.SearchStrategy[BlockElement]) -> st.SearchStrategy[Block]:
    usable = st.one_of(BUTTON, OVERFLOW, PICKERS, moments)
    return st.builds(ActionsBlock, elements=st.lists(usable, min_size=1, max_size=5))


SHOWN = st.one_of(
    st.builds(
        SectionBlock,
        text=st.one_of(plain(3000), mrkdwn(3000)),
        fields=st.lists(mrkdwn(2000), max_size=3),
        accessory=maybe(st.one_of(IMAGE, BUTTON, OVERFLOW, PICKERS, MULTI_SELECTS)),
    ),
    st.builds(SectionBlock, fields=st.lists(mrkdwn(200), min_size=1, max_size=10)),
    st.builds(DividerBlock),
    st.builds(HeaderBlock, text=plain(150)),
    st.builds(
        ImageBlock,
        image_url=st.just("https://example.com/a.png"),
        alt_text=words(2000),
        title=maybe(plain(2000)),
    ),
    st.builds(
        ContextBlock,
        elements=st.lists(st.one_of(IMAGE, mrkdwn(2000), plain(200)), min_size=1, max_size=10),
    ),
    RICH,
)


def wire(blocks: list[Block]) -> list[JsonValue]:
    """As the client sends them: to JSON and back."""
    parsed: list[JsonValue] = json.loads(json.dumps([block.to_dict() for block in blocks]))
    return parsed


@given(blocks=st.lists(st.one_of(SHOWN, rows(MOMENT), inputs(TYPED_ANYWHERE)), max_size=2))
@PATIENT
def test_a_message_that_the_sdk_builds_is_taken(blocks: list[Block]) -> None:
    built = wire(blocks)

    # The sum of all texts is a limit of its own, which the models don't know.
    problems = [p for p in check_message(built, "x") if p.code != "msg_blocks_too_long"]
    assert problems == []
    filled = fill_ids(built)
    assert [p for p in check_message(filled, "x") if p.code != "msg_blocks_too_long"] == []


MODALS = st.builds(
    View,
    type=st.just("modal"),
    title=plain(24),
    submit=plain(24),
    close=maybe(plain(24)),
    blocks=st.lists(
        st.one_of(SHOWN, rows(MOMENT), inputs(TYPED_IN_MODALS)), min_size=1, max_size=3
    ),
    private_metadata=st.sampled_from([None, "x" * 3000]),
    callback_id=st.sampled_from([None, "x" * 255]),
    external_id=st.sampled_from([None, "x" * 255]),
    clear_on_close=FLAG,
    notify_on_close=FLAG,
)


@given(view=MODALS)
@PATIENT
def test_a_modal_that_the_sdk_builds_is_taken(view: View) -> None:
    built: JsonValue = json.loads(json.dumps(view.to_dict()))

    assert check_view(built) == []


@given(
    blocks=st.lists(
        st.one_of(SHOWN, rows(st.nothing()), inputs(TYPED_ANYWHERE)), min_size=1, max_size=3
    )
)
@PATIENT
def test_a_home_that_the_sdk_builds_is_taken(blocks: list[Block]) -> None:
    built: JsonValue = json.loads(json.dumps(View(type="home", blocks=blocks).to_dict()))

    assert check_view(built) == []
