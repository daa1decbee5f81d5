"""How text shows: mrkdwn, rich text, Markdown, dates; and that it never becomes markup."""

from __future__ import annotations

import aiohttp
import pytest
from playwright.async_api import expect

from bot.sandbox.wire import JsonObject
from tests.sandbox.page.clinic import Clinic
from tests.sandbox.page.kit import PIXEL, actions, button, mrkdwn, plain, section

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

# What mrkdwn becomes, by https://docs.slack.dev/messaging/formatting-message-text
MRKDWN = {
    "*bold* _italic_ ~gone~": "<strong>bold</strong> <em>italic</em> <s>gone</s>",
    "*bold _both_*": "<strong>bold <em>both</em></strong>",
    "2*3*4 and snake_case_name": "2*3*4 and snake_case_name",
    "* not bold *": "* not bold *",
    "`a *b* &lt;c&gt;`": '<code class="code">a *b* &lt;c&gt;</code>',
    "one\ntwo": "one<br>two",
    "&gt; said\n&gt; so\nno": '<blockquote class="quote">said<br>so</blockquote>no',
    "&gt;&gt;&gt; all\nof it": '<blockquote class="quote">all<br>of it</blockquote>',
    "```x &lt; y\n  z```": '<pre class="pre" tabindex="0">x &lt; y\n  z</pre>',
    "&amp;lt; &lt;b&gt;": "&amp;lt; &lt;b&gt;",
    ":unknown_thing:": ":unknown_thing:",
    "<!here> <!subteam^S1|@knee>": (
        '<span class="mention mention-me">@here</span> <span class="mention">@knee</span>'
    ),
    "<javascript:alert(1)|click>": "<span>click</span>",
    "<!date^1792134000^{date_num} {time}|then>": (
        '<time datetime="2026-10-16T07:00:00.000Z" '
        'title="Friday, October 16th, 2026 3:00 AM">2026-10-16 3:00 AM</time>'
    ),
    "<!date^nonsense^{date}|then>": "then",
    "<mailto:a@b.example|write>": (
        '<a href="mailto:a@b.example" target="_blank" rel="noopener noreferrer" class="link">'
        "write</a>"
    ),
}


async def test_mrkdwn_shows_as_in_slack(clinic: Clinic) -> None:
    for source in MRKDWN:
        await clinic.client.chat_postMessage(channel=clinic.channel, text=source)
    ana = await clinic.seat(clinic.ana)
    shown = ana.messages.locator(".message-text")
    await expect(shown.last).to_be_visible()
    html = await shown.evaluate_all("all => all.map(one => one.innerHTML)")
    assert dict(zip(MRKDWN, html[-len(MRKDWN) :], strict=True)) == MRKDWN


@pytest.mark.parametrize(
    "attack",
    [
        "<img src=x onerror=window.caught=1>",
        "<script>window.caught=1</script>",
        '"><svg onload=window.caught=1>',
        "javascript:window.caught=1",
    ],
)
async def test_text_never_becomes_markup(clinic: Clinic, attack: str) -> None:
    person = clinic.slack.add_person("eve", attack, title=attack)
    await clinic.slack.person(person).joins(clinic.channel)
    await clinic.slack.person(person).posts(clinic.channel, attack)
    await clinic.slack.person(person).sets_topic(clinic.channel, attack)
    escaped = attack.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    blocks: list[JsonObject] = [
        {"type": "header", "text": plain(attack[:150])},
        section(escaped, fields=[mrkdwn(escaped)]),
        {"type": "context", "elements": [plain(attack)]},
        {"type": "markdown", "text": attack},
        {"type": "image", "image_url": f"https://x.example/?{attack}", "alt_text": attack},
        {"type": "table", "rows": [[{"type": "raw_text", "text": attack}]]},
        actions(button(attack, "b")),
    ]
    for block in blocks:
        await clinic.posts([block], text=escaped)
    ana = await clinic.seat(clinic.ana)
    await expect(ana.messages.last.get_by_role("button", name=attack)).to_be_visible()
    assert await ana.page.evaluate("window.caught") is None
    assert await ana.page.locator("script:not([type=module]), svg[onload]").count() == 0


