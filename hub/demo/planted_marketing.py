"""Cases that the newsletter tells: R15 and R17, with near misses; seen once its file is there."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, time

from hub.demo.draft import LOCAL, Draft
from hub.demo.model import Company
from hub.demo.planting import Planter, note
from hub.demo.reach import Campaign, Recipient
from hub.demo.trading import add_deal


def _subscribe(draft: Draft, company: Company, *, consent: str, bounced: bool = False) -> Recipient:
    """Let the company's first contact get the newsletter, in place of an entry drawn before."""
    person = draft.people_of[company.id][0]
    held = [one for one in draft.recipients if one.person == person.id]
    recipient = Recipient(
        id=held[0].id if held else f"N-{30000 + len(draft.recipients) + 1}",
        company=company.id,
        person=person.id,
        email=person.email,
        name=f"{person.given_name} {person.family_name}",
        company_name=company.core,
        consent=consent,
        updated_at=draft.at(draft.day(draft.rng.randint(10, 500))),
        bounced=bounced,
    )
    draft.recipients[:] = [one for one in draft.recipients if one.person != person.id]
    draft.recipients.append(recipient)
    return recipient


@dataclass(frozen=True, slots=True)
class _Mailing:
    """A mailing that goes out the day after tomorrow to one recipient with this consent."""

    consent: str
    look_for: str

    def __call__(self, draft: Draft, part: str, company: Company) -> None:
        recipient = _subscribe(draft, company, consent=self.consent)
        campaign = Campaign(
            id=f"M-{40000 + len(draft.campaigns) + 1}",
            name="Hausmesse",
            status="planned",
            starts_at=datetime.combine(draft.day(-2), time(10), LOCAL),
            cost_minor=180_000,
            recipients=(recipient.id,),
            updated_at=draft.at(draft.day(4)),
        )
        draft.campaigns.append(campaign)
        note(draft, part, company, self.look_for, campaign, recipient)


@dataclass(frozen=True, slots=True)
class _Bounce:
    """The first contact's mailbox is gone, while a deal is open or not."""

    selling: bool
    look_for: str

    def __call__(self, draft: Draft, part: str, company: Company) -> None:
        recipient = _subscribe(draft, company, consent="ja", bounced=True)
        contact = draft.contacts_of[company.id][0]
        contact = replace(contact, email=recipient.email, is_primary=True)
        draft.contacts[[one.id for one in draft.contacts].index(contact.id)] = contact
        draft.contacts_of[company.id][0] = contact
        if self.selling:
            deal = add_deal(draft, company, amount_minor=940_000, stage=2, closes_in=60)
            note(draft, part, company, self.look_for, contact, recipient, deal)
        else:
            note(draft, part, company, self.look_for, contact, recipient)


MARKETING_CASES: Mapping[str, Planter] = {
    "R15": _Mailing("widerrufen", "a mailing in two days would reach one who has withdrawn"),
    "R15-near": _Mailing("ja", "a mailing in two days, to one who has agreed"),
    "R17": _Bounce(True, "the key contact's mailbox is gone while a deal is open"),
    "R17-near": _Bounce(False, "the mailbox is gone, but nothing is under way"),
}
"""Part of the cast -> what happens to it."""
