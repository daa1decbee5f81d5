"""People write to each other on the page."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.sandbox.page.clinic import Clinic, seat_of
from tests.sandbox.page.kit import actions, button

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_two_people_side_by_side_talk_in_a_thread(clinic: Clinic) -> None:
    ana = await clinic.seat(clinic.ana, beside=clinic.lee)
    lee = seat_of(ana.page, clinic.lee)

    await ana.says("#clinic", "How is the knee?")
    asked = await lee.sees("How is the knee?")
    await asked.hover()
    await asked.get_by_role("button", name="Reply in thread").click()
    reply = lee.thread.get_by_role("textbox", name="Reply in the thread")
    await reply.fill("Flexion 95 degrees")
    await reply.press("Enter")
    await expect(lee.thread.locator("li.message")).to_have_count(2)

    summary = ana.message("How is the knee?").get_by_role("button", name="1 reply")
    await summary.click()
    await expect(ana.thread).to_contain_text("Flexion 95 degrees")
    root = clinic.ana.messages(clinic.channel)[-1]
    replies = clinic.ana.thread(clinic.channel, root.ts)
    assert [one.text for one in replies] == ["How is the knee?", "Flexion 95 degrees"]


async def test_each_of_two_people_has_their_own_name_face_and_colour(clinic: Clinic) -> None:
    ana = await clinic.seat(clinic.ana, beside=clinic.lee)
    lee = seat_of(ana.page, clinic.lee)
    tops = [seat.pane.locator(".pane-head .who") for seat in (ana, lee)]
    await expect(tops[0]).to_contain_text("Dr. Ana Rivera")
    await expect(tops[1]).to_contain_text("Sam Lee")
    await expect(tops[0].locator(".face")).to_have_text("AR")
    await expect(tops[1].locator(".face")).to_have_text("SL")
    colours = [
        await top.locator(".face").evaluate("face => getComputedStyle(face).backgroundColor")
        for top in tops
    ]
    assert colours[0] != colours[1]


async def test_a_reply_can_go_to_the_channel_as_well(clinic: Clinic) -> None:
    root = await clinic.ana.posts(clinic.channel, "Plan for Thursday")
    lee = await clinic.seat(clinic.lee, path=f"#{clinic.lee.id}={clinic.channel}/{root}")
    await lee.thread.get_by_label("Also send to #clinic").check()
    reply = lee.thread.get_by_role("textbox", name="Reply in the thread")
    await reply.fill("I can take it")
    await reply.press("Enter")
    shown = await lee.sees("I can take it")
    await expect(shown).to_contain_text("replied to a thread: Plan for Thursday")
    assert clinic.ana.messages(clinic.channel)[-1].subtype == "thread_broadcast"
    await expect(lee.thread.get_by_label("Also send to #clinic")).not_to_be_checked()


async def test_an_edit_and_a_deletion_show_to_everybody(clinic: Clinic) -> None:
    ana = await clinic.seat(clinic.ana, beside=clinic.lee)
    lee = seat_of(ana.page, clinic.lee)
    await ana.says("#clinic", "Flexion 59 degrees")
    await ana.message("59").hover()
    await ana.message("59").get_by_role("button", name="More about this message").click()
    await ana.page.get_by_role("menuitem", name="Edit message").click()
    field = ana.pane.get_by_role("textbox", name="Edit the message")
    await expect(field).to_have_value("Flexion 59 degrees")
    await field.fill("Flexion 95 degrees")
    await field.press("Enter")
    await expect(lee.message("Flexion 95 degrees")).to_contain_text("(edited)")

    await ana.message("95").hover()
    await ana.message("95").get_by_role("button", name="More about this message").click()
    await ana.page.get_by_role("menuitem", name="Delete message…").click()
    await ana.pane.get_by_role("alertdialog").get_by_role("button", name="Delete").click()
    await expect(lee.message("Flexion 95 degrees")).to_have_count(0)
    await expect(ana.message("Flexion 95 degrees")).to_have_count(0)


async def test_nobody_can_edit_what_somebody_else_wrote(clinic: Clinic) -> None:
    await clinic.ana.posts(clinic.channel, "Mine")
    lee = await clinic.seat(clinic.lee)
    await lee.message("Mine").hover()
    await lee.message("Mine").get_by_role("button", name="More about this message").click()
    await expect(lee.page.get_by_role("menuitem", name="Copy link")).to_be_visible()
    await expect(lee.page.get_by_role("menuitem", name="Edit message")).to_have_count(0)
    await expect(lee.page.get_by_role("menuitem", name="Delete message…")).to_have_count(0)


async def test_unread_messages_are_marked_and_mentions_counted(clinic: Clinic) -> None:
    other = clinic.slack.add_channel("ward", members=[clinic.ana.id, clinic.lee.id])
    ana = await clinic.seat(clinic.ana, path=f"#{clinic.ana.id}={clinic.channel}")
    ward = ana.pane.locator(".side-item").filter(has_text="ward")
    await expect(ward).to_have_accessible_name("ward, channel")  # joining calls nobody
    await clinic.lee.posts(other, "Quiet here")
    await expect(ward).to_have_accessible_name("ward, channel, 1 unread")
    await clinic.lee.posts(other, "@ana.rivera please look")
    await expect(ward).to_have_accessible_name("ward, channel, 1 mention")
    await expect(ward.locator(".badge")).to_have_text("1")
    await ward.click()
    await expect(ana.pane.locator(".new-line")).to_be_visible()
    await expect(ward).to_have_accessible_name("ward, channel")
    await expect(ward.locator(".badge")).to_have_count(0)


async def test_a_direct_message_is_counted_until_it_is_read(clinic: Clinic) -> None:
    ana = await clinic.seat(clinic.ana, path=f"#{clinic.ana.id}={clinic.channel}")
    direct = clinic.lee.direct_channel_with(clinic.ana.id)
    await clinic.lee.posts(direct, "A word?")
    entry = ana.pane.locator(".side-item").filter(has_text="Sam Lee")
    await expect(entry.locator(".badge")).to_have_text("1")
    await expect(ana.page).to_have_title("(1) Dr. Ana Rivera")
    await entry.click()
    await ana.sees("A word?")
    await expect(entry.locator(".badge")).to_have_count(0)


async def test_typing_an_at_sign_offers_people_and_sends_a_mention(clinic: Clinic) -> None:
    ana = await clinic.seat(clinic.ana)
    box = ana.box("#clinic")
    await box.press_sequentially("Thanks @sa")
    await expect(ana.page.get_by_role("option", name="Sam Lee")).to_be_visible()
    await box.press("Enter")
    await expect(box).to_have_value("Thanks @Sam Lee ")
    await box.press_sequentially("and #cli")
    await box.press("Enter")
    await box.press_sequentially("for :tad")
    await box.press("Enter")
    await box.press("Enter")
    await ana.sees("Thanks")
    sent = clinic.ana.messages(clinic.channel)[-1].text
    assert sent.startswith(f"Thanks <@{clinic.lee.id}> and <#{clinic.channel}")
    assert sent.endswith("for :tada:")
    await expect(ana.messages.last.locator(".emoji")).to_have_text("🎉")


async def test_reactions_are_added_and_taken_back(clinic: Clinic) -> None:
    await clinic.lee.posts(clinic.channel, "Done")
    ana = await clinic.seat(clinic.ana)
    await ana.message("Done").hover()
    await ana.message("Done").get_by_role("button", name="Add a reaction").click()
    await ana.page.get_by_role("dialog", name="Choose an emoji").get_by_label("eyes").click()
    mine = ana.message("Done").locator(".reaction")
    await expect(mine).to_have_attribute("aria-pressed", "true")
    await mine.click()
    await expect(mine).to_have_count(0)


async def test_only_one_person_sees_an_ephemeral_message_and_can_dismiss_it(clinic: Clinic) -> None:
    ana = await clinic.seat(clinic.ana, beside=clinic.lee)
    lee = seat_of(ana.page, clinic.lee)
    await clinic.client.chat_postEphemeral(
        channel=clinic.channel,
        user=clinic.lee.id,
        text="Read as session 3",
        blocks=[actions(button("Correct it", "fix", value="3"))],
    )
    shown = lee.messages.filter(has_text="Correct it")
    await expect(shown).to_contain_text("Only visible to you")
    await expect(ana.messages.filter(has_text="Correct it")).to_have_count(0)
    await shown.get_by_role("button", name="Correct it").click()
    body = await clinic.heard.action("fix")
    assert body["container"]["is_ephemeral"] is True
    await shown.get_by_role("button", name="Dismiss").click()
    await expect(shown).to_have_count(0)


async def test_search_finds_what_one_can_see_and_leads_there(clinic: Clinic) -> None:
    secret = clinic.slack.add_channel("secret", private=True, members=[clinic.lee.id])
    await clinic.lee.posts(secret, "swollen calf, hidden")
    root = await clinic.ana.posts(clinic.channel, "Any concern?")
    await clinic.lee.posts(clinic.channel, "left calf swollen calf warm", root)
    ana = await clinic.seat(clinic.ana)
    await ana.pane.get_by_role("searchbox", name="Search messages").fill("swollen calf")
    await ana.page.keyboard.press("Enter")
    results = ana.pane.locator(".result")
    await expect(results).to_have_count(1)
    await results.click()
    found = ana.thread.locator("li.message").filter(has_text="swollen calf")
    await expect(found).to_be_focused()


async def test_a_file_is_shared_and_shown(clinic: Clinic) -> None:
    ana = await clinic.seat(clinic.ana, beside=clinic.lee)
    lee = seat_of(ana.page, clinic.lee)
    async with ana.page.expect_file_chooser() as chosen:
        await ana.pane.get_by_role("button", name="Add a file").click()
    note = {"name": "plan.txt", "mimeType": "text/plain", "buffer": b"rest"}
    await (await chosen.value).set_files(note)  # type: ignore[arg-type]
    await expect(ana.pane.locator(".composer").get_by_text("plan.txt")).to_be_visible()
    await ana.says("#clinic", "The plan")
    shared = await lee.sees("The plan")
    async with lee.page.expect_download() as download:
        await shared.get_by_role("link", name="plan.txt").click()
    path = await (await download.value).path()
    assert path.read_bytes() == b"rest"


async def test_three_hundred_messages_come_page_by_page(clinic: Clinic) -> None:
    for number in range(300):
        await clinic.lee.posts(clinic.channel, f"Message {number}")
    ana = await clinic.seat(clinic.ana)
    await ana.sees("Message 299")
    assert await ana.messages.count() <= 60
    timeline = ana.pane.locator(".pane-main .timeline")
    for pages in range(2, 7):
        await timeline.evaluate("timeline => timeline.scrollTop = 0")
        await expect(ana.messages).to_have_count(min(60 * pages, 302))  # two joined at first
        if pages < 6:  # one stays where one was, with the older ones above
            assert await timeline.evaluate("timeline => timeline.scrollTop") > 500
    await expect(ana.messages.filter(has_text="Message 0")).to_have_count(1)


async def test_a_new_message_does_not_pull_down_who_reads_above(clinic: Clinic) -> None:
    for number in range(50):
        await clinic.lee.posts(clinic.channel, f"Message {number}")
    ana = await clinic.seat(clinic.ana)
    await ana.sees("Message 49")
    timeline = ana.pane.locator(".pane-main .timeline")
    await timeline.evaluate("timeline => timeline.scrollTop = 400")
    await clinic.lee.posts(clinic.channel, "Something new")
    await expect(ana.messages.last).to_contain_text("Something new")
    assert await timeline.evaluate("timeline => timeline.scrollTop") == 400


async def test_a_channel_is_created_and_somebody_asked_in(clinic: Clinic) -> None:
    ana = await clinic.seat(clinic.ana)
    await ana.pane.get_by_role("button", name="Add channels").click()
    await ana.page.get_by_role("menuitem", name="Create a channel").click()
    form = ana.pane.get_by_role("dialog", name="Create a channel")
    await form.get_by_label("Name").fill("knee-rehab")
    await form.get_by_label("Private").check()
    await form.get_by_role("button", name="Create").click()
    await expect(ana.pane.get_by_role("heading", name="knee-rehab").first).to_be_visible()
    await ana.pane.get_by_role("button", name="1 members").click()
    await ana.page.get_by_role("combobox", name="Add somebody to this channel").click()
    await ana.page.get_by_role("option", name="Sam Lee").click()
    await expect(ana.pane.locator(".count-button")).to_have_text("2")
    assert clinic.lee.channel_named("knee-rehab").kind.value == "private"


async def test_a_link_to_a_message_opens_at_that_message(clinic: Clinic) -> None:
    first = await clinic.lee.posts(clinic.channel, "The first thing")
    link = await clinic.client.chat_getPermalink(channel=clinic.channel, message_ts=first)
    await clinic.lee.posts(clinic.channel, f"See {link['permalink']}")
    ana = await clinic.seat(clinic.ana)
    await ana.message("See").get_by_role("link").click()
    await expect(ana.message("The first thing")).to_be_focused()
    assert len(ana.page.context.pages) == 1
