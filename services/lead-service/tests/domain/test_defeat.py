import pytest
from lead_service.domain.defeat import DefeatPolicy, DefeatReason, require_grounds, require_lost
from lead_service.domain.errors import DefeatNotFounded, LeadNotDefeated
from lead_service.domain.grade import Grade
from lead_service.domain.lead import close, reopen
from lead_service.domain.stage import Stage

PRICE, UNREACHABLE = DefeatReason.PRICE, DefeatReason.UNREACHABLE


@pytest.mark.parametrize(
    ("policy", "by_manager", "needed"),
    [
        (DefeatPolicy(), False, False),
        (DefeatPolicy(approval=True), False, True),
        (DefeatPolicy(approval=True), True, False),
        (DefeatPolicy(approval=True, approval_grades=(Grade.H,)), False, False),
        (DefeatPolicy(approval=True, approval_grades=(Grade.A,)), False, True),
        (DefeatPolicy(approval=True, approval_reasons=(UNREACHABLE,)), False, False),
        (DefeatPolicy(approval=True, approval_grades=(Grade.A,), approval_reasons=(PRICE,)), False, True),
        (DefeatPolicy(approval_grades=(Grade.A,), approval_reasons=(PRICE,)), False, False),
    ],
)
def test_a_manager_decides_where_the_policy_says_so(policy, by_manager, needed):
    assert policy.needs_approval(PRICE, Grade.A, by_manager=by_manager) is needed


@pytest.mark.parametrize(
    ("reason", "note", "tries", "lacks"),
    [
        (PRICE, None, 0, "asks? for a note"),
        (PRICE, "", 0, "asks? for a note"),
        (UNREACHABLE, "x", 2, "2 contacts in a row reached nobody"),
        (PRICE, "x", 0, None),
        (UNREACHABLE, None, 3, None),
        (DefeatReason.FINANCE, None, 0, None),
    ],
)
def test_the_policy_asks_for_grounds(reason, note, tries, lacks):
    policy = DefeatPolicy(note_reasons=(PRICE,), unreachable_after_tries=3)

    if lacks is None:
        require_grounds(policy, reason, note, tries=tries)
        return
    with pytest.raises(DefeatNotFounded, match=lacks):
        require_grounds(policy, reason, note, tries=tries)


@pytest.mark.parametrize("tries", [-1, 101])
def test_nobody_tries_so_often(tries):
    with pytest.raises(ValueError, match="unreachable_after_tries lies between 0 and 100"):
        DefeatPolicy(unreachable_after_tries=tries)


def test_a_lost_lead_is_worked_again_and_others_are_not_lost(lead, now):
    lost = close(lead, Stage.DEFEATED, at=now)

    require_lost(lost)
    worked = reopen(lost, Stage.CONTACTED, due_at=now)

    assert (worked.stage, worked.closed_at, worked.next_contact_at) == (Stage.CONTACTED, None, now)
    for other in (lead, close(lead, Stage.WON, at=now)):
        with pytest.raises(LeadNotDefeated):
            require_lost(other)
