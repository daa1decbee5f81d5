"""What was sent with a reply: photos belong to the session, recordings can't be heard."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class ReplyWord(StrEnum):
    """What the author of a reply has to know at once, as nobody else will say it."""

    FILE_ALONE = "file_alone"
    """A photo or file without a word: nothing of it is read."""
    RECORDING = "recording"
    """A voice or video message: nothing that is said in it is heard."""
    TOO_EARLY = "too_early"
    """An update of a referral that is not accepted yet: no session."""
    NOT_UNDER_WAY = "not_under_way"
    """An update of a case that is finished, declined or cancelled: no session."""


@dataclass(frozen=True)
class Attached:
    """The files of a message: photos by Slack's ids, and whether there are others."""

    photos: tuple[str, ...] = ()
    has_recording: bool = False
    has_other: bool = False

    @classmethod
    def of(cls, files: Iterable[tuple[str, str]]) -> "Attached":
        """By id and media type; of what is not said nothing is known."""
        photos: list[str] = []
        kinds: set[str] = set()
        for file_id, media_type in files:
            kind = media_type.partition("/")[0]
            kinds.add(kind)
            if kind == "image":
                photos.append(file_id)
        return cls(
            tuple(dict.fromkeys(photos)),
            has_recording=bool(kinds & {"audio", "video"}),
            has_other=bool(kinds - {"image", "audio", "video"}),
        )

    @property
    def is_none(self) -> bool:
        return self == NOTHING


NOTHING = Attached()
