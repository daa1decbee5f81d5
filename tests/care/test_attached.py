"""Files beside a reply: photos are a session's, recordings can't be heard."""

from bot.care.attached import NOTHING, Attached
from bot.care.session import SessionFields, StoredReading


def test_files_are_told_apart_by_their_media_type() -> None:
    found = Attached.of([("F1", "image/jpeg"), ("F2", "audio/mp4"), ("F1", "image/jpeg")])
    assert found == Attached(photos=("F1",), has_recording=True)
    assert Attached.of([("F3", "video/mp4")]).has_recording
    assert Attached.of([("F4", "application/pdf")]) == Attached(has_other=True)
    assert Attached.of([("F5", "")]) == Attached(has_other=True)  # Slack does not say
    assert Attached.of([]) == NOTHING


def test_photos_of_a_reply_outlive_an_edit_of_its_words() -> None:
    held = StoredReading(fields=SessionFields(photos=("F1",))).with_photos(("F2", "F1"))
    edited = StoredReading(fields=SessionFields(pain_after=2)).with_account_of(held)

    assert edited.fields == SessionFields(pain_after=2, photos=("F1", "F2"))
    assert edited.with_photos(()) == edited
