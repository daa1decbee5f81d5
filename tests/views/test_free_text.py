"""What people type comes out as they typed it, and does nothing on its way."""

import unicodedata
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.shown.case import ShownConcernWords
from bot.views import gallery as samples
from bot.views.as_text import as_text
from bot.views.concern_news import draw_concern_decided
from bot.views.concern_view import ConcernView
from bot.views.text import escape, mention, people, shorten, split, when

TRICKS = st.sampled_from(
    [
        "<!channel>",
        "<!here|here>",
        "<!subteam^S1>",
        "<@U0EVIL>",
        "<#C0EVIL|x>",
        "<https://evil.example|your bank>",
        "<mailto:a@b.c>",
        "<javascript:x>",
        "<!date^1^{date}^https://evil.example|now>",
        "@channel",
        "&lt;!channel&gt;",
        "\u202e<!everyone>\u202c",
        "<\u200b!channel>",
        "https://evil.example",
        "*~_`",
        "\u200d",
        "\x00",
        ":wave:",
    ]
)
TYPED = st.lists(TRICKS | st.text(max_size=30), max_size=6).map("".join)


@settings(deadline=None)
@given(st.text(st.characters(exclude_categories=["C"]), min_size=1, max_size=300))
def test_words_of_a_concern_are_shown_letter_by_letter(words: str) -> None:
    normal = unicodedata.normalize("NFC", words).strip()
    drawn = as_text(ConcernView.view(ShownConcernWords(samples.CONCERN, words)))
    shown = "\n".join(line[2:] for line in drawn.split("\n") if line.startswith("> "))
    if normal.replace("\u200c", "").replace("\u200d", "").strip() and "<" not in normal:
        assert shown == normal.strip("\u200c\u200d").strip()


def test_signs_that_markup_would_swallow_stay_in_clinical_words() -> None:
    words = "Pain ~3~ at rest, *5* moving; temp >38 & <39; see _note_ `x`"
    assert f"> {words}" in as_text(ConcernView.view(ShownConcernWords(samples.CONCERN, words)))


def test_right_to_left_words_and_emoji_families_stay_whole() -> None:
    words = "\u0627\u0644\u0645 \u0634\u062f\u064a\u062f \U0001f468\u200d\U0001f469\u200d\U0001f467"
    assert f"> {words}" in as_text(ConcernView.view(ShownConcernWords(samples.CONCERN, words)))


@settings(deadline=None)
@given(st.text(max_size=500), st.integers(2, 60))
def test_splitting_loses_nothing_but_white_space_at_the_breaks(text: str, longest: int) -> None:
    pieces = split(text, longest)
    assert all(0 < len(piece) <= longest for piece in pieces)
    assert "".join("".join(pieces).split()) == "".join(text.split())


def test_a_long_text_is_broken_between_words() -> None:
    assert split("one two three four", 9) == ["one two", "three", "four"]


def test_a_text_that_is_too_long_for_a_message_says_where_the_rest_is() -> None:
    long = draw_concern_decided(replace(samples.acknowledged(), decision_note="word " * 3000))
    assert as_text(long).endswith("\u2026\n> The rest is in the record.")


def test_shortened_text_ends_in_an_ellipsis() -> None:
    assert shorten("abcdef", 4) == "abc\u2026"
    assert shorten("abcd", 4) == "abcd"


@pytest.mark.parametrize("bad", ["", "u0lee", "U", "C0LEE", "U0LEE>", "U0LEE|x", "!channel", "U\n"])
def test_only_a_user_id_becomes_a_mention(bad: str) -> None:
    with pytest.raises(ValueError, match="user id"):
        mention(bad)


def test_people_are_listed_as_one_would_say_it() -> None:
    assert people([]) == ""
    assert people(["U1", "U1"]) == "<@U1>"
    assert people(["U1", "U2"]) == "<@U1> and <@U2>"
    assert people(["U1", "U2", "U3"]) == "<@U1>, <@U2> and <@U3>"
    assert people(f"U{n}" for n in range(10)).endswith("<@U7> and 2 more")


def test_a_time_is_shown_in_the_readers_own_zone_and_falls_back_to_utc() -> None:
    new_york = datetime(2026, 4, 14, 17, 5, tzinfo=timezone(timedelta(hours=-4)))
    assert when(new_york) == (
        "<!date^1776200700^{date_short_pretty} at {time}|April 14, 2026 at 21:05 UTC>"
    )
    assert when(new_york) == when(new_york.astimezone(UTC))


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        when(datetime(2026, 4, 14, 17, 5))  # noqa: DTZ001


def test_escaping_is_slacks_own() -> None:
    assert escape("a < b & c > d") == "a &lt; b &amp; c &gt; d"