async def test_rich_text_lists_quotes_and_styles(clinic: Clinic) -> None:
    def words(text: str, **style: bool) -> JsonObject:
        made: JsonObject = {"type": "text", "text": text}
        return {**made, "style": {**style}} if style else made

    def line(*elements: JsonObject) -> JsonObject:
        return {"type": "rich_text_section", "elements": [*elements]}

    rich: JsonObject = {
        "type": "rich_text",
        "elements": [
            line(words("Firm", bold=True), words(" scar "), {"type": "emoji", "name": "eyes"}),
            {"type": "rich_text_list", "style": "ordered", "elements": [line(words("first"))]},
            {
                "type": "rich_text_list",
                "style": "bullet",
                "indent": 1,
                "elements": [line(words("deeper"))],
            },
            {"type": "rich_text_list", "style": "ordered", "elements": [line(words("second"))]},
            {"type": "rich_text_quote", "elements": [words("said")]},
            {"type": "rich_text_preformatted", "elements": [words("0-95")]},
            line({"type": "user", "user_id": clinic.lee.id}, words(" gone", strike=True)),
        ],
    }
    await clinic.posts([rich])
    ana = await clinic.seat(clinic.ana)
    shown = ana.messages.last
    await expect(shown.locator("strong")).to_have_text("Firm")
    await expect(shown.locator("ol").nth(1)).to_have_attribute("start", "2")
    await expect(shown.locator("ul li")).to_have_text("deeper")
    await expect(shown.locator("blockquote")).to_have_text("said")
    await expect(shown.locator("pre")).to_have_text("0-95")
    await expect(shown.get_by_role("button", name="@Sam Lee")).to_be_visible()


async def test_what_a_person_types_as_a_list_is_one(clinic: Clinic) -> None:
    group = clinic.slack.add_user_group("knee-team", "Knee team", [clinic.lee.id])
    await clinic.ana.posts(clinic.channel, f"Today <!subteam^{group}>:\n- *warm* up\n- move\nBye")
    lee = await clinic.seat(clinic.lee)
    shown = lee.message("Today")
    await expect(shown.locator("ul li")).to_have_text(["warm up", "move"])
    await expect(shown.locator("strong")).to_have_text("warm")
    await expect(shown).to_contain_text("@knee-team")


async def test_older_attachments_show_their_edge_fields_and_blocks(clinic: Clinic) -> None:
    await clinic.client.chat_postMessage(
        channel=clinic.channel,
        text="Result",
        attachments=[
            {
                "color": "#b3382c",
                "title": "Calf",
                "text": "*hot* and swollen",
                "fields": [{"title": "Side", "value": "left", "short": True}],
                "footer": "Loop",
                "fallback": "Calf",
            }
        ],
    )
    ana = await clinic.seat(clinic.ana)
    shown = ana.message("Result").locator(".attachment")
    await expect(shown.locator(".attachment-title")).to_have_text("Calf")
    await expect(shown.locator("strong").first).to_have_text("hot")
    await expect(shown.locator(".section-field")).to_have_text("Sideleft")
    await expect(shown).to_have_css("border-inline-start-color", "rgb(179, 56, 44)")


async def test_a_picture_that_the_app_uploaded_is_shown(clinic: Clinic) -> None:
    asked = await clinic.client.files_getUploadURLExternal(filename="rom.png", length=len(PIXEL))
    async with aiohttp.ClientSession() as session, session.post(asked["upload_url"], data=PIXEL):
        pass
    done = await clinic.client.files_completeUploadExternal(
        files=[{"id": asked["file_id"], "title": "Range of motion"}], channel_id=clinic.channel
    )
    assert done["ok"]
    ana = await clinic.seat(clinic.ana)
    picture = ana.messages.last.get_by_role("img", name="Range of motion")
    await expect(picture).to_have_js_property("naturalWidth", 1)


