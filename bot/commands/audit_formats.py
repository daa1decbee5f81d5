"""The audit for other programs: FHIR R4 AuditEvent, as a bundle or a line each, and CSV.

AuditEvent: https://hl7.org/fhir/R4/auditevent.html. Only opaque ids go out, as the audit has them.
"""

import csv
import io
import json
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime
from typing import Final, TypedDict
from uuid import UUID, uuid5

from bot.commands.audit_desk import Names, facts_of
from bot.commands.audit_words import is_in_emergency, is_look, was_refused
from bot.store.tables.audit import AuditEntry

# Of this project alone, so that the ids of two exports of one entry are the same.
_SPACE: Final = UUID("6c1f6f3e-7f0b-5b0e-9a5d-2b6f7e0c41aa")
_OURS: Final = "urn:careloop"
_DICOM: Final = "http://dicom.nema.org/resources/ontology/DCM"
_SOURCE: Final = "http://terminology.hl7.org/CodeSystem/security-source-type"
_ENTITY: Final = "http://terminology.hl7.org/CodeSystem/audit-entity-type"
_ROLE: Final = "http://terminology.hl7.org/CodeSystem/object-role"
_SLACK_USER: Final = f"{_OURS}:slack-user"

# What makes a spreadsheet take a cell for a formula (OWASP, CSV Injection).
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")

_EXPORTS: Final = "export_"
_CREATES: Final = frozenset(
    {"refer", "raise_concern", "log_session", "register_person", "enter_absence", "propose_plan"}
)
_DELETES: Final = frozenset({"erase_patient", "erase", "withdraw_words"})
_APPLICATION: Final = frozenset({"clockwork"})


class Coding(TypedDict):
    system: str
    code: str
    display: str


FhirObject = dict[str, object]

# HL7 v3 ActReason: to do what access control would not permit, since a patient is in danger.
_BREAK_THE_GLASS: Final = {
    "coding": [
        Coding(
            system="http://terminology.hl7.org/CodeSystem/v3-ActReason",
            code="BTG",
            display="break the glass",
        )
    ]
}


def audit_event(entry: AuditEntry, names: Names) -> FhirObject:
    """One entry as an AuditEvent."""
    return {
        "resourceType": "AuditEvent",
        "id": f"careloop-{entry.seq}",
        "type": _type(entry),
        "subtype": [_ours("deed", entry.deed)],
        "action": _action(entry),
        "recorded": _instant(entry.at),
        "outcome": "4" if was_refused(entry) else "0",
        "outcomeDesc": entry.outcome,
        **({"purposeOfEvent": [_BREAK_THE_GLASS]} if is_in_emergency(entry) else {}),
        "agent": [_agent(entry, names)],
        "source": {
            "site": "careloop",
            "observer": {"display": "Careloop"},
            "type": [_coding(_SOURCE, "4", "Application Server")],
        },
        "entity": [_entity(entry), *_also_about(entry)],
    }


async def bundle(entries: AsyncIterator[AuditEntry], names: Names) -> AsyncIterator[str]:
    """The pieces of a Bundle, so that years of entries need no memory.

    FHIR's JSON has no empty list: a bundle of nothing has no `entry` at all.
    """
    yield '{"resourceType": "Bundle", "type": "collection"'
    between = ', "entry": [\n'
    end = "}\n"
    async for entry in entries:
        wrapped = {
            "fullUrl": f"urn:uuid:{uuid5(_SPACE, f'{entry.seq}:{entry.mac.hex()}')}",
            "resource": audit_event(entry, names),
        }
        yield between + json.dumps(wrapped, ensure_ascii=False)
        between = ",\n"
        end = "\n]}\n"
    yield end


async def lines(entries: AsyncIterator[AuditEntry], names: Names) -> AsyncIterator[str]:
    """One AuditEvent a line (ndjson)."""
    async for entry in entries:
        yield json.dumps(audit_event(entry, names), ensure_ascii=False) + "\n"


