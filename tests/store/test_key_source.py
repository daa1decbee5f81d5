"""Master keys from a file or a command: what can't be used is said, and nothing of it repeated."""

import os
import shlex
import sys
from pathlib import Path

import pytest

from bot.settings import SettingsInvalid, StoreSettings
from bot.store.key_source import add_to_file, keys_in_file, keys_of_command
from bot.store.master_keys import KeysInvalid, new_master_key

SECRET = new_master_key("1")


def a_file(folder: Path, text: str, mode: int = 0o600) -> Path:
    path = folder / "keys"
    path.write_text(text)
    path.chmod(mode)
    return path


def test_a_file_that_only_its_owner_may_read_is_taken(tmp_path: Path) -> None:
    path = a_file(tmp_path, f"{SECRET}\n{new_master_key('2')}\n")
    assert keys_in_file(path).current_id == "2"
    assert StoreSettings.of({"CARELOOP_KEYS_FILE": str(path)}).master_keys.current_id == "2"


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o620, 0o602])
def test_a_file_that_others_may_open_keeps_the_bot_from_starting(tmp_path: Path, mode: int) -> None:
    path = a_file(tmp_path, SECRET, mode)
    with pytest.raises(SettingsInvalid) as told:
        StoreSettings.of({"CARELOOP_KEYS_FILE": str(path)})
    assert [problem.name for problem in told.value.problems] == ["CARELOOP_KEYS_FILE"]
    assert "chmod 600" in str(told.value)


@pytest.mark.parametrize(("text", "said"), [("", "no key"), ("1:abc", "key 1"), ("\u00e9", "else")])
def test_what_stands_in_a_file_is_checked_and_never_repeated(
    tmp_path: Path, text: str, said: str
) -> None:
    with pytest.raises(KeysInvalid, match=said) as told:
        keys_in_file(a_file(tmp_path, text))
    assert "abc" not in str(told.value)


def test_a_file_that_is_not_there_or_is_a_folder_is_said(tmp_path: Path) -> None:
    with pytest.raises(KeysInvalid, match="No such file"):
        keys_in_file(tmp_path / "none")
    with pytest.raises(KeysInvalid):
        keys_in_file(tmp_path)


def test_a_command_hands_keys_out_and_its_failure_is_said_without_its_words() -> None:
    def prints(code: str) -> str:
        return shlex.join([sys.executable, "-c", code])

    assert keys_of_command(prints(f"print({SECRET!r})")).current_id == "1"
    with pytest.raises(KeysInvalid, match="status 3") as told:
        keys_of_command(prints("import sys; print('hunter2', file=sys.stderr); sys.exit(3)"))
    assert "hunter2" not in str(told.value)
    for wrong in ("/nowhere/kms get", "'", " "):
        with pytest.raises(KeysInvalid, match="cannot be run"):
            keys_of_command(wrong)


def test_two_sources_at_once_are_refused(tmp_path: Path) -> None:
    path = a_file(tmp_path, SECRET)
    with pytest.raises(SettingsInvalid, match="only one of"):
        StoreSettings.of({"CARELOOP_KEYS": SECRET, "CARELOOP_KEYS_FILE": str(path)})


def test_a_new_key_in_a_file_is_the_current_one_whatever_was_marked(tmp_path: Path) -> None:
    path = a_file(tmp_path, f"*{SECRET}\n{new_master_key('2')}\n")
    add_to_file(path, new_master_key("3"))
    keys = keys_in_file(path)
    assert (list(keys.keys), keys.current_id) == (["1", "2", "3"], "3")


def test_a_link_to_a_key_file_stays_one(tmp_path: Path) -> None:
    path = a_file(tmp_path, SECRET)
    link = tmp_path / "link"
    link.symlink_to(path)
    add_to_file(link, new_master_key("2"))
    assert link.is_symlink()
    assert keys_in_file(path).current_id == "2"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file to somebody else")
def test_a_key_file_stays_its_owners_when_root_adds_to_it(tmp_path: Path) -> None:
    path = a_file(tmp_path, SECRET)
    os.chown(path, 65534, 65534)
    add_to_file(path, new_master_key("2"))
    found = path.stat()
    assert (found.st_uid, found.st_gid, found.st_mode & 0o777) == (65534, 65534, 0o600)


def test_a_key_file_that_can_t_be_written_says_what_to_do_instead(tmp_path: Path) -> None:
    path = a_file(tmp_path, SECRET)
    (tmp_path / f".{path.name}.new").mkdir()  # what stands in the way, also of root
    with pytest.raises(KeysInvalid, match=r"cannot be written.*--there-already"):
        add_to_file(path, new_master_key("2"))
    assert list(keys_in_file(path).keys) == ["1"]


def test_a_key_is_added_to_a_file_whole_and_never_twice(tmp_path: Path) -> None:
    path = tmp_path / "keys"
    add_to_file(path, SECRET)
    add_to_file(path, new_master_key("2"))
    assert keys_in_file(path).current_id == "2"
    before = path.read_text()
    with pytest.raises(KeysInvalid, match="there twice"):
        add_to_file(path, new_master_key("2"))
    assert path.read_text() == before
    assert [file.name for file in tmp_path.iterdir()] == ["keys"]
