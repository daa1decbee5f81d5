"""People set their own hours and say when they are away; whoever covers is told."""

import pytest

from bot.demo.clinic import Clinic
from bot.demo.people import Form, Home, Someone
from tests.journeys.test_the_loop import treatment_under_way

pytestmark = pytest.mark.one_store


async def asks_careloop(someone: Someone, text: str) -> Form:
    await someone.person.runs("/careloop", text, someone.clinic.channel_id)
    await someone.clinic.settled()
    return someone.form()


async def goes_away(someone: Someone, first: str, last: str, cover: Someone | None = None) -> None:
    form = await asks_careloop(someone, "away")
    sent = await form.submits(first=first, last=last, cover=cover.user_id if cover else "")
    assert not sent.errors, sent
    await someone.form().closes()


async def test_a_surgeon_goes_on_leave_and_the_one_who_covers_is_told(clinic: Clinic) -> None:
    surgeon, cover = clinic.surgeon, clinic.covering_surgeon
    await goes_away(surgeon, "2026-11-24", "2026-11-27", cover)
    asked = await cover.gets_message("You cover for Dr. Ana Rivera", "November 24, 2026")

    home = await surgeon.opens_home()
    assert home.seen.says("Away November 24, 2026 to November 27, 2026", "Okafor covers")
    await home.presses("Not away")
    assert asked.seen.says("You need not cover")
    assert not (await surgeon.opens_home()).seen.says("covers")


async def test_an_absence_that_can_not_be_is_refused_at_its_field(clinic: Clinic) -> None:
    surgeon, therapist = clinic.surgeon, clinic.therapist
    form = await asks_careloop(surgeon, "away")
    sent = await form.submits(first="2026-11-20", last="2026-11-27", cover="")
    assert "from today on" in sent.errors["first"]
    sent = await form.submits(first="2026-11-24", last="2026-11-27", cover=therapist.user_id)
    assert "registered surgeon" in sent.errors["cover"]
    sent = await form.submits(first="2026-11-24", last="2026-11-27", cover=surgeon.user_id)
    assert "somebody else" in sent.errors["cover"]
    await form.submits(first="2026-11-24", last="2026-11-27", cover="")
    await surgeon.form().closes()

    form = await asks_careloop(surgeon, "away")
    assert form.seen.says("Away November 24, 2026 to November 27, 2026; nobody covers")
    sent = await form.submits(first="2026-11-26", last="2026-12-02", cover="")
    assert "entered for these days already" in sent.errors["first"]
    await form.closes()


async def test_a_coordinator_enters_the_absence_of_somebody_who_fell_ill(clinic: Clinic) -> None:
    form = await asks_careloop(clinic.coordinator, "away")
    sent = await form.submits(
        who=clinic.therapist.user_id,
        first="2026-11-23",
        last="2026-11-25",
        cover=clinic.other_therapist.user_id,
    )
    assert not sent.errors
    await clinic.coordinator.form().closes()
    await clinic.other_therapist.gets_message("You cover for Sam Lee")
    assert (await clinic.therapist.opens_home()).seen.says("Away November 23, 2026")


async def test_own_hours_are_kept_and_hold_for_what_is_due(clinic: Clinic) -> None:
    therapist = clinic.therapist
    form = await asks_careloop(therapist, "hours")
    hours = {"start": "0700", "end": "1130", "digest": "0800", "region": "us-ny"}
    sent = await form.submits(days="monday,thursday", every="session", pause="", **hours)
    assert not sent.errors, sent
    await therapist.form().closes()
    home = await therapist.opens_home()
    assert home.seen.says("You work Monday and Thursday, 7:00 AM to 11:30 AM", "US-NY", "8:00 AM")

    # Thursday is Thanksgiving: the second working day after Monday is Monday week.
    case = await treatment_under_way(clinic)
    assert case.card.says("December 3, 2026 at 16:30 UTC")


async def test_the_home_tab_still_offers_everything_once_an_absence_was_saved(
    clinic: Clinic,
) -> None:
    before = {button.text for button in (await clinic.therapist.opens_home()).seen.buttons}
    await goes_away(clinic.therapist, "2026-11-24", "2026-11-27")
    now = {button.text for button in Home(clinic.therapist).seen.buttons}
    assert "Not away" in now, "it was drawn anew"
    assert before <= now


async def test_hours_that_make_no_sense_are_refused_at_their_field(clinic: Clinic) -> None:
    form = await asks_careloop(clinic.surgeon, "hours")
    hours = {"start": "1700", "end": "0900", "digest": "0900", "region": "Mars"}
    sent = await form.submits(days="monday", every="week", pause="2026-11-20", **hours)
    assert set(sent.errors) == {"end", "region", "pause"}
    await form.closes()


async def test_who_covers_may_act_while_it_lasts_and_not_afterwards(clinic: Clinic) -> None:
    """Dr. Okafor covers by standing rule; here a surgeon who does not is named for two days."""
    await clinic.nobody_covers(clinic.surgeon)
    case = await treatment_under_way(clinic)
    cover = clinic.covering_surgeon
    await clinic.surgeon.person.invites(case.channel_id, cover.user_id)
    for one in (clinic.surgeon, clinic.therapist, clinic.coordinator):
        await one.gets_message("Not part of these referrals: Dr. Chidi Okafor")
    refused = await cover.opens(case, "Patient details")
    assert refused.seen.says("not available to you")
    await refused.closes()

    await goes_away(clinic.surgeon, "2026-11-23", "2026-11-24", cover)
    await cover.gets_message("You cover for")
    seen = await cover.opens(case, "Patient details")
    assert seen.seen.says("Jordan Ellis")
    await seen.closes()

    await clinic.passes(days=1, hours=15)  # Wednesday, past midnight in New York
    refused = await cover.opens(case, "Patient details")
    assert refused.seen.says("not available to you")
