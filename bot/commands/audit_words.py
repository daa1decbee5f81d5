"""What entries of the audit mean, in plain words."""

from collections.abc import Mapping
from typing import Final

from bot.commands.audit_desk import facts_of
from bot.store.tables.audit import AuditEntry

_DONE: Final = "done"

# Said of somebody who only looked. What is not here is said by the deed's own name.
_LOOKS: Final[Mapping[str, str]] = {
    "see_patient": "opened who you are (name, date of birth, contact) and what was asked for",
    "see_case": "opened what was written about your treatment, or how it stands",
    "see_progress": "opened the course of your treatment and its measurements",
    "see_plan": "opened your treatment plan",
    "see_why_opened": "read why somebody used emergency access to your record",
    "read_case": "opened how your treatment stands",
    "see_concern": "opened a concern about your treatment",
    "export_plan": "took a copy of your treatment plan out of the system",
    "export_case": "took a copy of your record out of the system",
    "see_audit": "looked up who had looked at your record",
    "export_audit": "took a copy of the list of who had looked at your record",
}
_FORMS: Final = "opened a form of your treatment"
_SURFACES: Final[Mapping[str, str]] = {
    "command": "by a command in Slack",
    "form": "in a form in Slack",
    "button": "by a button in Slack",
    "thread": "in the thread of the case",
    "shortcut": "by a shortcut in Slack",
    "home": "on the Home tab in Slack",
    "cli": "at the server",
    "command_line": "at the server",
    "clockwork": "by the software itself",
}


def is_look(entry: AuditEntry) -> bool:
    """Whether somebody saw or took out something and changed nothing; also in an emergency."""
    return (
        entry.deed.startswith(("see_", "export_"))
        or entry.deed in _LOOKS
        or is_in_emergency(entry)
        or "look" in facts_of(entry)
    )


def is_in_emergency(entry: AuditEntry) -> bool:
    """Whether it was done by emergency access, or is about it: such entries stand out."""
    return "emergency" in entry.deed or "emergency" in facts_of(entry)


def was_refused(entry: AuditEntry) -> bool:
    return entry.outcome != _DONE


def look_in_words(entry: AuditEntry) -> str:
    """What was looked at, said to the patient."""
    if "emergency" in entry.deed:
        return f"used emergency access to your record ({in_words(entry.deed)})"
    if is_in_emergency(entry):
        return f"by emergency access, {_LOOKS.get(entry.deed, _FORMS)}"
    return _LOOKS.get(entry.deed, _FORMS if is_look(entry) else f"did: {in_words(entry.deed)}")


def surface_in_words(surface: str) -> str:
    return _SURFACES.get(surface, in_words(surface))


def in_words(word: str) -> str:
    """A member of a closed set, as people write it."""
    return word.replace("_", " ")


def facts_in_words(entry: AuditEntry) -> str:
    """`state: accepted, look: form`; ids as they are."""
    return ", ".join(f"{in_words(name)}: {value}" for name, value in facts_of(entry).items())
