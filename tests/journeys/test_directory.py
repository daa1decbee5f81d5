"""The network of colleagues: entering one's own work, being verified, found, and replaced."""

from datetime import date, timedelta

import pytest

from bot.care.people import Role, Standing
from bot.demo.clinic import Clinic
from bot.demo.people import PATIENT, Case, Form, Someone
from bot.demo.seen import see
from bot.services.people import Account
from tests.journeys.test_course import chooses

pytestmark = pytest.mark.one_store


async def newcomer(clinic: Clinic) -> Someone:
    """A therapist whom the operator has registered, and who has entered nothing yet."""
    someone = clinic.joins("mika.ito", "Mika Ito")
    assert clinic.bot is not None
    account = Account(
        clinic.bot.workspace.team_id, someone.user_id, Standing.MEMBER, "America/New_York"
    )
    await clinic.bot.people.register(account, Role.THERAPIST)
    await clinic.coordinator.person.invites(clinic.channel_id, someone.user_id)
    return someone


async def runs(someone: Someone, command: str) -> Form:
    outcome = await someone.person.runs(command, "", someone.clinic.channel_id)
    assert outcome.ok
    await someone.clinic.settled()
    return someone.form()


async def home(someone: Someone) -> str:
    await someone.person.opens_home(someone.clinic.app.app_id)
    await someone.clinic.settled()
    shown = someone.person.home(someone.clinic.app.app_id)
    assert shown is not None
    return see(someone.clinic.slack, shown).words


async def enters_licence(someone: Someone, number: str, expires_on: str) -> None:
    """From `/network`, through the steps of one's own entry."""
    form = await runs(someone, "/network")
    await form_button(form, "own_entry")
    await form_button(someone.form(), "enter_work")
    done = await someone.form().submits(
        credentials="lmt", procedures="liposuction", techniques="mld"
    )
    assert done.ok, (done.errors, done.text, done.error)
    await someone.form().submits(
        number=number, state="NY", expires_on=expires_on, lymphatic="lana", lymphatic_until=""
    )
    await someone.form().submits(
        languages="en,es",
        places="Queens, Long Island City",
        capacity="1",
        accepting="yes",
        not_before="",
        privacy_role="business_associate",
    )


async def form_button(form: Form, action_id: str) -> None:
    """Press a button inside a form."""
    await form.reader.person.acts_in_view(form.view.id, action_id)
    await form.reader.clinic.settled()


async def test_a_therapist_enters_their_work_is_verified_and_can_be_referred_to(
    clinic: Clinic,
) -> None:
    mika = await newcomer(clinic)
    assert "No licence entered" in await home(mika)

    await enters_licence(mika, "027 314", "2027-11-30")
    assert mika.form().seen.says("NY 027 314", "Waits for a coordinator", "Queens", "1 place free")
    await mika.form().closes()

    refused = await clinic.surgeon.opens_refer_form()
    outcome = await refused.submits(**_patient(), therapist=mika.user_id)
    assert "no verified licence" in outcome.errors["therapist"]
    await refused.closes()

    asked = await clinic.coordinator.gets_message("A licence of Mika Ito", "NY 027 314")
    form = await asked.clicks("Answer")
    await form.submits(licence_answer="verified", certificate="seen")
    await clinic.coordinator.form().closes()
    await mika.gets_message("Your licence is verified")
    assert asked.seen.buttons == []

    case = await clinic.surgeon.refers(mika)
    await mika.gets_message(case.code)
    assert "No licence" not in await home(mika)


async def test_a_licence_that_the_register_does_not_know_is_sent_back(clinic: Clinic) -> None:
    mika = await newcomer(clinic)
    await enters_licence(mika, "1", "2027-11-30")
    asked = await clinic.coordinator.gets_message("A licence of Mika Ito")
    form = await asked.clicks("Answer")
    await form.submits(licence_answer="not_found", certificate="")

    sent_back = await mika.gets_message("could not be verified", "not in the state's register")
    form = await sent_back.clicks("Enter a licence")
    outcome = await form.submits(number="2", expires_on="2020-01-01")
    assert "expired already" in outcome.errors["expires_on"]


