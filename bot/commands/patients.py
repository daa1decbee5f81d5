"""`careloop patients`: erase a person's record, and hold it back from being erased."""

from typing import Annotated, NoReturn

import typer

from bot.care.erasing import ErasureReason
from bot.commands.desk import open_desk
from bot.commands.running import run
from bot.services.actor import operator
from bot.services.erasing import Erased, Erasing, ErasingRefused, ErasureObstacle
from bot.services.errors import DeedRefused, NotYours, RecordIsErased, TextProblem
from bot.services.retention import LegalHolds

patients_app = typer.Typer(
    name="patients", help="Patients' records: erase one, or keep one for a court."
)

CaseCode = Annotated[str, typer.Argument(help="A case code of theirs, such as K7QF-3M.")]

Reason = Annotated[str, typer.Option(help="Why, in words; kept sealed with the record.")]


@patients_app.command("erase")
def erase_command(
    case_code: CaseCode,
    reason: Annotated[ErasureReason, typer.Option(help="Why. It stands in the audit.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask again.")] = False,
) -> None:
    """Erase everything of the person whom a case is about. It can't be undone.

    The key of their record is destroyed: nothing that was sealed with it can be read again, in no
    copy of this database made from now on. All their cases end, nothing more comes due, and what
    Careloop posted is deleted in Slack. The audit stays whole, and says who was erased when by
    their opaque ids.
    """
    code = case_code.strip().upper()
    if not yes:
        typer.confirm(f"Erase the record of the patient of {code}, for good?", abort=True)
    try:
        erased = run(_erase(code, reason))
    except DeedRefused as refused:
        _refuse(code, refused)
    cases = ", ".join(erased.case_codes)
    if not erased.is_new:
        because = erased.because.value if erased.because else "unknown"
        typer.echo(f"{cases}: erased already, {erased.at:%Y-%m-%d %H:%M} UTC ({because})")
        return
    typer.echo(f"{cases}: erased ({reason.value})")
    typer.echo(f"{erased.messages} messages of Careloop are being deleted in Slack.")
    typer.echo(
        "What people wrote in the threads is theirs and stays in Slack until they, or a workspace "
        "admin, delete it. Backups made before now still have the key: let them expire."
    )


@patients_app.command("hold")
def hold_command(case_code: CaseCode, reason: Reason) -> None:
    """Keep everything of the person whom a case is about: nothing of it is erased meanwhile."""
    code = case_code.strip().upper()
    try:
        kept = run(_hold(code, reason))
    except DeedRefused as refused:
        _refuse(code, refused)
    typer.echo(f"{', '.join(kept)}: under a legal hold")


@patients_app.command("release")
def release_command(case_code: CaseCode, reason: Reason) -> None:
    """Lift a legal hold: the rule of retention holds again."""
    code = case_code.strip().upper()
    try:
        lifted = run(_release(code, reason))
    except DeedRefused as refused:
        _refuse(code, refused)
    typer.echo(f"{code}: {'no longer' if lifted else 'was not'} under a legal hold")


async def _hold(case_code: str, reason: str) -> tuple[str, ...]:
    async with open_desk() as desk:
        return await LegalHolds(desk.deeds).hold(operator(desk.team_id), case_code, reason)


async def _release(case_code: str, reason: str) -> bool:
    async with open_desk() as desk:
        return await LegalHolds(desk.deeds).release(operator(desk.team_id), case_code, reason)


async def _erase(case_code: str, because: ErasureReason) -> Erased:
    async with open_desk() as desk:
        erasing = Erasing(desk.deeds)
        erased = await erasing.erase(operator(desk.team_id), case_code, because)
        await erasing.finish()
        return erased


def _refuse(case_code: str, refused: DeedRefused) -> NoReturn:
    match refused:
        case NotYours():
            fail(f"there is no case {case_code}")
        case RecordIsErased():
            fail(f"the record of {case_code} was erased on {refused.at:%Y-%m-%d}")
        case TextProblem():
            fail(refused.words)
        case ErasingRefused(why=ErasureObstacle.LEGAL_HOLD):
            fail(
                f"{case_code} is under a legal hold and stays. `careloop patients release "
                f"{case_code} --reason ...` lifts it"
            )
        case ErasingRefused(why=ErasureObstacle.OPEN_CONCERN):
            fail(
                f"a concern in {refused.case_code} waits for an answer. Somebody has to take it "
                "first: nobody would hear of it any more"
            )
        case _:
            raise refused


def fail(words: str) -> NoReturn:
    typer.echo(f"careloop: {words}", err=True)
    raise typer.Exit(1)
