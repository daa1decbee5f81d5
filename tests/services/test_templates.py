"""Templates are their surgeon's own: nobody else names them anew or throws them away."""

import pytest

from bot.care.permissions import Deed
from bot.services.errors import FieldsHaveProblems, TooLate
from bot.services.templates import Templates, keep_template
from tests.services.test_who_may_do_what import FORM, Practice, clock, practice, refusal

__all__ = ["clock", "practice"]


async def keeps(practice: Practice, name: str) -> str:
    """The id of a template of the surgeon's."""
    actor = practice.actor("surgeon")
    async with practice.deeds.begin(actor, Deed.KEEP_TEMPLATE) as deed:
        await deed.somebody()
        await keep_template(deed, FORM, name)
    own = await Templates(practice.deeds).own(actor)
    return next(one.id for one in own if one.name == name)


async def test_only_its_surgeon_renames_and_deletes_a_template(practice: Practice) -> None:
    template_id = await keeps(practice, "mine")
    templates, other = Templates(practice.deeds), practice.actor("other_surgeon")
    assert await templates.own(other) == ()
    assert isinstance(await refusal(templates.rename(other, template_id, "theirs")), TooLate)
    await templates.delete(other, template_id)
    assert [one.name for one in await templates.own(practice.actor("surgeon"))] == ["mine"]
    for who in ("therapist", "coordinator", "guest", "foreign", "unknown"):
        assert await refusal(templates.delete(practice.actor(who), template_id)) is not None


async def test_two_templates_are_not_called_the_same(practice: Practice) -> None:
    await keeps(practice, "first")
    second = await keeps(practice, "second")
    templates, actor = Templates(practice.deeds), practice.actor("surgeon")
    with pytest.raises(FieldsHaveProblems):
        await templates.rename(actor, second, "  FIRST ")
    await templates.rename(actor, second, "Second")
    await templates.delete(actor, second)
    await templates.delete(actor, second)  # a double click
    assert [one.name for one in await templates.own(actor)] == ["first"]
