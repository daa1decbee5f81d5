"""Files: an app's upload in two steps, a person's, and who may download."""

from __future__ import annotations

import asyncio

import aiohttp
import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from tests.sandbox.conftest import Clinic, Listening

PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(2000)


async def test_slack_sdk_uploads_a_file_with_its_comment(clinic: Clinic, bolt: Listening) -> None:
    root = await clinic.ana.posts(clinic.channel, "root")
    answer = await clinic.client.files_upload_v2(
        channel=clinic.channel,
        thread_ts=root,
        filename="scan.png",
        title="Left knee",
        content=PICTURE,
        initial_comment="Before",
    )
    file = answer["file"]
    assert {"id", "name", "title", "mimetype", "size", "url_private", "permalink"} <= set(file)
    assert file["size"] == len(PICTURE)
    event = await bolt.event("message", "file_share")
    assert event["text"] == "Before"
    assert event["thread_ts"] == root
    assert event["files"][0]["id"] == file["id"]
    [shown] = clinic.lee.thread(clinic.channel, root)[1:]
    assert shown.files == [file["id"]]


async def test_the_synchronous_client_uploads_too(clinic: Clinic) -> None:
    client = WebClient(token=clinic.app.bot_token, base_url=f"{clinic.slack.url}/api/")
    answer = await asyncio.to_thread(
        client.files_upload_v2, channel=clinic.channel, filename="note.txt", content="words"
    )
    assert answer["ok"]
    assert clinic.ana.messages(clinic.channel)[-1].files == [answer["file"]["id"]]


async def test_an_app_downloads_with_its_token_what_it_may_see(clinic: Clinic) -> None:
    file_id = await clinic.ana.uploads("scan.png", PICTURE)
    await clinic.ana.posts(clinic.channel, "", files=[file_id])
    info = await clinic.client.files_info(file=file_id)
    assert info["file"]["channels"] == [clinic.channel]
    assert {"comments", "response_metadata"} <= set(info.data)
    headers = {"Authorization": f"Bearer {clinic.app.bot_token}"}
    async with aiohttp.ClientSession() as session:
        async with session.get(info["file"]["url_private"], headers=headers) as response:
            assert await response.read() == PICTURE
            assert response.content_type == "image/png"
        for wrong in ({}, {"Authorization": "Bearer xoxb-nobody"}):
            async with session.get(
                info["file"]["url_private"], headers=wrong, allow_redirects=False
            ) as response:
                assert response.status == 302


async def test_a_file_from_a_room_the_bot_is_not_in_is_not_there(clinic: Clinic) -> None:
    room = await clinic.private_room()
    file_id = await clinic.ana.uploads("scan.png", PICTURE)
    await clinic.ana.posts(room, "", files=[file_id])
    with pytest.raises(SlackApiError, match="file_not_found"):
        await clinic.client.files_info(file=file_id)


async def test_an_upload_is_completed_once_and_only_with_its_bytes(clinic: Clinic) -> None:
    begun = await clinic.client.files_getUploadURLExternal(filename="a.txt", length=3)
    files = [{"id": begun["file_id"], "title": "A"}]
    with pytest.raises(SlackApiError, match="file_not_found"):
        await clinic.client.files_completeUploadExternal(files=files)
    async with aiohttp.ClientSession() as session:
        async with session.post(begun["upload_url"], data=b"abc") as response:
            assert await response.text() == "OK - 3"
        assert (await clinic.client.files_completeUploadExternal(files=files))["ok"]
        async with session.post(begun["upload_url"], data=b"xyz") as response:
            assert response.status == 400
    with pytest.raises(SlackApiError, match="file_already_completed"):
        await clinic.client.files_completeUploadExternal(files=files)


async def test_a_page_uploads_and_shows_pictures_but_runs_nothing(clinic: Clinic) -> None:
    base = f"{clinic.slack.url}/_sandbox/as/{clinic.ana.id}"
    async with aiohttp.ClientSession() as session:
        form = aiohttp.FormData()
        form.add_field("file", PICTURE, filename="scan.png", content_type="image/png")
        async with session.post(f"{base}/upload", data=form) as response:
            picture = (await response.json())["file"]
        async with session.get(clinic.slack.url + picture["url_private"]) as response:
            assert await response.read() == PICTURE
            assert response.headers["Content-Disposition"].startswith("inline")
        evil = aiohttp.FormData()
        evil.add_field("file", b"<script>", filename="x.html", content_type="text/html")
        async with session.post(f"{base}/upload", data=evil) as response:
            page = (await response.json())["file"]
        async with session.get(clinic.slack.url + page["url_private"]) as response:
            assert response.headers["Content-Disposition"].startswith("attachment")
        as_lee = f"{clinic.slack.url}/_sandbox/as/{clinic.lee.id}/files/{picture['id']}/scan.png"
        async with session.get(as_lee) as response:
            assert response.status == 404
