"""`careloop plans`: treatment plans with their signatures, for the record."""

import json
from dataclasses import asdict
from datetime import datetime
from typing import Annotated

import typer

from bot.commands.desk import open_desk
from bot.commands.running import run
from bot.services.errors import NotYours, RecordIsErased
from bot.services.plan_reading import PlanReading
from bot.shown.plan import ShownPlanVersion

plans_app = typer.Typer(name="plans", help="Treatment plans: every version, and who signed it.")

CaseCode = Annotated[str, typer.Argument(help="The case code, such as K7QF-3M.")]


@plans_app.callback()
def _plans() -> None:
    """Keeps `export` a command of its own while there is only one."""


@plans_app.command("export")
def export_command(case_code: CaseCode) -> None:
    """Print every version of a case's plan as JSON lines; the export is in the audit."""
    try:
        versions = run(_versions(case_code.strip().upper()))
    except NotYours:
        typer.echo(f"careloop: there is no case {case_code}", err=True)
        raise typer.Exit(1) from None
    except RecordIsErased as erased:
        typer.echo(
            f"careloop: the record of {erased.case_code} was erased on {erased.at:%Y-%m-%d}; "
            "nothing of it can be read",
            err=True,
        )
        raise typer.Exit(1) from None
    for version in versions:
        typer.echo(json.dumps(_plain(version), ensure_ascii=False))


async def _versions(case_code: str) -> tuple[ShownPlanVersion, ...]:
    async with open_desk() as desk:
        return await PlanReading(desk.deeds).export(desk.team_id, case_code)


def _plain(version: ShownPlanVersion) -> dict[str, object]:
    """Times in ISO 8601 UTC, people by their Slack ids."""
    said = asdict(version) | {"plan": version.plan.model_dump(mode="json")}
    return {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in said.items()
        if name != "id"
    }
