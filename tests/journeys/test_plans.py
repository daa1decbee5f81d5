"""The plan changes when both sides have signed, and everybody sees by which version is worked."""

import asyncio
import json
import subprocess
import sys
from datetime import datetime, timedelta

from bot.demo.clinic import Clinic
from bot.demo.people import Case
from bot.views.text import on_day
from tests.journeys.commands import audited_as
from tests.robustness.bot_process import environment_of


async def test_the_therapist_proposes_and_the_surgeon_countersigns(
    clinic: Clinic, case: Case
) -> None:
    tomorrow = clinic.clock.now() + timedelta(days=1)
    form = await clinic.therapist.opens(case, "Plan")
    assert form.seen.says("Plan of", "10, 2 times a week", "Version 1", "in force", "countersigned")
    sent = await form.submits(
        sessions="12",
        areas="abdomen,thighs",
        techniques="mld,scar_mobilization",
        start_by=f"{tomorrow:%Y-%m-%d}",
        reason="The flanks have settled; the thighs need work",
    )
    assert not sent.errors, sent.errors
    proposed = await case.thread_shows(
        "Change of plan proposed",
        "Sam Lee",
        "Sessions: 12 (was: 10)",
        f"Start by: {on_day(tomorrow.date())} (new)",
        "Areas: add thighs; leave out flanks",
        "Techniques: add MLD, scar mobilization",
        "The flanks have settled",
        "Dr. Ana Rivera, please countersign",
    )
    assert case.card.says("A change waits for an answer", "0 of 10")
    assert not case.card.says(f"Next, due {on_day(tomorrow.date())}")

    await proposed.presses("Countersign")
    await case.thread_shows("Plan version 2 is in force", "Dr. Ana Rivera")
    assert not proposed.seen.buttons
    assert case.card.says("Plan version 2", "0 of 12")
    assert case.card.says(f"Next, due {on_day(tomorrow.date())}")  # it was the day after

    await clinic.therapist.replies(case, "Session 1, 60 min MLD abdomen, pain 5 -> 3")
    await case.thread_shows("Session update 1", "plan version 2")
    await clinic.therapist.is_asked(case)


async def test_a_new_rhythm_moves_the_next_update(clinic: Clinic, case: Case) -> None:
    await clinic.therapist.reports(case, "Session 1, 60 min MLD abdomen, pain 5 -> 3")
    before = case.card.words

    form = await clinic.surgeon.opens(case, "Plan")
    await form.submits(frequency="weekly", reason="She heals well")
    proposed = await case.thread_shows("Frequency: Once a week", "Sam Lee, please countersign")
    proposed.reader = clinic.therapist
    await proposed.presses("Countersign")
    await case.thread_shows("Plan version 2 is in force", "Sam Lee")

    assert case.card.says("once a week")
    assert case.card.words != before
    await clinic.passes(days=5)  # twice a week would have been due by now: no nudge


async def test_a_proposal_is_declined_with_a_reason_or_answered_with_another(
    clinic: Clinic, case: Case
) -> None:
    form = await clinic.therapist.opens(case, "Plan")
    await form.submits(sessions="20", reason="More would help")
    proposed = await case.thread_shows("Sessions: 20 (was: 10)")

    form = await proposed.clicks("Amend")
    sent = await form.submits(sessions="14", reason="Fourteen, then we look again")
    assert not sent.errors, sent.errors
    again = await case.thread_shows(
        "version 3", "in answer to version 2", "Sessions: 14 (was: 10)", "Sam Lee, please"
    )
    assert proposed.seen.says("answered by Dr. Ana Rivera with another proposal")

    again.reader = clinic.therapist
    form = await again.clicks("Decline")
    await form.submits(reason="I have no free hours for more than ten")
    await case.thread_shows("Plan version 3 is declined by Sam Lee", "no free hours")
    assert case.card.says("0 of 10")
    assert not case.card.says("waits for an answer")

    form = await clinic.therapist.opens(case, "Plan")
    assert form.seen.says("Version 2", "another proposal", "Version 3", "declined by Sam Lee")
    await form.closes()


async def test_nobody_signs_their_own_proposal_and_a_late_click_changes_nothing(
    clinic: Clinic, case: Case
) -> None:
    form = await clinic.therapist.opens(case, "Plan")
    await form.submits(sessions="12", reason="Two more")
    proposed = await case.thread_shows("Sessions: 12 (was: 10)")
    button = proposed.seen.button("Countersign")

    proposed.reader = clinic.therapist
    await proposed.presses("Countersign")
    await clinic.therapist.is_told_privately(case.channel_id, "for somebody else on the case")
    await proposed.presses("Take back")
    await case.thread_shows("Plan version 2 is taken back by Sam Lee")

    kept = proposed.message.blocks
    proposed.message.blocks = [
        {
            "type": "actions",
            "block_id": button.block_id,
            "elements": [
                {
                    "type": "button",
                    "action_id": button.action_id,
                    "text": {"type": "plain_text", "text": button.text},
                    "value": button.value,
                }
            ],
        }
    ]
    await clinic.surgeon.person.clicks(
        case.channel_id, proposed.ts, button.action_id, block_id=button.block_id
    )
    proposed.message.blocks = kept
    await clinic.surgeon.is_told_privately(case.channel_id, "answered in the meantime")
    assert case.card.says("0 of 10")


async def test_a_plan_without_a_change_or_a_reason_is_not_sent(clinic: Clinic, case: Case) -> None:
    await clinic.therapist.reports(case, "Session 1, 60 min MLD abdomen, pain 5 -> 3")
    await clinic.therapist.reports(case, "Session 2, 60 min MLD abdomen, pain 4 -> 3")
    form = await clinic.therapist.opens(case, "Plan")
    refused = await form.submits(reason="No change at all")
    assert "as it stands" in refused.errors["reason"]
    refused = await form.submits(sessions="1", reason="Fewer")
    assert "2 sessions were given" in refused.errors["sessions"]
    await form.closes()


async def test_every_version_can_be_exported_with_its_signatures(
    clinic: Clinic, case: Case
) -> None:
    form = await clinic.therapist.opens(case, "Plan")
    await form.submits(sessions="12", reason="Two more")
    proposed = await case.thread_shows("Sessions: 12 (was: 10)")
    await proposed.presses("Countersign")
    await case.thread_shows("Plan version 2 is in force")

    said = await asyncio.to_thread(export_of, case)
    first, second = [json.loads(line) for line in said.splitlines()]
    assert (first["state"], second["state"]) == ("replaced", "in_force")
    assert second["proposed_by"] == clinic.therapist.user_id
    assert second["answered_by"] == clinic.surgeon.user_id
    assert second["reason"] == "Two more"
    assert second["plan"]["sessions"] == 12
    assert datetime.fromisoformat(second["answered_at"]).tzinfo is not None
    assert {actor for actor, _, _ in await audited_as(clinic, "export_plan")} == {"operator"}


def export_of(case: Case) -> str:
    """What `careloop plans export` prints, in a process of its own beside the running bot."""
    return subprocess.run(
        [sys.executable, "-m", "bot.cli", "plans", "export", case.code.lower()],
        env=environment_of(case.clinic.settings),
        check=True,
        capture_output=True,
        text=True,
    ).stdout
