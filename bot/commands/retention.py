"""`careloop retention`: what the rule would erase, and erasing it."""

from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from bot.care.erasing import Fate
from bot.commands.desk import open_desk
from bot.commands.running import run
from bot.services.actor import operator
from bot.services.retention import Applied, RecordDue, Retention

retention_app = typer.Typer(
    name="retention", help="How long records are kept: what would go, and letting it go."
)

_SAYS = {
    Fate.GOES: "goes with the next `careloop retention apply`",
    Fate.HELD: "old enough, kept by a legal hold",
    Fate.KEPT: "kept until then",
    Fate.OPEN: "kept: a case is open",
}


@retention_app.command("report")
def report_command() -> None:
    """Say of each patient's record when it goes, and what a legal hold keeps. Erases nothing."""
    years, found = run(_report())
    table = Table("Cases", "Goes on", "Today")
    for one in found:
        goes = f"{one.goes_at:%Y-%m-%d}" if one.goes_at else ""
        waits = one.is_held and one.fate is not Fate.HELD
        says = _SAYS[one.fate] + (", and under a legal hold" if waits else "")
        table.add_row(", ".join(one.case_codes), goes, says)
    Console(width=None if Console().is_terminal else 160).print(table)
    counts = {fate: sum(one.fate is fate for one in found) for fate in Fate}
    typer.echo(
        f"kept for {years} years after closing: {counts[Fate.GOES]} go now, "
        f"{counts[Fate.HELD]} are kept by a legal hold, {counts[Fate.KEPT]} are kept by the rule, "
        f"{counts[Fate.OPEN]} have an open case"
    )


@retention_app.command("apply")
def apply_command(
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask again.")] = False,
) -> None:
    """Erase every record that is older than the rule says and that no legal hold keeps."""
    if not yes:
        typer.confirm("Erase what `careloop retention report` says, for good?", abort=True)
    applied = run(_apply())
    for erased in applied.erased:
        typer.echo(f"{', '.join(erased.case_codes)}: erased (retention)")
    for codes, refused in applied.refused:
        typer.echo(f"{', '.join(codes)}: not erased ({refused.why.value})", err=True)
    typer.echo(f"{len(applied.erased)} records erased")
    if applied.refused:
        raise typer.Exit(1)


async def _report() -> tuple[int, list[RecordDue]]:
    async with open_desk() as desk:
        years = desk.settings.retention_years
        return years, await Retention(desk.deeds, years).report(operator(desk.team_id))


async def _apply() -> Applied:
    async with open_desk() as desk:
        years = desk.settings.retention_years
        return await Retention(desk.deeds, years).apply(operator(desk.team_id))
