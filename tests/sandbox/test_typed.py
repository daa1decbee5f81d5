"""What a person types becomes a message's text the way Slack's client does it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bot.clock import MovableClock
from bot.sandbox.people.typed import as_blocks, as_text, unescape
from bot.sandbox.state import channels, people
from bot.sandbox.state.workspace import Workspace, fresh_state
from tests.sandbox.conftest import MORNING


@pytest.fixture(scope="module")
def workspace() -> Workspace:
    made = Workspace(MovableClock(MORNING, ticking=False), fresh_state())
    lee = people.add(made, name="sam.lee", real_name="Sam Lee", user_id="U0LEE")
    channels.create(made, lee.id, "clinic", private=False)
    channels.create(made, lee.id, "secret", private=True)
    return made


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("a < b & c > d", "a &lt; b &amp; c &gt; d"),
        ("thanks @sam.lee", "thanks <@U0LEE>"),
        ("thanks @nobody", "thanks @nobody"),
        ("mail sam@sam.lee now", "mail sam@sam.lee now"),
        ("all @channel", "all <!channel>"),
        ("see https://a.example/x?y=1, then", "see <https://a.example/x?y=1>, then"),
        ("<@U0LEE> from a completion", "<@U0LEE> from a completion"),
        ("<@nobody> <!date^1> <script>", "&lt;@nobody&gt; &lt;!date^1&gt; &lt;script&gt;"),
        ("in #secret", "in #secret"),
        ("شكرا \u200b 👍🏽", "شكرا \u200b 👍🏽"),
    ],
)
def test_typing(workspace: Workspace, typed: str, text: str) -> None:
    assert as_text(workspace, typed) == text


def test_a_public_channel_is_linked_by_its_id(workspace: Workspace) -> None:
    place = next(one for one in workspace.state.channels.values() if one.name == "clinic")
    assert as_text(workspace, "in #clinic") == f"in <#{place.id}|clinic>"


@given(some.text(some.characters(exclude_characters="@#:<", exclude_categories=["Cs"])))
def test_words_without_marks_come_back_as_they_were(workspace: Workspace, typed: str) -> None:
    text = as_text(workspace, typed)
    assert unescape(text) == typed
    shown = as_blocks(text, "b")
    elements = shown[0]["elements"] if shown else []
    assert isinstance(elements, list)
    assert str(elements).count("'type': 'text'") == (1 if typed else 0)


@given(some.text(some.sampled_from("<>&@#!:|^ aU0LEchannel/.")))
def test_nothing_typed_leaves_a_bare_angle_bracket(workspace: Workspace, typed: str) -> None:
    text = as_text(workspace, typed)
    for token in ("<@U0LEE>", "<!channel>"):
        text = text.replace(token, "")
    kept = text.split("<")[1:]
    assert all(part.startswith(("@U", "#C", "!channel", "http")) for part in kept)
