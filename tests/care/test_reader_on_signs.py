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


def test_signs_in_short_messages_of_other_writers_are_seen_and_their_look_alikes_are_not() -> None:
    """One or two sentences each, many of them there to mislead."""
    lines = (NOTES / "sign-snippets.jsonl").read_text("utf-8").splitlines()
    right = extra = missed = 0
    mistakes: list[str] = []
    for line in lines:
        snippet = json.loads(line)
        posted = date.fromisoformat(snippet["posted_on"])
        seen = {flag.code.value for flag in read_note(snippet["text"], posted, RULES).red_flags}
        meant = set(snippet["red_flags"])
        right += len(seen & meant)
        extra += len(seen - meant)
        missed += len(meant - seen)
        if seen != meant:
            mistakes.append(f"{snippet['id']}: missed {meant - seen}, extra {seen - meant}")
    precision, recall = right / (right + extra), right / (right + missed)
    print(f"snippets: {len(lines)}, precision {precision:.3f}, recall {recall:.3f}")  # noqa: T201
    assert precision >= 0.97, mistakes
    assert recall >= 0.95, mistakes