async def test_a_colleague_is_found_with_the_reasons_and_referred_to_from_there(
    clinic: Clinic,
) -> None:
    form = await runs(clinic.surgeon, "/network")
    await form.submits(find_language="ar", find_available="now")
    found = clinic.surgeon.form()
    assert found.seen.says("1 colleague", "Noor Haddad", "can take a patient now", "New to you")
    assert not found.seen.says("Sam Lee")

    await form_button(found, "refer_to")
    outcome = await clinic.surgeon.form().submits(
        **_patient(), therapist=clinic.other_therapist.user_id
    )
    assert outcome.ok
    code = clinic.surgeon.reads_code()
    clinic.surgeon.looks_at_the_card(code, clinic.other_therapist)
    await clinic.other_therapist.gets_message(code)

    form = await runs(clinic.surgeon, "/network")
    await form.submits(find_place="nowhere near")
    assert clinic.surgeon.form().seen.says("Nobody fits this")


async def has_licence_until(clinic: Clinic, mika: Someone, last_day: date) -> None:
    """Mika's licence is entered and verified, and both messages about it are read."""
    await enters_licence(mika, "027314", last_day.isoformat())
    asked = await clinic.coordinator.gets_message("A licence of Mika Ito")
    form = await asked.clicks("Answer")
    await form.submits(licence_answer="verified", certificate="")
    await mika.gets_message("Your licence is verified")


async def test_a_licence_is_warned_of_and_then_blocks_what_is_new_but_not_care_under_way(
    clinic: Clinic,
) -> None:
    mika = await newcomer(clinic)
    await has_licence_until(clinic, mika, clinic.clock.now().date() + timedelta(days=8))
    case = await clinic.surgeon.refers(mika)
    await mika.gets_message(case.code)
    await mika.presses(case, "Accept")
    await case.thread_shows("accepted")

    await clinic.passes(days=2)
    await mika.gets_message("Your licence expires in 7 days")
    await clinic.coordinator.gets_message("The licence of Mika Ito", "expires in 7 days")
    await mika.reports(case, "Session 1 went well")

    await clinic.passes(days=4)
    await mika.reports(case, "Session 2 went well")
    await clinic.passes(days=3)
    look = await clinic.surgeon.gets_message(case.code, "is all well?")
    await look.presses("All well")
    await case.thread_shows("looked at this case")
    await mika.gets_message("has expired", "New referrals are blocked")
    await clinic.coordinator.gets_message("has expired", "please look after it", case.code)
    await mika.reports(case, "Session 3 went well")

    form = await clinic.surgeon.opens_refer_form()
    outcome = await form.submits(**_patient(name="Robin Vance"), therapist=mika.user_id)
    assert "no verified licence" in outcome.errors["therapist"]


async def test_a_licence_that_ends_stands_beside_what_else_is_due_and_goes_once_it_is_renewed(
    clinic: Clinic,
) -> None:
    mika = await newcomer(clinic)
    today = clinic.clock.now().date()
    await has_licence_until(clinic, mika, today + timedelta(days=9))
    case = await clinic.surgeon.refers(mika)
    await mika.gets_message(case.code)

    await clinic.passes(days=2)
    digest = await mika.gets_message(f"{case.code}: accept or decline", "expires in 7 days")
    theirs = await clinic.coordinator.gets_message("The licence of Mika Ito", "expires in 7 days")

    form = await digest.clicks("Enter the renewal")
    await form.submits(number="027314", expires_on=(today + timedelta(days=400)).isoformat())
    await mika.form().closes()
    asked = await clinic.coordinator.gets_message("A licence of Mika Ito")
    answer = await asked.clicks("Answer")
    await answer.submits(licence_answer="verified", certificate="")
    await mika.gets_message("Your licence is verified")
    assert digest.seen.says("Done: your licence was renewed")
    left = [button.text for button in digest.seen.buttons]  # of the referral, which still waits
    assert left == ["Accept", "Decline", "Tomorrow", "Later", "Open the thread"]
    assert theirs.seen.says("Done: the licence of Mika Ito was renewed")

    form = await chooses(clinic.surgeon, case, "Cancel the referral")
    await form.submits(move_reason="not_needed")
    await case.thread_shows("cancels the referral")
    await mika.gets_message(case.code, "cancels")
    await clinic.passes(days=8)  # the old one has ended, and nobody is told


