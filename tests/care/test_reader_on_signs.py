"""Each warning sign in the many words that people have for it, said and not said to be there."""

import json
from datetime import date

import pytest

from bot.care.reader import read_note
from bot.care.rules import load_rules
from tests.care.scoring import NOTES

RULES = load_rules()
POSTED = date(2026, 5, 5)
PHRASES = json.loads((NOTES / "sign-phrases.json").read_text("utf-8"))


def flags(text: str) -> set[str]:
    return {flag.code.value for flag in read_note(text, POSTED, RULES).red_flags}


@pytest.mark.parametrize("code", sorted(PHRASES["present"]))
def test_a_sign_is_seen_in_many_words(code: str) -> None:
    said = PHRASES["present"][code]
    missed = [words for words in said if code not in flags(f"MLD arms 30 min. {words}.")]
    assert not missed


@pytest.mark.parametrize("frame", PHRASES["not_present"])
def test_a_sign_denied_past_warned_of_or_of_others_is_not_present(frame: str) -> None:
    """`{}` in the frame stands for each sign in turn."""
    named = [words for several in PHRASES["named"].values() for words in several]
    seen = [words for words in named if flags(frame.format(words))]
    assert not seen


@pytest.mark.parametrize(("code", "text"), PHRASES["present_although"])
def test_a_sign_is_seen_although_a_denial_a_warning_or_another_person_stands_near(
    code: str, text: str
) -> None:
    assert code in flags(text)
    assert code in flags(f"MLD arms 30 min. {text}.")


def test_plain_notes_of_nothing_raise_few_false_alarms() -> None:
    """Warm towels, a red dress, burning calories: words of signs in sentences without any."""
    said = [line for line in (NOTES / "uneventful.txt").read_text("utf-8").splitlines() if line]
    wrong = [line for line in said if flags(f"MLD arms 30 min. {line}. Pain 3/10")]
    print(f"uneventful: {len(wrong)} of {len(said)} raise a false alarm")  # noqa: T201
    assert len(wrong) <= len(said) * 0.05, wrong
