"""`careloop audit`: the record of who did what."""

import sys
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.console import Console
from rich.table import Table

from bot.clock import SystemClock
from bot.clockwork.checkpoints import Checkpoints
from bot.commands.audit_desk import AuditDesk, Names, NothingMeant, open_audit, read_zone
from bot.commands.audit_formats import bundle, lines, table
from bot.commands.audit_patients import Looked, in_plain_words, who_looked
from bot.commands.audit_words import facts_in_words, in_words, is_in_emergency, was_refused
from bot.commands.running import run
from bot.store.audit import AuditReport
from bot.store.checkpoints import CheckpointInvalid, KeptCheckpoint
from bot.store.queries import audit as stored
from bot.store.tables.audit import AuditEntry
from bot.transport.checkpoint_places import Place, kept_at, read_places

audit_app = typer.Typer(name="audit", help="The audit log: who did, saw and was refused what.")

_MOST_SHOWN: Final = 1000
_WHAT_NEXT: Final = (
    "Keep a copy of the database and of the checkpoints as they are now, and compare them with a "
    'backup from before: docs/operator.md, "When the audit is broken".'
)

CaseOption = Annotated[str | None, typer.Option("--case", help="Of one case: its code.")]
PersonOption = Annotated[str | None, typer.Option("--person", help="By one person: Slack id.")]
SinceOption = Annotated[str | None, typer.Option(help="From this day or moment on.")]
UntilOption = Annotated[str | None, typer.Option(help="Up to this day or moment.")]
ZoneOption = Annotated[str, typer.Option("--zone", help="The time zone to read and show times in.")]


class ExportFormat(StrEnum):
    """What an export is written as."""

    FHIR = "fhir"
    NDJSON = "ndjson"
    CSV = "csv"


_WRITERS: Final[
    dict[ExportFormat, Callable[[AsyncIterator[AuditEntry], Names], AsyncIterator[str]]]
] = {ExportFormat.FHIR: bundle, ExportFormat.NDJSON: lines, ExportFormat.CSV: table}


@audit_app.command("verify")
def verify_command(
    checkpoints: Annotated[
        list[Path] | None,
        typer.Option(help="A file or folder of signed checkpoints; may be given several times."),
    ] = None,
) -> None:
    """Walk the whole audit log; exit status 1, with the first bad entry, when it is broken.

    With checkpoints that were kept outside, also what nothing inside the database can show: that
    it was put back to an older state, or written anew by somebody who has the keys.
    """
    report, missing = run(_verify(checkpoints or []))
    typer.echo(str(report), err=not report.intact)
    for words in missing:
        typer.echo(words, err=True)
    if not report.intact or missing:
        typer.echo(_WHAT_NEXT, err=True)
        raise typer.Exit(1)


@audit_app.command("show")
def show_command(
    case: CaseOption = None,
    person: PersonOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    zone: ZoneOption = "UTC",
    last: Annotated[int, typer.Option(min=1, help="Only so many, the newest.")] = _MOST_SHOWN,
    emergency: Annotated[
        bool, typer.Option("--emergency", help="Only emergency access and what was done by it.")
    ] = False,
) -> None:
    """Show entries by case, person and time: a table at a terminal, else a line each with tabs."""
    run(_show(case, person, since, until, zone, last, in_emergency=emergency))


@audit_app.command("who-looked")
def who_looked_command(
    case_code: Annotated[str, typer.Argument(help="A case code of the patient's.")],
    zone: ZoneOption = "UTC",
) -> None:
    """Say who looked at a patient's record, in words that can be handed to the patient.

    All referrals of that patient are taken together. Names are asked of Slack, if its token is
    set. Exit status 1 if the audit log is broken.
    """
    looked = run(_who_looked(case_code, zone))
    for line in in_plain_words(looked, read_zone(zone)):
        typer.echo(line)
    if not looked.report.intact:
        raise typer.Exit(1)


@audit_app.command("export")
def export_command(
    form: Annotated[
        ExportFormat,
        typer.Option("--format", help="fhir: a bundle of AuditEvents; ndjson: one a line."),
    ] = ExportFormat.FHIR,
    case: CaseOption = None,
    person: PersonOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    zone: ZoneOption = "UTC",
) -> None:
    """Write entries for other programs to standard output; exit status 1 if the log is broken."""
    report = run(_export(form, case, person, since, until, zone))
    if not report.intact:
        typer.echo(f"careloop: {report}", err=True)
        raise typer.Exit(1)


@audit_app.command("checkpoint")
def checkpoint_command() -> None:
    """Sign the end of the log now and give it to every place in CARELOOP_CHECKPOINTS.

    Without places it is printed. Exit status 1 if a place did not take it.
    """
    if not run(_checkpoint()):
        raise typer.Exit(1)


@audit_app.command("key")
def key_command() -> None:
    """Print the public key of the checkpoints, for whoever keeps them."""
    typer.echo(run(_key()))


