"""`careloop people`: who may refer, treat and coordinate."""

from datetime import datetime
from typing import Annotated, NoReturn

import typer
from rich.console import Console
from rich.table import Table
from slack_sdk.errors import SlackApiError

from bot.care.credentials import UsState
from bot.care.licence import problems
from bot.care.people import Role
from bot.care.text import clean_line
from bot.clock import SystemClock
from bot.commands.desk import open_desk
from bot.commands.running import run
from bot.handlers.accounts import read_account
from bot.services.actor import operator
from bot.services.emergency_group import EmergencyGroup
from bot.services.errors import (
    AccountCannotTreat,
    FieldsHaveProblems,
    NotRegistered,
    NotYours,
)
from bot.services.people import People, Registered, VerifiedLicence

people_app = typer.Typer(name="people", help="People: who may refer, treat and coordinate.")

UserId = Annotated[str, typer.Argument(help="Slack user id, such as U0123456789.")]


@people_app.command("add")
def add_command(
    user_id: UserId,
    role: Role,
    verified: Annotated[
        bool,
        typer.Option(
            help="You have looked the licence up in the state's register and it is valid."
        ),
    ] = False,
    licence: Annotated[str, typer.Option(help="The licence's number.")] = "",
    state: Annotated[UsState | None, typer.Option(help="Who issued it.")] = None,
    expires: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Its last day.")
    ] = None,
) -> None:
    """Register somebody as surgeon, therapist or coordinator, or change what they are.

    Surgeons and therapists can refer and be referred to once their licence is verified: here, with
    --verified and the licence, or later in Slack by a coordinator.
    """
    known = _licence(licence, state, expires) if verified else None
    try:
        run(_add(user_id, role, known))
    except AccountCannotTreat as error:
        _fail(f"{user_id} can't be registered: the account is {error.standing.value}")
    except SlackApiError as error:
        _fail(f"Slack does not know {user_id}: {error.response.get('error')}")
    typer.echo(f"{user_id} is registered as {role.label}.")
    if known is None and role is not Role.COORDINATOR:
        typer.echo("They can start once their licence is entered (/network) and verified.")


@people_app.command("cover")
def cover_command(
    surgeon: UserId,
    by: Annotated[str | None, typer.Argument(help="Who stands in; nobody if left out.")] = None,
) -> None:
    """Say who is told when a surgeon does not answer."""
    try:
        run(_cover(surgeon, by))
    except NotRegistered:
        _fail("Both have to be registered as surgeons, and be two people.")
    typer.echo(f"{by or 'Nobody'} covers for {surgeon}.")


@people_app.command("emergency")
def emergency_command(
    user_id: UserId,
    out: Annotated[bool, typer.Option("--out", help="Take them out of the group.")] = False,
) -> None:
    """Take somebody into the emergency group, who may open any case after saying why; or out."""
    try:
        run(_emergency(user_id, out=out))
    except (FieldsHaveProblems, NotYours):
        _fail(f"{user_id} is not registered, or the account is no member's.")
    typer.echo(f"{user_id} is {'no longer' if out else 'now'} in the emergency group.")


@people_app.command("list")
def list_command() -> None:
    """Everybody who is registered."""
    table = Table("Slack user", "Role", "Account", "Time zone", "Covered by", "Emergencies since")
    for person in run(_everybody()):
        table.add_row(
            person.slack_user_id,
            person.role.label,
            person.standing.value,
            person.time_zone,
            person.covered_by or "",
            f"{person.emergency_since:%Y-%m-%d}" if person.emergency_since else "",
        )
    Console().print(table)


def _licence(number: str, state: UsState | None, expires: datetime | None) -> VerifiedLicence:
    if not number.strip() or state is None or expires is None:
        _fail("--verified needs the licence: --licence NUMBER --state NY --expires YYYY-MM-DD")
    about_number, about_day = problems(number, expires.date(), SystemClock().now().date())
    if about_number or about_day:
        _fail(f"this licence can't be taken: {about_number or about_day}")
    return VerifiedLicence(clean_line(number), state, expires.date())


async def _add(user_id: str, role: Role, licence: VerifiedLicence | None) -> None:
    async with open_desk() as desk:
        user = (await desk.client.users_info(user=user_id))["user"]
        await People(desk.deeds).register(read_account(user, desk.team_id), role, licence=licence)


async def _cover(surgeon: str, by: str | None) -> None:
    async with open_desk() as desk:
        await People(desk.deeds).cover(desk.team_id, surgeon, by)


async def _emergency(user_id: str, *, out: bool) -> None:
    async with open_desk() as desk:
        group, by = EmergencyGroup(desk.deeds), operator(desk.team_id)
        await (group.take_out_user(by, user_id) if out else group.name(by, user_id))


async def _everybody() -> list[Registered]:
    async with open_desk() as desk:
        return list(await People(desk.deeds).everybody(desk.team_id))


def _fail(words: str) -> NoReturn:
    typer.echo(f"careloop: {words}", err=True)
    raise typer.Exit(1)
