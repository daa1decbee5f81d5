"""A ladder in plain words: its rungs, and who would be told when."""

from bot.care.concern import Severity
from bot.care.ladder import Ladder, Rung, RungHours, Tell
from bot.care.ladder_limits import spell
from bot.shown.case import ShownLadder, ShownTelling
from bot.views import concern_words
from bot.views.text import escape, lowered, mention, when


def concerns_of(severity: Severity) -> str:
    """`Urgent concerns`; the mildest in words, as where one of them is told."""
    if severity is Severity.SOON:
        return "Concerns to be seen soon"
    return f"{severity.label} concerns"


def rung_line(number: int, rung: Rung) -> str:
    """`2. After 15 min: who covers for the surgeon`."""
    at = f"After {spell(rung.after_minutes)}" if rung.after_minutes else "At once"
    who = f"{escape(rung.outside)}, outside Slack" if rung.tell is Tell.OUTSIDE else rung.tell.label
    more = [lowered(who)]
    if rung.times > 1:
        more.append(f"{rung.times} times, every {spell(rung.every_minutes)}")
    if rung.hours is RungHours.WORKING_HOURS:
        more.append("in working hours only")
    return f"{number}. *{at}:* {', '.join(more)}"


def rung_lines(ladder: Ladder) -> list[str]:
    return [rung_line(number, rung) for number, rung in enumerate(ladder.rungs, start=1)]


def end_line(ladder: Ladder) -> str:
    """What comes after the top, and after an acknowledgement that nothing follows."""
    return (
        f"Then everybody again every {spell(ladder.repeat_minutes)}, until a person acknowledges. "
        f"Acknowledged but not resolved after {ladder.resolve_hours} h: it climbs again."
    )


def version_line(shown: ShownLadder) -> str:
    if shown.changed_by is None or shown.changed_at is None:
        return "This is the default."
    version = shown.ladder.version
    return f"Version {version}, changed by {mention(shown.changed_by)} {when(shown.changed_at)}."


def preview_lines(shown: ShownLadder) -> list[str]:
    """Who would be told when, if a concern came now and nobody answered."""
    if not shown.example:
        return ["Once a case is open, this shows who would be told when."]
    lines = [
        f"*If the therapist of {escape(shown.example)} raised one now:*",
        *[telling_line(telling) for telling in shown.preview],
    ]
    return lines if shown.preview else [*lines, "Nobody could be told."]


def telling_line(telling: ShownTelling) -> str:
    named = [mention(one) for one in telling.people]
    named += [concern_words.place_name(one) for one in telling.places]
    return f"{when(telling.at)}: {concern_words.some(named)}"
