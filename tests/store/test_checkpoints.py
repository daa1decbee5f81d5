"""A checkpoint outside is proof only if this bot signed it, and nobody changed a letter since."""

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.store.audit import AuditCheckpoint
from bot.store.checkpoints import CheckpointInvalid, CheckpointSigner

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
END = AuditCheckpoint(7, bytes(range(32)))
SIGNER = CheckpointSigner(bytes(range(32)))
LINE = SIGNER.sign(END, NOON.astimezone(timezone(timedelta(hours=5))))


def test_what_was_signed_is_read_again() -> None:
    assert [(one.end, one.at) for one in SIGNER.read([LINE, "", LINE])] == [(END, NOON)] * 2
    assert json.loads(LINE)["at"] == "2026-03-02T12:00:00+00:00"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"seq": 8}, "was changed"),
        ({"seq": -1}, "is no checkpoint"),
        ({"mac": "0" * 64}, "was changed"),
        ({"mac": "0" * 63}, "is no checkpoint"),
        ({"at": "2026-03-02T12:00:01+00:00"}, "was changed"),
        ({"at": "noon"}, "is no checkpoint"),
        ({"kind": "another"}, "is no checkpoint"),
        ({"signature": "A" * 88}, "was changed"),
        ({"signature": "no base64"}, "was changed"),
        ({"beside": 1}, "is no checkpoint"),
    ],
    ids=str,
)
def test_a_changed_field_is_named_by_its_line(change: dict[str, object], words: str) -> None:
    changed = json.dumps(json.loads(LINE) | change)
    with pytest.raises(CheckpointInvalid, match=f"^line 3 {words}"):
        SIGNER.read([LINE, "", changed])


def test_another_key_signs_nothing_here() -> None:
    theirs = CheckpointSigner(bytes(32)).sign(END, NOON)
    with pytest.raises(CheckpointInvalid, match=r"^line 1 was signed by another key"):
        SIGNER.read([theirs])
    # Nor does it when it writes this bot's key above its own signature.
    forged = json.dumps(json.loads(theirs) | {"key": SIGNER.public_key})
    with pytest.raises(CheckpointInvalid, match=r"^line 1 was changed"):
        SIGNER.read([forged])


@given(
    place=st.integers(0, len(LINE) - 1), letter=st.characters(min_codepoint=32, max_codepoint=126)
)
def test_no_letter_can_be_changed(place: int, letter: str) -> None:
    changed = LINE[:place] + letter + LINE[place + 1 :]
    try:
        read = SIGNER.read([changed])
    except CheckpointInvalid:
        return
    # A space for a space, or a letter that stands for the same bits at the end of a signature.
    assert [(one.end, one.at) for one in read] == [(END, NOON)]
