from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from baoke_chassis.testing import DEALER, OTHER_DEALER
from lead_service.domain.capture import open_lead, propose, touch
from lead_service.domain.consent import Consent, Grant, MessageChannel, Purpose, Wording
from lead_service.domain.contact import Contact, Phone
from lead_service.domain.grade import Grade
from lead_service.domain.interest import DecisionStyle, Interest, completed
from lead_service.domain.policy import LeadPolicy
from lead_service.domain.source import Channel, Source
from lead_service.domain.worklist import ranked

POLICIES = {DEALER: LeadPolicy(), OTHER_DEALER: LeadPolicy()}


def test_inquiries_of_one_phone_propose_one_lead_by_the_first(inquiry, now):
    first, second = inquiry(), inquiry(contact=Contact("李小姐", Phone("+8613800138000"), email="a@b.cn"))

    [proposal] = propose([first, second], POLICIES, at=now)

    assert (proposal.lead.id, proposal.lead.touches) == (first.lead_id, 2)
    assert (proposal.lead.contact.name, proposal.lead.contact.email) == ("李娜", "a@b.cn")


def test_dealers_and_people_without_a_phone_of_their_own_are_kept_apart(inquiry, now):
    relay = Phone("+8617012345678", is_relay=True)
    inquiries = [
        inquiry(),
        inquiry(dealer_id=OTHER_DEALER),
        inquiry(relay),
        inquiry(relay),
        inquiry(contact=Contact("a", email="a@b.cn")),
        inquiry(contact=Contact("a", email="a@b.cn")),
    ]

    proposals = propose(inquiries, POLICIES, at=now)

    assert {proposal.lead.id for proposal in proposals} == {i.lead_id for i in inquiries}


def test_proposals_come_in_one_order_however_the_inquiries_came(inquiry, now):
    inquiries = [inquiry(Phone(f"+86138{number:08}")) for number in (5, 1, 9, 3)]

    orders = [
        [proposal.lead.contact.identifying_phone for proposal in propose(arrived, POLICIES, at=now)]
        for arrived in (inquiries, inquiries[::-1])
    ]

    assert orders[0] == orders[1] == sorted(orders[0])


@pytest.mark.parametrize(("grade", "days"), [(Grade.H, 1), (Grade.A, 1), (Grade.B, 3), (Grade.C, 7), (None, 3)])
def test_the_grade_says_when_the_first_contact_is_due(inquiry, now, grade, days):
    lead = open_lead(inquiry(grade=grade), LeadPolicy(), at=now)

    assert lead.next_contact_at == now + timedelta(days=days)


@pytest.mark.parametrize("channel", [Channel.SHOWROOM, Channel.WEBSITE])
@pytest.mark.parametrize("budget_cents", [None, 30_000_000])
@pytest.mark.parametrize("grade", Grade)
def test_a_new_lead_is_in_its_place(inquiry, now, channel, budget_cents, grade):
    asked = inquiry(source=Source(channel, channel), interest=Interest("BYD", "Seal", None, budget_cents), grade=grade)

    lead = open_lead(asked, LeadPolicy(), at=now)

    assert lead == ranked(lead, LeadPolicy().working.worklist)


def test_a_touch_brings_the_next_contact_forward_and_never_back(lead, inquiry, now):
    far = replace(lead, next_contact_at=now + timedelta(days=30), follow_up_missed=False)
    near = replace(lead, next_contact_at=now + timedelta(hours=1))
    missed = replace(lead, next_contact_at=now - timedelta(days=1), follow_up_missed=True)

    touched = [touch(before, [inquiry()], LeadPolicy(), at=now) for before in (far, near, missed)]

    assert [after.next_contact_at for after in touched] == [
        now + timedelta(days=3),
        near.next_contact_at,
        missed.next_contact_at,
    ]
    assert touched[2].follow_up_missed


def test_a_touch_changes_neither_stage_nor_what_was_known(lead, inquiry, now):
    other = inquiry(
        store_id=uuid4(),
        contact=Contact("王伟", Phone("+8613800138000"), email="new@b.cn", wecom_id="w"),
        interest=Interest("BYD", "Han", "Premium", 30_000_000),
        advisor_id=UUID(int=1),
        referral_code="LATE",
        note="new",
    )
    known = replace(
        lead,
        contact=replace(lead.contact, email="known@b.cn"),
        interest=Interest("BYD", "Seal", None, 20_000_000),
        referral_code="FIRST",
        note="known",
    )

    after = touch(known, [other], LeadPolicy(), at=now)

    assert after == replace(
        known,
        touches=2,
        contact=replace(known.contact, wecom_id="w"),
        next_contact_at=after.next_contact_at,
        last_source=other.source,
        last_touched_at=now,
    )


def test_a_touch_fills_all_that_the_first_inquiry_left_open(inquiry, now):
    phone = Phone("+8613800138000")
    bare = open_lead(inquiry(contact=Contact("", phone), interest=Interest()), LeadPolicy(), at=now)
    told = {"decision_style": DecisionStyle.CAUTIOUS, "referral_code": "R1", "note": "周末看车"}
    interest = Interest("BYD", "Seal", "Premium", 20_000_000)
    after = touch(
        bare, [inquiry(contact=Contact("李娜", phone, "a@b.cn"), interest=interest, **told)], LeadPolicy(), at=now
    )

    assert (after.contact.name, after.contact.email, after.interest) == ("李娜", "a@b.cn", interest)
    assert {name: getattr(after, name) for name in told} == told


@pytest.mark.parametrize(
    ("known", "said", "after"),
    [
        (Interest(), Interest("BYD", "Seal", "P", 1), Interest("BYD", "Seal", "P", 1)),
        (Interest("BYD"), Interest("byd", "Seal"), Interest("BYD", "Seal")),
        (Interest("", "Seal"), Interest("BYD", "SEAL", "P"), Interest("BYD", "Seal", "P")),
        (Interest("BYD"), Interest("Tesla", "Model 3", "P", 1), Interest("BYD", "", None, 1)),
        (Interest("BYD", "Seal"), Interest("BYD", "Han", "P", 1), Interest("BYD", "Seal", None, 1)),
        (Interest("", "Seal"), Interest("BYD", "", "P"), Interest("", "Seal")),
    ],
)
def test_an_interest_is_completed_by_what_is_said_of_the_same_car(known, said, after):
    assert completed(known, said) == after


def test_a_wording_grants_until_the_person_withdraws_and_never_undoes_that(inquiry, now):
    marketing = (Purpose.MARKETING, MessageChannel.SMS)
    policy = LeadPolicy(consent_wordings={Channel.WEBSITE: Wording("v1", (Grant(*marketing),))})
    refusal = Consent(*marketing, granted=False, wording_version="v2", at=now)
    lead = open_lead(inquiry(), policy, at=now)

    withdrawn = touch(lead, [inquiry(consents=(refusal,))], policy, at=now)
    touched = touch(withdrawn, [inquiry()], policy, at=now)

    assert [(c.granted, c.wording_version) for c in lead.consents] == [(True, "v1")]
    assert withdrawn.consents == touched.consents == (refusal,)


def test_saying_nothing_and_saying_no_consents_differ(inquiry, now):
    policy = LeadPolicy(
        consent_wordings={Channel.WEBSITE: Wording("v1", (Grant(Purpose.SERVICE, MessageChannel.SMS),))}
    )

    unsaid, none = (open_lead(inquiry(consents=said), policy, at=now).consents for said in (None, ()))

    assert len(unsaid) == 1
    assert none == ()
