"""A concern climbs until a person acknowledges it."""

from bot.demo.clinic import Clinic
from bot.demo.people import Case


async def test_when_the_surgeon_is_silent_the_covering_surgeon_is_told(
    clinic: Clinic, case: Case
) -> None:
    await clinic.therapist.replies(case, "concern: left calf hot and swollen, right is fine")
    posted = await case.thread_shows("Urgent concern")
    await clinic.surgeon.gets_message("Urgent concern", case.code)

    await clinic.passes(minutes=15)
    told = await clinic.covering_surgeon.gets_message("Urgent concern", case.code)

    form = await told.clicks("Acknowledge")
    assert form.seen.says("left calf hot and swollen")
    await form.submits(decision="see_patient", visit=clinic.later(hours=3), note="today 17:00")
    await case.thread_shows("Dr. Chidi Okafor", "will see the patient", "today 17:00")
    assert posted.seen.says("acknowledged")
    await clinic.passes(hours=3)  # and nobody is told anything more


async def test_when_nobody_answers_the_coordinator_is_told_and_told_again(
    clinic: Clinic, case: Case
) -> None:
    form = await clinic.therapist.opens(case, "Raise a concern")
    await form.submits(severity="emergent", words="She can't catch her breath")
    await case.thread_shows("Emergent concern", "emergency services")
    await clinic.surgeon.gets_message(case.code, "emergency services")

    await clinic.passes(minutes=3)
    await clinic.covering_surgeon.gets_message(case.code)
    await clinic.passes(minutes=3)
    alert = await clinic.coordinator.gets_message(case.code)
    assert not alert.seen.says("breath")

    await clinic.passes(minutes=4)
    for everybody in (clinic.surgeon, clinic.covering_surgeon, clinic.coordinator):
        await everybody.gets_message(case.code)
    await case.thread_shows("telephone")
    await clinic.coordinator.sees_in_clinic_channel(case.code, "telephone")

    form = await alert.clicks("Acknowledge")
    assert not form.seen.says("breath")
    await form.submits(decision="emergency", note="")
    await case.thread_shows("Kit Moreau", "emergency")


async def test_an_acknowledged_concern_is_resolved_and_stays_resolved(
    clinic: Clinic, case: Case
) -> None:
    ts = await clinic.therapist.reports(case, "Session 1, 60 min MLD abdomen")
    await clinic.therapist.person.uses_message_shortcut(
        "raise_concern_about_message", case.channel_id, ts
    )
    await clinic.settled()
    form = clinic.therapist.form()
    await form.submits(severity="soon", words="redness at the left port, 2 cm")
    posted = await case.thread_shows("concern")
    alert = await clinic.surgeon.gets_message(case.code)

    form = await alert.clicks("Acknowledge")
    await form.submits(decision="continue", note="")
    await case.thread_shows("Dr. Ana Rivera")

    form = await posted.clicks("Resolve")
    await form.submits(resolution="Seen on Tuesday, all well")
    await case.thread_shows("resolved")
    assert posted.seen.says("resolved")

    assert [button.text for button in alert.seen.buttons] == ["Open the thread"]
    await clinic.passes(days=4)


async def test_a_concern_can_not_be_acknowledged_by_whoever_raised_it(
    clinic: Clinic, case: Case
) -> None:
    await clinic.therapist.replies(case, "Concern: the incision gapes")
    posted = await case.thread_shows("Urgent concern")
    alert = await clinic.surgeon.gets_message(case.code)
    posted.reader = clinic.therapist

    refused = await posted.clicks("Acknowledge")
    assert refused.seen.says("You raised this concern")
    await refused.closes()

    form = await alert.clicks("Acknowledge")
    await form.submits(decision="hold", note="")
    await case.thread_shows("hold treatment")


async def test_two_people_acknowledge_at_once_and_one_of_them_is_first(
    clinic: Clinic, case: Case
) -> None:
    await clinic.therapist.replies(case, "concern: fever 38.9")
    await case.thread_shows("Urgent concern")
    first = await clinic.surgeon.gets_message(case.code)
    await clinic.passes(minutes=15)
    second = await clinic.covering_surgeon.gets_message(case.code)

    mine = await first.clicks("Acknowledge")
    yours = await second.clicks("Acknowledge")
    await mine.submits(decision="see_patient", visit=clinic.later(hours=3), note="at noon")
    late = await yours.submits(decision="continue", note="")

    assert late.acknowledged
    assert not late.errors
    assert yours.seen.says("Nothing was changed")
    await case.thread_shows("Dr. Ana Rivera", "will see the patient")


async def test_a_concern_is_raised_from_anywhere_in_slack(clinic: Clinic, case: Case) -> None:
    await clinic.other_therapist.person.uses_shortcut("raise_a_concern")
    await clinic.settled()
    assert clinic.other_therapist.form().seen.says("No open case")

    other = await clinic.surgeon.refers(clinic.therapist, name="Robin Vance")
    await clinic.therapist.gets_message(other.code)
    await clinic.therapist.person.uses_shortcut("raise_a_concern")
    await clinic.settled()
    form = clinic.therapist.form()
    chosen = form.value_of("case", f"{case.code}, After liposuction")
    await form.submits(case=chosen)
    form = clinic.therapist.form()
    assert form.seen.says(case.code)
    await form.submits(severity="soon", words="redness at the left port, 2 cm", photos="F0PHOTO1")
    await case.thread_shows("concern")
    alert = await clinic.surgeon.gets_message(case.code)

    read = await alert.clicks("Acknowledge")
    assert read.seen.says("Photo 1")
    await read.submits(decision="continue", note="")
    await case.thread_shows("Dr. Ana Rivera")
