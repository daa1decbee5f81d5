"""Templates of a surgeon's own: kept when a referral is sent, chosen for the next, put in order."""

from bot.care.people import Role
from bot.care.permissions import Deed
from bot.care.referral_form import Field, ReferralForm
from bot.care.referral_template import (
    MOST_TEMPLATES,
    Template,
    folded,
    name_problem,
    named_in,
    template_of,
)
from bot.care.text import clean_line
from bot.ids import new_id
from bot.services.actor import Actor
from bot.services.deeds import Deeds, OpenDeed
from bot.services.errors import FieldsHaveProblems, FormHasProblems, TooLate
from bot.shown.referring import ShownTemplate
from bot.store.queries import referring as stored
from bot.store.tables.referring import ReferralTemplate


class Templates:
    """Looking through one's templates, naming them anew, and throwing them away."""

    def __init__(self, deeds: Deeds) -> None:
        self._deeds = deeds

    async def own(self, actor: Actor) -> tuple[ShownTemplate, ...]:
        """One's own templates, by name. Raises `NotRegistered`."""
        async with self._deeds.begin(actor, Deed.KEEP_TEMPLATE) as deed:
            await deed.somebody(Role.SURGEON)
            return await templates_of(deed)

    async def rename(self, actor: Actor, template_id: str, name: str) -> None:
        """Give a template another name. Raises `FieldsHaveProblems`, `TooLate`."""
        async with self._deeds.begin(actor, Deed.KEEP_TEMPLATE) as deed:
            await deed.somebody(Role.SURGEON)
            row = await stored.template_of(deed.session, template_id, deed.person.id)
            if row is None:
                raise TooLate("template_gone")
            wrong = name_problem(name)
            twin = await stored.template_named(deed.session, deed.person.id, _index(deed, name))
            if twin is not None and twin.id != row.id:
                wrong = "You have a template of this name. Please choose another one."
            if wrong:
                raise FieldsHaveProblems({Field.SAVE_AS.value: wrong})
            renamed = (await _opened(deed, row)).model_copy(update={"name": clean_line(name)})
            await _write(deed, row, renamed)

    async def delete(self, actor: Actor, template_id: str) -> None:
        """Throw a template away; done already: nothing changes."""
        async with self._deeds.begin(actor, Deed.KEEP_TEMPLATE) as deed:
            await deed.somebody(Role.SURGEON)
            row = await stored.template_of(deed.session, template_id, deed.person.id)
            if row is not None:
                await deed.session.delete(row)
                await deed.note("template", row.id, ended="deleted")


async def templates_of(deed: OpenDeed) -> tuple[ShownTemplate, ...]:
    """The templates of whoever acts, by name."""
    rows = await stored.templates_of(deed.session, deed.person.id)
    found = [ShownTemplate(row.id, (await _opened(deed, row)).name) for row in rows]
    return tuple(sorted(found, key=lambda one: folded(one.name)))


async def chosen_template(deed: OpenDeed, template_id: str) -> Template:
    """A template of whoever acts. Raises `TooLate` where it is gone."""
    row = await stored.template_of(deed.session, template_id, deed.person.id)
    if row is None:
        raise TooLate("template_gone")
    return await _opened(deed, row)


async def keep_template(deed: OpenDeed, form: ReferralForm, name: str) -> None:
    """Keep a form's answers under a name; one of the same name gets the new answers.

    Raises `FormHasProblems`.
    """
    template = template_of(form, name)
    row = await stored.template_named(deed.session, deed.person.id, _index(deed, name))
    wrong = name_problem(name)
    if not wrong and (named := named_in(template, form.identifiers())):
        where = "This name" if named == "name" else f"What you wrote under {named}"
        wrong = f"{where} says who the patient is. Change it first, or keep no template."
    if not wrong and row is None:
        others = await stored.templates_of(deed.session, deed.person.id)
        if len(others) >= MOST_TEMPLATES:
            wrong = f"You have {MOST_TEMPLATES} templates. Delete one first."
    if wrong:
        raise FormHasProblems({Field.SAVE_AS: wrong})
    if row is None:
        row = ReferralTemplate(
            id=new_id(),
            surgeon_id=deed.person.id,
            key_id=deed.mailbox_key,
            name_index=_index(deed, name),
            template_sealed=b"",
            created_at=deed.now,
            changed_at=deed.now,
        )
    await _write(deed, row, template)


async def _write(deed: OpenDeed, row: ReferralTemplate, template: Template) -> None:
    row.name_index = _index(deed, template.name)
    row.template_sealed = await deed.seal(
        row.key_id, stored.template_cell(row.id), template.model_dump_json()
    )
    row.changed_at = deed.now
    deed.session.add(row)
    await deed.session.flush()
    await deed.note("template", row.id)


async def _opened(deed: OpenDeed, row: ReferralTemplate) -> Template:
    opened = await deed.open(row.key_id, stored.template_cell(row.id), row.template_sealed)
    return Template.model_validate_json(opened)


def _index(deed: OpenDeed, name: str) -> bytes:
    return deed.blind_index("template", f"{deed.person.id}|{folded(name)}")
