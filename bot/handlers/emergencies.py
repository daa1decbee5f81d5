"""Access in an emergency: asked for, used, given back; and who is in the group."""

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.models.views import View

from bot.care.people import Role
from bot.handlers.answers import Body
from bot.handlers.modals import Modals
from bot.handlers.payloads import Click, Submission, read
from bot.handlers.uses import Uses
from bot.services.actor import Actor
from bot.services.errors import FieldsHaveProblems, NotYours
from bot.views.carried import AboutEmergency, AboutPerson, Action
from bot.views.forms.emergency import (
    EmergencyCaseView,
    EmergencyForm,
    EmergencyGroupForm,
    EmergencyReasonView,
)
from bot.views.modals import notice_view


async def open_emergency(use: Uses, actor: Actor, trigger_id: str) -> None:
    """The form, for whoever is in the group; a coordinator who is not sees who is."""

    async def fill() -> View:
        is_member = (await use.emergencies.at_home(actor)).is_member
        if not is_member and await use.people.role_of(actor) is Role.COORDINATOR:
            return EmergencyGroupForm.view(await use.emergency_group.members(actor))
        await use.emergencies.may_ask(actor)
        return EmergencyForm.view(use.emergencies.lasts)

    await use.answers.in_modal(trigger_id, EmergencyForm.loading(), fill)


def register(app: AsyncApp, use: Uses) -> None:
    _register_access(app, use)
    _register_group(app, use)


def _register_access(app: AsyncApp, use: Uses) -> None:
    modals = Modals(app, use.answers)

    @app.action(Action.EMERGENCY)
    async def ask(ack: AsyncAck, body: Body) -> None:
        await ack()
        click = read(Click, body)
        await open_emergency(use, click.actor, click.trigger_id)

    @modals.takes(EmergencyForm, _at_its_field)
    async def open_case(submission: Submission, view: Body) -> View:
        case_code, reason = EmergencyForm.read(view)
        access = await use.emergencies.open(submission.actor, case_code, reason, submission.view.id)
        case, _ = await use.reading.case_to_read(submission.actor, access.referral_id)
        return EmergencyCaseView.view(case, access)

    @modals.opens(Action.READ_IN_EMERGENCY, EmergencyCaseView)
    async def read_again(click: Click) -> View:
        access = await use.emergencies.access(AboutEmergency.read(click.value).access_id)
        if access is None:
            raise NotYours
        case, _ = await use.reading.case_to_read(click.actor, access.referral_id)
        return EmergencyCaseView.view(case, access)

    @modals.opens(Action.WHY_EMERGENCY, EmergencyReasonView)
    async def why(click: Click) -> View:
        about = AboutEmergency.read(click.value)
        return EmergencyReasonView.view(await use.emergencies.why(click.actor, about.access_id))

    @app.action(Action.END_EMERGENCY)
    async def give_back(ack: AsyncAck, body: Body) -> None:
        await ack()
        click = read(Click, body)

        async def fill() -> View:
            about = AboutEmergency.read(click.value)
            await use.emergencies.give_back(click.actor, about.access_id)
            return notice_view(
                "Given back", "You can no longer read this case. Thank you for giving it back."
            )

        if click.modal_id:
            await use.answers.in_place(click.trigger_id, click.modal_id, fill)
        else:
            await use.answers.in_modal(click.trigger_id, EmergencyCaseView.loading(), fill)


def _register_group(app: AsyncApp, use: Uses) -> None:
    modals = Modals(app, use.answers)

    @modals.opens(Action.EMERGENCY_GROUP, EmergencyGroupForm)
    async def see_group(click: Click) -> View:
        return EmergencyGroupForm.view(await use.emergency_group.members(click.actor))

    @modals.takes(EmergencyGroupForm, _at_its_field)
    async def name(submission: Submission, view: Body) -> View:
        await use.emergency_group.name(submission.actor, EmergencyGroupForm.read(view))
        return EmergencyGroupForm.view(await use.emergency_group.members(submission.actor))

    @app.action(Action.LEAVE_EMERGENCY_GROUP)
    async def take_out(ack: AsyncAck, body: Body) -> None:
        await ack()
        click = read(Click, body)

        async def fill() -> View:
            about = AboutPerson.read(click.value)
            await use.emergency_group.take_out(click.actor, about.person_id)
            return EmergencyGroupForm.view(await use.emergency_group.members(click.actor))

        await use.answers.in_place(click.trigger_id, click.modal_id, fill)


def _at_its_field(error: Exception) -> dict[str, str] | None:
    return error.problems if isinstance(error, FieldsHaveProblems) else None