async def table(entries: AsyncIterator[AuditEntry], names: Names) -> AsyncIterator[str]:
    """CSV (RFC 4180) with a row of names first."""
    yield _row(
        "seq", "at", "actor", "slack_user", "role", "deed",
        "subject_kind", "subject_id", "outcome", "surface", "facts", "mac",
    )  # fmt: skip
    async for entry in entries:
        role = names.role(entry.actor)
        yield _row(
            str(entry.seq), _instant(entry.at), entry.actor,
            names.slack_id(entry.actor) or "", role.value if role else "", entry.deed,
            entry.subject_kind, entry.subject_id, entry.outcome, entry.surface, entry.facts,
            entry.mac.hex(),
        )  # fmt: skip


def harmless(cell: str) -> str:
    """`cell` so that no spreadsheet takes it for a formula."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _row(*cells: str) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerow([harmless(cell) for cell in cells])
    return out.getvalue()


def _type(entry: AuditEntry) -> Coding:
    if entry.deed.startswith(_EXPORTS):
        return _coding(_DICOM, "110106", "Export")
    if entry.subject_kind in {"audit", "checkpoint"} or entry.deed == "see_audit":
        return _coding(_DICOM, "110101", "Audit Log Used")
    if was_refused(entry) or is_in_emergency(entry):
        return _coding(_DICOM, "110113", "Security Alert")
    if entry.subject_kind in {"person", "licence", "absence", "ladder", "clinic", "master_key"}:
        return _coding(_DICOM, "110100", "Application Activity")
    return _coding(_DICOM, "110110", "Patient Record")


def _action(entry: AuditEntry) -> str:
    """Create, read, update, delete or execute."""
    if is_look(entry):
        return "R"
    if entry.deed in _CREATES:
        return "C"
    return "D" if entry.deed in _DELETES else "E" if entry.actor in _APPLICATION else "U"


def _agent(entry: AuditEntry, names: Names) -> FhirObject:
    """Who did it: by Slack's id where there is one, else by the audit's own."""
    slack_id, role = names.slack_id(entry.actor), names.role(entry.actor)
    by_software = entry.actor in _APPLICATION
    agent: FhirObject = {
        "type": {
            "coding": [
                _coding(_DICOM, "110150", "Application")
                if by_software
                else _coding(_DICOM, "110153", "Source Role ID")
            ]
        },
        "who": {
            "identifier": {
                "system": _SLACK_USER if slack_id else f"{_OURS}:actor",
                "value": slack_id or entry.actor,
            }
        },
        "altId": entry.actor,
        "requestor": not by_software,
        "network": {"address": f"{_OURS}:surface:{entry.surface}", "type": "5"},
    }
    if role is not None:
        agent["role"] = [{"coding": [_ours("role", role.value)]}]
    return agent


def _also_about(entry: AuditEntry) -> list[FhirObject]:
    """The case and the patient that the facts name: what readers of AuditEvents look for."""
    facts = facts_of(entry)
    return [
        _thing(kind, facts[kind])
        for kind in ("referral", "patient")
        if facts.get(kind) and kind != entry.subject_kind
    ]


def _thing(kind: str, its_id: str) -> FhirObject:
    is_person = kind in {"patient", "person"}
    return {
        "what": {"identifier": {"system": f"{_OURS}:{kind}", "value": its_id}},
        "type": _coding(_ENTITY, "1", "Person")
        if is_person
        else _coding(_ENTITY, "2", "System Object"),
        "role": _coding(_ROLE, "1", "Patient")
        if kind == "patient"
        else _coding(_ROLE, "4", "Domain Resource"),
        "name": f"{kind}/{its_id}",
    }


def _entity(entry: AuditEntry) -> FhirObject:
    entity = _thing(entry.subject_kind, entry.subject_id)
    facts = facts_of(entry)
    proof: Mapping[str, str] = {"entry": str(entry.seq), "mac": entry.mac.hex()}
    entity["detail"] = [
        {"type": name, "valueString": value} for name, value in {**facts, **proof}.items() if value
    ]
    return entity


def _ours(kind: str, code: str) -> Coding:
    return _coding(f"{_OURS}:{kind}", code, code.replace("_", " "))


def _coding(system: str, code: str, display: str) -> Coding:
    return {"system": system, "code": code, "display": display}


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
