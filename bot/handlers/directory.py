"""The network: `/network`, one's own entry, a coordinator's answer to a licence."""

from collections.abc import Awaitable, Callable, Mapping

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.models.views import View

from bot.care.credentials import Language, LymphaticTraining, PrivacyRole, UsState
from bot.care.directory import EntryField
from bot.handlers.answers import Body
from bot.handlers.modals import Modals
from bot.handlers.payloads import Click, Command, Submission, read
from bot.handlers.uses import Uses
from bot.services.actor import Actor
from bot.services.directory import LicenceFilled, PracticeFilled, WorkFilled
from bot.services.errors import EntryHasProblems
from bot.shown.directory import ShownEntry
from bot.views.carried import AboutLicence, AboutPerson, Action
from bot.views.directory import EntryView, NetworkView
from bot.views.forms.answer_licence import AnswerLicenceForm
from bot.views.forms.entry import Accepting, LicenceForm, PracticeForm, WorkForm, entry_errors
from bot.views.forms.find_colleague import FindForm
from bot.views.modals import notice_view


def register(app: AsyncApp, use: Uses) -> None:
    _register_finding(app, use)
    _register_doors(app, use)
    _register_steps(app, use)
    _register_verifying(app, use)


def _register_finding(app: AsyncApp, use: Uses) -> None:
    async def open_search(actor: Actor, trigger_id: str) -> None:
        async def fill() -> View:
            return FindForm.view((await use.directory.own(actor)).role)

        await use.answers.in_modal(trigger_id, FindForm.loading(), fill)

    @app.command("/network")
    async def network(ack: AsyncAck, body: Body) -> None:
        await ack()
        command = read(Command, body)
        await open_search(command.actor, command.trigger_id)

    @app.action(Action.FIND_COLLEAGUE)
    async def search(ack: AsyncAck, body: Body) -> None:
        await ack()
        click = read(Click, body)
        await open_search(click.actor, click.trigger_id)

    @app.view(FindForm.callback_id)
    async def find(ack: AsyncAck, body: Body) -> None:
        submission = read(Submission, body)

        async def look() -> View:
            wish = FindForm.read(body["view"])
            return NetworkView.view(await use.directory.find(submission.actor, wish))

        await use.answers.form(ack, look(), FindForm.trouble)


def _register_doors(app: AsyncApp, use: Uses) -> None:
    """Buttons that open an entry, or one step of one's own."""
    modals = Modals(app, use.answers)

    def opens(
        action: Action, loading: Callable[[], View], view: Callable[[ShownEntry], View]
    ) -> None:
        @app.action(action)
        async def open_own(ack: AsyncAck, body: Body) -> None:
            await ack()
            click = read(Click, body)

            async def fill() -> View:
                return view(await use.directory.own(click.actor))

            await use.answers.in_modal(click.trigger_id, loading(), fill)

    opens(Action.OWN_ENTRY, EntryView.loading, EntryView.view)
    opens(Action.ENTER_WORK, WorkForm.loading, WorkForm.view)
    opens(Action.ENTER_LICENCE, LicenceForm.loading, LicenceForm.view)
    opens(Action.ENTER_PRACTICE, PracticeForm.loading, PracticeForm.view)

    @modals.opens(Action.SEE_COLLEAGUE, EntryView)
    async def see(click: Click) -> View:
        about = AboutPerson.read(click.value)
        return EntryView.view(await use.directory.entry(click.actor, about.person_id))


def _register_steps(app: AsyncApp, use: Uses) -> None:
    """Each step is saved by itself, and leads to the next."""

    def step(
        callback_id: str,
        save: Callable[[Actor, Mapping[str, object]], Awaitable[View]],
        trouble: Callable[..., Mapping[str, str]],
    ) -> None:
        @app.view(callback_id)
        async def keep(ack: AsyncAck, body: Body) -> None:
            submission = read(Submission, body)
            await use.answers.form(
                ack, save(submission.actor, body["view"]), trouble, _at_its_field
            )

    async def save_work(actor: Actor, view: Mapping[str, object]) -> View:
        entry = await use.directory.say_work(actor, WorkFilled(*WorkForm.read(view)))
        return LicenceForm.view(entry) if entry.needs_licence else PracticeForm.view(entry)

    async def save_licence(actor: Actor, view: Mapping[str, object]) -> View:
        sent = LicenceForm.read(view)
        has_certificate = sent.has(EntryField.LYMPHATIC)
        filled = LicenceFilled(
            number=sent.text(EntryField.NUMBER),
            state=sent.choice(EntryField.STATE, UsState),
            expires_on=sent.day(EntryField.EXPIRES_ON),
            lymphatic=(
                sent.perhaps(EntryField.LYMPHATIC, LymphaticTraining) if has_certificate else None
            ),
            lymphatic_until=sent.day(EntryField.LYMPHATIC_UNTIL) if has_certificate else None,
        )
        return PracticeForm.view(await use.directory.enter_licence(actor, filled))

    async def save_practice(actor: Actor, view: Mapping[str, object]) -> View:
        sent = PracticeForm.read(view)
        filled = PracticeFilled(
            languages=sent.choices(EntryField.LANGUAGES, Language),
            places=PracticeForm.places(sent),
            capacity=sent.whole_number(EntryField.CAPACITY),
            is_accepting=sent.choice(EntryField.ACCEPTING, Accepting) is Accepting.YES,
            not_before=sent.day(EntryField.NOT_BEFORE),
            privacy_role=sent.perhaps(EntryField.PRIVACY_ROLE, PrivacyRole),
        )
        return EntryView.view(await use.directory.say_practice(actor, filled))

    step(WorkForm.callback_id, save_work, WorkForm.trouble)
    step(LicenceForm.callback_id, save_licence, LicenceForm.trouble)
    step(PracticeForm.callback_id, save_practice, PracticeForm.trouble)


def _register_verifying(app: AsyncApp, use: Uses) -> None:
    modals = Modals(app, use.answers)

    @modals.opens(Action.ANSWER_LICENCE, AnswerLicenceForm)
    async def open_answer(click: Click) -> View:
        about = AboutLicence.read(click.value)
        licence = await use.directory.licence_to_answer(click.actor, about.licence_id)
        return AnswerLicenceForm.view(licence)

    @modals.takes(AnswerLicenceForm)
    async def answer(submission: Submission, view: Body) -> View:
        filled = AnswerLicenceForm.read(view)
        if filled.answer.refusal is None:
            await use.directory.verify(
                submission.actor, filled.licence_id, saw_certificate=filled.saw_certificate
            )
            return notice_view("Verified", "They can refer and be referred to, and are told.")
        await use.directory.refuse(submission.actor, filled.licence_id, filled.answer.refusal)
        return notice_view("Not verified", "They are told why, and can enter it anew.")


def _at_its_field(error: Exception) -> Mapping[str, str] | None:
    return entry_errors(error.problems) if isinstance(error, EntryHasProblems) else None
