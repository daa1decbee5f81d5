"""The directory for the gallery, with made-up people."""

from dataclasses import replace
from datetime import UTC, date, datetime, time

from slack_sdk.models.views import View

from bot.care.codes import Technique
from bot.care.credentials import Credential, Language, LymphaticTraining, PrivacyRole, UsState
from bot.care.directory import Profile, Reason, Record, Wish
from bot.care.indications import Indication
from bot.care.licence import LicenceStanding, Refusal
from bot.care.people import Role
from bot.care.working_time import MONDAY_TO_FRIDAY
from bot.shown.case import ShownHome
from bot.shown.directory import (
    Hours,
    ShownAway,
    ShownColleague,
    ShownEntry,
    ShownHandover,
    ShownLicence,
    ShownNetwork,
)
from bot.views.directory import EntryView, NetworkView
from bot.views.forms.answer_licence import AnswerLicenceForm
from bot.views.forms.entry import LicenceForm, PracticeForm, WorkForm
from bot.views.forms.find_colleague import FindForm
from bot.views.home import draw_home
from bot.views.licence_news import (
    draw_handover,
    draw_licence_answered,
    draw_licence_entered,
)
from bot.views.message import Message

_THERAPIST, _SURGEON, _COORDINATOR = "U0LEE", "U0RIVERA", "U0PARK"
_NOON = datetime(2026, 4, 14, 12, 0, tzinfo=UTC)

ENTERED = ShownLicence("5d0c11", _THERAPIST, "027314", UsState.NY, date(2027, 5, 31))
VERIFIED = replace(ENTERED, verified_at=_NOON, verified_by=_COORDINATOR)
ENTRY = ShownEntry(
    person_id="a1b2c3",
    person=_THERAPIST,
    role=Role.THERAPIST,
    profile=Profile(
        credentials=(Credential.LMT, Credential.CLT),
        procedures=(Indication.LIPOSUCTION, Indication.BBL),
        techniques=(Technique.MLD, Technique.SCAR_MOBILIZATION),
        languages=(Language.ENGLISH, Language.SPANISH),
        places=("Brooklyn", "Upper East Side"),
        lymphatic=LymphaticTraining.VODDER,
        lymphatic_until=date(2028, 1, 31),
        capacity=12,
        privacy_role=PrivacyRole.BUSINESS_ASSOCIATE,
    ),
    standing=LicenceStanding.VALID,
    today=date(2026, 4, 14),
    time_zone="America/New_York",
    licence=VERIFIED,
    lymphatic_seen_by=_COORDINATOR,
    lymphatic_seen_at=_NOON,
    hours=Hours(MONDAY_TO_FRIDAY, time(9), time(17)),
    absences=(ShownAway(date(2026, 5, 4), date(2026, 5, 15), "U0HADDAD"),),
    open_cases=7,
    record=Record(24, 23, 190, 15, 13, 120, 111),
    may_refer=True,
)


def directory() -> dict[str, Message | View]:
    own = replace(ENTRY, is_own=True, may_refer=False)
    blank = replace(
        own,
        profile=Profile(),
        standing=LicenceStanding.NONE,
        licence=None,
        lymphatic_seen_by="",
        lymphatic_seen_at=None,
        absences=(),
        hours=None,
        open_cases=0,
        record=Record(),
    )
    reasons = (Reason.AVAILABLE, Reason.PROCEDURE, Reason.LYMPHATIC, Reason.COMPLETED)
    full = replace(ENTRY, person="U0HADDAD", open_cases=12, record=Record())
    network = ShownNetwork(
        Wish(procedure=Indication.LIPOSUCTION),
        (
            ShownColleague(ENTRY, reasons),
            ShownColleague(full, (Reason.FULL, Reason.PROCEDURE, Reason.NEW_TO_YOU)),
        ),
    )
    refused = replace(ENTERED, refusal=Refusal.OTHER_DATE)
    handover = ShownHandover(_SURGEON, "U0OKAFOR", ("K7QF-3M", "M3WC-9R"))
    left = ShownHandover(_SURGEON, _COORDINATOR, ("K7QF-3M",), waits_for_a_coordinator=True)
    return {
        "find a colleague": FindForm.view(Role.SURGEON),
        "network, found": NetworkView.view(network),
        "network, nobody": NetworkView.view(ShownNetwork(Wish(), ())),
        "entry of a colleague": EntryView.view(ENTRY),
        "entry of a colleague, with cover": EntryView.view(replace(ENTRY, covered_by="U0HADDAD")),
        "own entry, empty": EntryView.view(blank),
        "own entry": EntryView.view(own),
        "entry, work": WorkForm.view(own),
        "entry, work of a surgeon": WorkForm.view(replace(blank, role=Role.SURGEON)),
        "entry, licence": LicenceForm.view(own),
        "entry, licence for the first time": LicenceForm.view(blank),
        "entry, practice": PracticeForm.view(own),
        "verify a licence": AnswerLicenceForm.view(ENTERED),
        "licence to verify": draw_licence_entered(ENTERED),
        "licence to verify, answered": draw_licence_entered(VERIFIED),
        "licence verified": draw_licence_answered(VERIFIED),
        "licence refused": draw_licence_answered(refused),
        "work handed over": draw_handover(handover, "U0OKAFOR"),
        "work without an owner": draw_handover(left, _COORDINATOR),
        "work handed over, for a coordinator": draw_handover(handover, _COORDINATOR),
        "home with the network": draw_home(ShownHome(Role.THERAPIST, (), entry=own)),
        "home of a coordinator with a licence to verify": draw_home(
            ShownHome(
                Role.COORDINATOR,
                (),
                entry=replace(own, role=Role.COORDINATOR),
                to_verify=(ENTERED,),
            )
        ),
    }