async def _verify(given: list[Path]) -> tuple[AuditReport, list[str]]:
    async with open_audit() as desk:
        kept = {path: _read(desk, path) for path in given}
        every = [one.end for found in kept.values() for one in found]
        async with desk.database.reading() as session:
            report = await desk.audit.verify(session, *every)
            recorded = [] if not report.intact else await stored.recorded_checkpoints(session)
    return report, [words for path in kept for words in _missing(path, kept[path], recorded)]


def _read(desk: AuditDesk, path: Path) -> list[KeptCheckpoint]:
    try:
        found = desk.signer.read(kept_at(path).lines())
    except CheckpointInvalid as error:
        raise CheckpointInvalid(f"{path}: {error}") from None
    except (OSError, UnicodeDecodeError):
        raise CheckpointInvalid(f"{path} cannot be read") from None
    if not found:
        raise CheckpointInvalid(f"{path} has no checkpoint")
    return found


def _missing(path: Path, kept: list[KeptCheckpoint], recorded: list[int]) -> Iterator[str]:
    """Checkpoints that the log says were kept, and that are not in `path`, since its first."""
    there = {one.end.seq for one in kept}
    for seq in recorded:
        if seq > min(there) and seq not in there:
            yield f"{path} lacks the checkpoint of entry {seq}, which the log says was kept"


async def _show(
    case: str | None,
    person: str | None,
    since: str | None,
    until: str | None,
    zone: str,
    last: int,
    *,
    in_emergency: bool,
) -> None:
    async with open_audit() as desk:
        named = read_zone(zone)
        referral = await desk.case(case) if case is not None else None
        sought = await desk.sought(referral, person, since, until, named)
        sought = replace(sought, in_emergency=in_emergency)
        if referral is not None:
            await desk.note("see_audit", "referral", referral.id)
        else:
            await desk.note("see_audit", "audit", "entries")
        async with desk.database.reading() as session:
            names = Names(await stored.everybody(session))
            total = await stored.count(session, sought)
            shown = [entry async for entry in stored.entries(session, sought, last=last)]
    if not shown:
        typer.echo("no entry is like that", err=True)
    rows = [
        (
            str(one.seq), f"{one.at.astimezone(named):%Y-%m-%d %H:%M:%S}", names.who(one.actor),
            in_words(one.deed), f"{one.subject_kind} {one.subject_id}", one.outcome,
            in_words(one.surface), facts_in_words(one),
        )
        for one in shown
    ]  # fmt: skip
    heads = ("#", f"When ({named.key})", "Who", "Did", "To what", "Outcome", "Where", "Facts")
    if not sys.stdout.isatty():
        for row in (heads, *rows):
            typer.echo("\t".join(_one_line(cell) for cell in row))
        return
    _draw(heads, rows, [was_refused(one) or is_in_emergency(one) for one in shown])
    if total > len(shown):
        typer.echo(f"{total - len(shown)} older ones are not shown; --last {total} shows all")


def _draw(heads: tuple[str, ...], rows: Sequence[tuple[str, ...]], striking: list[bool]) -> None:
    drawn = Table(*heads)
    for row, stands_out in zip(rows, striking, strict=True):
        drawn.add_row(*map(_one_line, row), style="bold red" if stands_out else None)
    Console(markup=False, highlight=False).print(drawn)


async def _who_looked(case_code: str, zone: str) -> Looked:
    async with open_audit() as desk:
        read_zone(zone)
        return await who_looked(desk, case_code, SystemClock().now())


async def _export(
    form: ExportFormat,
    case: str | None,
    person: str | None,
    since: str | None,
    until: str | None,
    zone: str,
) -> AuditReport:
    async with open_audit() as desk:
        referral = await desk.case(case) if case is not None else None
        sought = await desk.sought(referral, person, since, until, read_zone(zone))
        subject = ("referral", referral.id) if referral else ("audit", "entries")
        await desk.note("export_audit", *subject, format=form.value)
        async with desk.database.reading() as session:
            names = Names(await stored.everybody(session))
            report = await desk.audit.verify(session)
            async for piece in _WRITERS[form](stored.entries(session, sought), names):
                sys.stdout.write(piece)
            sys.stdout.flush()
        return report


async def _checkpoint() -> bool:
    async with open_audit() as desk:
        places: tuple[Place, ...] = read_places(desk.settings.checkpoints.get_secret_value())
        now = SystemClock()
        if not places:
            async with desk.database.reading() as session:
                typer.echo(desk.signer.sign(await desk.audit.head(session), now.now()))
            return True
        job = Checkpoints(desk.database, desk.audit, desk.signer, now, places)
        written = await job.write(by="operator")
    if written is None:
        raise NothingMeant("the audit log has no entry yet")
    for failed in written.failed:
        typer.echo(f"careloop: not kept at {failed}", err=True)
    kept = len(places) - len(written.failed)
    typer.echo(f"a checkpoint of entry {written.seq} is kept at {kept} of {len(places)} places")
    return not written.failed


async def _key() -> str:
    async with open_audit() as desk:
        return desk.signer.public_key


def _one_line(cell: str) -> str:
    """What somebody put into the database by hand moves no cursor and makes no column."""
    return "".join(one if one.isprintable() else "�" for one in cell)