async def test_the_open_work_of_somebody_who_left_goes_to_a_named_person(clinic: Clinic) -> None:
    case = await clinic.surgeon.refers(clinic.therapist)
    await clinic.therapist.gets_message(case.code)

    await clinic.leaves(clinic.therapist)
    await clinic.coordinator.gets_message("Sam Lee can't be used", "You have", case.code)
    assert case.card.says("Kit Moreau: Accept or decline")

    await clinic.leaves(clinic.surgeon)
    await clinic.covering_surgeon.gets_message("Ana Rivera can't be used", "You have", case.code)
    await clinic.coordinator.gets_message("Dr. Chidi Okafor has", case.code)


async def test_a_coordinator_names_who_goes_on_for_somebody_who_left(clinic: Clinic) -> None:
    case = await clinic.surgeon.refers(clinic.therapist)
    await clinic.therapist.gets_message(case.code)
    tab = await clinic.coordinator.opens_home()
    assert not tab.seen.says("Say who goes on")
    await clinic.leaves(clinic.therapist)
    await clinic.coordinator.gets_message("Sam Lee can't be used", case.code)

    tab = await clinic.coordinator.opens_home()
    await tab.presses("Say who goes on")
    form = clinic.coordinator.form()
    done = await form.submits(how="name", goes_on=clinic.coordinator.user_id)
    assert "not registered as a massage therapist" in done.errors["goes_on"]
    await form.submits(how="name", goes_on=clinic.other_therapist.user_id)
    code = clinic.coordinator.reads_code()
    new = clinic.surgeon.looks_at_the_card(code, clinic.other_therapist)
    await clinic.other_therapist.gets_message(code)
    assert new.card.says(f"Goes on from {case.code}")
    await case.thread_shows("Kit Moreau names somebody else")
    await clinic.surgeon.gets_message(case.code, "names somebody else")
    assert case.card.says("Cancelled")


async def test_a_coordinator_closes_what_nobody_goes_on_with(clinic: Clinic) -> None:
    case = await clinic.surgeon.refers(clinic.therapist)
    await clinic.therapist.gets_message(case.code)
    await clinic.leaves(clinic.therapist)
    await clinic.coordinator.gets_message("Sam Lee can't be used", case.code)
    tab = await clinic.coordinator.opens_home()
    await tab.presses("Say who goes on")
    await clinic.coordinator.form().submits(how="close", goes_on="")
    await case.thread_shows("closes the case")
    await clinic.surgeon.gets_message(case.code, "closes the case")
    assert case.card.says("Cancelled")
    assert not (await clinic.coordinator.opens_home()).seen.says(case.code)


async def test_who_left_while_nobody_listened_is_found_out(clinic: Clinic, case: Case) -> None:
    await clinic.stop_bot()
    await clinic.leaves(clinic.therapist)
    await clinic.start_bot()
    await clinic.settled()
    assert clinic.bot is not None

    await clinic.bot.rounds.look_at_accounts()
    await clinic.coordinator.gets_message("Sam Lee can't be used", case.code)


def _patient(**fields: str) -> dict[str, str]:
    return {**PATIENT, **fields}
