"""Each kind of entry reads as a sentence in both languages."""

import pytest
from customer_service.domain.timeline import LINES, Summary, summary_of


@pytest.mark.parametrize("kind", LINES)
def test_every_kind_has_a_line_in_both_languages_even_without_data(kind):
    summary = summary_of(kind, {})

    assert summary.zh
    assert summary.en


def test_money_and_distances_are_written_out():
    assert summary_of("service_completed", {"amount_cents": 128_005, "odometer_km": 30_120}) == Summary(
        "维保完成，¥1,280.05，30,120 公里", "Service completed: ¥1,280.05 at 30,120 km"
    )


def test_what_is_not_known_is_a_dash():
    assert summary_of("message_sent", {"template": "thanks", "channel": None}).en == "Message thanks sent by —"
