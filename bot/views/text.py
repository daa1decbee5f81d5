"""Strings as they go out to Slack: escaped, shortened, with people and times in Slack's own marks.

https://docs.slack.dev/messaging/formatting-message-text
"""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime

from bot.care.text import clean

_USER = re.compile(r"[UW][A-Z0-9]{1,20}")
# What opens a mention, a broadcast, a channel or a link when Slack reads a text as mrkdwn.
_OPENS_MARKUP = re.compile(r"<(?=[!@#|]|[a-z][a-z0-9+.\-]*:)", re.IGNORECASE)
_MOST_NAMED = 8


def escape(text: str) -> str:
    """`text` for a mrkdwn object: nothing in it is a mention, a broadcast or a link any more.

    Slack's own rule: `&`, `<` and `>` become entities. Invisible and direction-turning characters
    are taken out. Use it inside `verbatim` objects, where bare addresses are no links either.
    """
    return clean(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def literal(text: str) -> str:
    """`text` for a rich or plain text, which Slack shows as it is.

    Such texts have no markup; an opening bracket that would start one elsewhere is still replaced,
    so that a client that reads it wrongly has nothing to act on.
    """
    return _OPENS_MARKUP.sub("\u2039", clean(text))


def mention(user_id: str) -> str:
    """Slack's mark for a person. Raises ValueError for anything that is no user id."""
    return f"<@{checked_user(user_id)}>"


def checked_user(user_id: str) -> str:
    """`user_id` itself, if it has the shape of one. Raises ValueError otherwise."""
    if not _USER.fullmatch(user_id):
        raise ValueError("not a Slack user id")
    return user_id


def people(user_ids: Iterable[str]) -> str:
    """`@a`, `@a and @b`, `@a, @b and @c`; after eight people the rest is counted."""
    marks = [mention(one) for one in dict.fromkeys(user_ids)]
    rest = len(marks) - _MOST_NAMED
    if rest > 0:
        marks = [*marks[:_MOST_NAMED], f"{rest} more"]
    return in_words(marks)


def in_words(parts: list[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} and {parts[-1]}"


def when(moment: datetime) -> str:
    """Slack's mark for a time: "today at 5:00 PM" in the reader's own time zone.

    Raises ValueError for a naive time. Clients that can't show it fall back to UTC.
    https://docs.slack.dev/messaging/formatting-message-text#date-formatting
    """
    if moment.tzinfo is None:
        raise ValueError("times are aware")
    at = moment.astimezone(UTC)
    plain = f"{on_day(at.date())} at {at:%H:%M} UTC"
    return f"<!date^{int(at.timestamp())}^{{date_short_pretty}} at {{time}}|{plain}>"


def on_day(day: date) -> str:
    """A calendar day as it is written in American English: "April 3, 1961"."""
    return f"{day:%B} {day.day}, {day.year}"


def split(text: str, longest: int) -> list[str]:
    """`text` in pieces of at most `longest` characters, broken at line ends or spaces if it can be.

    Nothing is lost but the white space at the breaks. An empty text has no pieces.
    """
    pieces: list[str] = []
    rest = text.strip()
    while len(rest) > longest:
        window = rest[: longest + 1]
        at = window.rfind("\n")
        if at < longest // 2:
            at = window.rfind(" ")
        if at < longest // 2:
            at = longest
        pieces.append(rest[:at].rstrip())
        rest = rest[at:].lstrip()
    if rest:
        pieces.append(rest)
    return pieces


def shorten(text: str, longest: int) -> str:
    """`text`, cut to `longest` characters with an ellipsis if it is longer."""
    return text if len(text) <= longest else f"{text[: longest - 1].rstrip()}\u2026"


def lowered(sentence: str) -> str:
    """`sentence` as it goes on after a colon: its first letter small."""
    return sentence[:1].lower() + sentence[1:]


def counted(number: int, one: str, many: str | None = None) -> str:
    """`1 session`, `2 sessions`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