async def test_a_markdown_block_shows_headings_lists_tables_and_code(clinic: Clinic) -> None:
    text = (
        "# Plan\n\nTwice **a week**, *gently*.\n\n- knee\n  - scar\n- calf\n\n"
        "1. warm\n2. move\n\n> as told\n\n| Week | Flexion |\n|---|--:|\n| 1 | 70 |\n\n"
        "```\n0-95\n```\n\n- [x] consent\n\n[guide](https://clinic.example)"
    )
    await clinic.posts([{"type": "markdown", "text": text}])
    ana = await clinic.seat(clinic.ana)
    shown = ana.messages.last.locator(".markdown")
    await expect(shown.get_by_role("heading", name="Plan")).to_be_visible()
    await expect(shown.locator("strong")).to_have_text("a week")
    await expect(shown.locator("em")).to_have_text("gently")
    await expect(shown.locator("ul ul li")).to_have_text("scar")
    await expect(shown.locator("ol li")).to_have_text(["warm", "move"])
    await expect(shown.get_by_role("cell")).to_have_text(["1", "70"])
    await expect(shown.locator("pre")).to_have_text("0-95")
    await expect(shown.locator(".md-task")).to_have_text("☑")
    await expect(shown.get_by_role("link", name="guide")).to_have_attribute(
        "href", "https://clinic.example"
    )


async def test_each_block_kind_shows_its_content(clinic: Clinic) -> None:
    blocks: list[JsonObject] = [
        {"type": "header", "text": plain("Case K7QF-2M")},
        section("Body", fields=[mrkdwn("*Left*\nknee"), mrkdwn("*Day*\n18")]),
        {"type": "divider"},
        {
            "type": "context",
            "elements": [
                mrkdwn("By *Sam*"),
                {"type": "image", "image_url": "https://x.example/a.png", "alt_text": "badge"},
            ],
        },
        {
            "type": "image",
            "image_url": "https://x.example/rom.png",
            "alt_text": "Range of motion",
            "title": plain("Chart"),
        },
        {
            "type": "video",
            "video_url": "https://video.example/1",
            "thumbnail_url": "https://video.example/1.png",
            "alt_text": "Exercise",
            "title": plain("Heel slides"),
            "title_url": "https://video.example/watch",
        },
        {
            "type": "table",
            "rows": [
                [{"type": "raw_text", "text": "Session"}, {"type": "raw_text", "text": "Pain"}],
                [{"type": "raw_text", "text": "1"}, {"type": "raw_text", "text": "6"}],
            ],
            "column_settings": [{"align": "left"}, {"align": "right"}],
        },
    ]
    outside: list[str] = []
    ana = await clinic.seat(clinic.ana)
    ana.page.on(
        "request",
        lambda asked: None if asked.url.startswith(clinic.slack.url) else outside.append(asked.url),
    )
    await clinic.posts(blocks)
    shown = ana.messages.last
    await expect(shown.get_by_role("heading", name="Case K7QF-2M")).to_be_visible()
    await expect(shown.locator(".section-field")).to_have_text(["Leftknee", "Day18"])
    await expect(shown.get_by_role("separator")).to_be_visible()
    await expect(shown.get_by_role("img", name="badge")).to_be_visible()
    await expect(shown.get_by_role("img", name="Range of motion")).to_be_visible()
    await expect(shown.get_by_role("img", name="Exercise")).to_be_visible()
    await expect(shown.get_by_role("columnheader")).to_have_text(["Session", "Pain"])
    await expect(shown.get_by_role("cell")).to_have_text(["1", "6"])
    assert outside == []  # nothing is fetched from another host
