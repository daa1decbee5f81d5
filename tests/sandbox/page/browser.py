"""Where Chromium is, and what to do when it is not there."""

from __future__ import annotations

import os
import shutil

import pytest

REQUIRED = "CARELOOP_BROWSER_TESTS"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# Asked in the page: what stands out of the window on either side.
WIDER_THAN_THE_WINDOW = """() => [...document.querySelectorAll('body *')]
  .filter(element => element.checkVisibility({visibilityProperty: true})
    && !element.closest('.table-scroll, .spoken') && element.getBoundingClientRect().width > 0
    && (element.getBoundingClientRect().right > innerWidth + 1
      || element.getBoundingClientRect().left < -1))
  .map(element => element.outerHTML.slice(0, 120))"""
_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def chromium() -> str:
    """The path of a Chromium; without one the test is left out, or fails where it is required."""
    found = next((path for name in _NAMES if (path := shutil.which(name))), None)
    if found is not None:
        return found
    if os.environ.get(REQUIRED) == "required":
        pytest.fail(f"There is no Chromium, and {REQUIRED}=required asks for these tests.")
    pytest.skip("There is no Chromium on this machine: the tests of the page are left out.")
