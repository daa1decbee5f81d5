"""A local Slack workspace for trying and testing any Bolt app. It knows nothing of care."""

from bot.sandbox.clock import RunningClock, SandboxClock
from bot.sandbox.delivery.socket_mode import DisconnectReason
from bot.sandbox.errors import SlackRefuses
from bot.sandbox.faults import Fault, FaultKind
from bot.sandbox.installed import InstalledApp
from bot.sandbox.local import LocalSlack
from bot.sandbox.people.frame import Frame
from bot.sandbox.people.outcome import NotSeen, Outcome
from bot.sandbox.people.person import Person
from bot.sandbox.record import Acknowledgement, CallMade, Delivery
from bot.sandbox.state.manifest import ManifestRefused
from bot.sandbox.state.model import AppMode, Channel, File, Message, PersonKind, Presence, View

__all__ = [
    "Acknowledgement",
    "AppMode",
    "CallMade",
    "Channel",
    "Delivery",
    "DisconnectReason",
    "Fault",
    "FaultKind",
    "File",
    "Frame",
    "InstalledApp",
    "LocalSlack",
    "ManifestRefused",
    "Message",
    "NotSeen",
    "Outcome",
    "Person",
    "PersonKind",
    "Presence",
    "RunningClock",
    "SandboxClock",
    "SlackRefuses",
    "View",
]
