"""What the documents say is so."""

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_link_to_a_file_leads_somewhere(document: Path) -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)", document.read_text("utf-8"))
    missing = [link for link in links if not (document.parent / link).exists()]
    assert missing == []


def test_every_test_that_the_page_on_security_names_is_there() -> None:
    """One that is named without its folder is beside the one before it."""
    page = (ROOT / "docs" / "security.md").read_text("utf-8")
    named = re.findall(r"`((?:tests/[\w/]+/)?test_\w+\.py)`", page)
    assert len(named) > 30
    known = {path.name for path in (ROOT / "tests").rglob("test_*.py")}
    missing = [
        name for name in named if not (ROOT / name).exists() and ("/" in name or name not in known)
    ]
    assert missing == []


def test_the_readme_explains_exactly_the_scopes_that_the_app_asks_for() -> None:
    manifest = json.loads((ROOT / "bot" / "manifest.json").read_text("utf-8"))
    asked = set(manifest["oauth_config"]["scopes"]["bot"])
    table = (ROOT / "README.md").read_text("utf-8").split("| scope | why |")[1].split("\n\n")[0]
    explained = set(re.findall(r"`([a-z.]+(?::[a-z]+)?)`", table.replace("/refer", "")))
    assert asked <= explained
    assert {scope for scope in explained if ":" in scope or scope == "commands"} == asked


def test_the_commands_of_the_readme_exist() -> None:
    text = (ROOT / "README.md").read_text("utf-8") + (ROOT / "Makefile").read_text("utf-8")
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    assert set(re.findall(r"`make ([a-z]+)", text)) <= targets
