"""What can't be read any more is put aside and told; nothing else waits for it."""

from datetime import timedelta

from sqlmodel import col, select, update

from bot.care.people import Role, Standing
from bot.care.permissions import Deed
from bot.ids import new_id
from bot.notices import ConcernAlert, DeliveryFailed, Priority
from bot.services.inbox import Arrived, Inbox
from bot.services.oversight import Oversight
from bot.store.queries import outbox
from bot.store.tables.people import Person
from bot.store.tables.work import InboxEvent, InboxState, OutboxRow, OutboxState
from tests.clockwork.processes import Process, World, place

CHANGED = "changed"


async def _there_is_a_coordinator(world: World) -> None:
    async with world.database.transaction() as session:
        session.add(
            Person(
                id=new_id(),
                team_id="T1",
                slack_user_id=f"U{new_id()[:8].upper()}",
                role=Role.COORDINATOR,
                standing=Standing.MEMBER,
                time_zone="UTC",
                registered_at=world.clock.now(),
            )
        )


async def _an_alert_is_owed_and_changed(world: World, lane: str) -> None:
    """Somebody writes into the database, past the bot."""
    alert = ConcernAlert(concern_id="C1", person_id="P1", step=0)
    async with world.deeds().begin(None, Deed.NUDGE) as deed:
        await deed.tell(place(lane), alert, CHANGED, Priority.URGENT)
    async with world.database.transaction() as session:
        await session.exec(
            update(OutboxRow)
            .where(col(OutboxRow.dedupe_key) == CHANGED)
            .values(notice_sealed=b"\x01 not what was sealed")
        )


async def _its_state(world: World) -> OutboxState:
    async with world.database.reading() as session:
        row = await outbox.posted(session, CHANGED)
        assert row is not None
        return row.state


async def _told_of_it(world: World) -> list[DeliveryFailed]:
    async with world.database.reading() as session:
        changed = await outbox.posted(session, CHANGED)
        assert changed is not None
        rows = (await session.exec(select(OutboxRow).where(OutboxRow.dedupe_key != CHANGED))).all()
        told = [await outbox.read(session, world.vault, row) for row in rows]
        return [
            one for one in told if isinstance(one, DeliveryFailed) and one.failed_row == changed.id
        ]


async def _a_minute_passes(world: World, process: Process) -> None:
    for _ in range(10):
        if await _its_state(world) is OutboxState.PARKED:
            return
        await process.outbox.claim()
        world.passes(timedelta(seconds=6))


async def test_a_message_that_can_not_be_read_keeps_no_concern_back(world: World) -> None:
    process = Process(world)
    await _an_alert_is_owed_and_changed(world, "a")
    await world.owes("b", "urgent", Priority.URGENT)
    await world.owes("c", "ordinary")
    await process.sends()
    assert sorted(call.text for call in world.calls) == ["ordinary v1", "urgent v1"]


async def test_it_is_put_aside_and_the_coordinators_are_told_once(world: World) -> None:
    await _there_is_a_coordinator(world)
    process = Process(world)
    await _an_alert_is_owed_and_changed(world, "a")
    await process.sends()
    assert await _its_state(world) is OutboxState.PENDING, (
        "another process, of a newer version, may be able to read it"
    )
    await _a_minute_passes(world, process)
    assert await _its_state(world) is OutboxState.PARKED
    (told,) = await _told_of_it(world)
    assert told.error == "unreadable"


async def test_the_auditor_goes_on_beside_it_and_tells_who_came_later(world: World) -> None:
    process = Process(world)
    await _an_alert_is_owed_and_changed(world, "a")
    await _a_minute_passes(world, process)
    await _there_is_a_coordinator(world)
    await Oversight(world.deeds(), "T1").look()
    assert len(await _told_of_it(world)) == 1


async def test_an_event_that_can_not_be_read_keeps_no_other_back(world: World) -> None:
    inbox = Inbox(world.database, world.vault, world.clock, lambda: None)
    await inbox.keep(Arrived("Ev1", "message", "{}"))
    await inbox.keep(Arrived("Ev2", "message", "{}"))
    async with world.database.transaction() as session:
        await session.exec(
            update(InboxEvent)
            .where(col(InboxEvent.event_key) == "Ev1")
            .values(payload_sealed=b"\x01 not what was sealed")
        )
    await inbox.release_own()
    assert [event.key for event in await inbox.take()] == ["Ev2"]
    async with world.database.reading() as session:
        wanted = select(InboxEvent.state).where(InboxEvent.event_key == "Ev1")
        assert (await session.exec(wanted)).one() is InboxState.FAILED, "a person has to know"
