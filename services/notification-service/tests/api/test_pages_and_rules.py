"""Templates, journeys, the policy, and the local outbox page."""

from baoke_chassis.http import build_api
from notification_service.app import service as compose
from notification_service.domain.shipped_journeys import SHIPPED_JOURNEYS
from notification_service.settings import Settings


async def test_every_template_is_listed_with_data_that_fills_it(client):
    listed = (await client.get("/v1/templates")).json()["templates"]

    assert {journey.template for journey in SHIPPED_JOURNEYS} <= {template["name"] for template in listed}
    notice = next(template for template in listed if template["name"] == "notice")
    assert notice == {
        "name": "notice",
        "version": 1,
        "about": "A text written by staff, as it stands.",
        "example": {"title": "春节营业安排", "text": "本店2月16日至18日休息，19日起正常营业。"},
    }


async def test_a_template_can_be_read_before_it_is_sent(client):
    answer = await client.get("/v1/templates/visit_ready/preview", params={"locale": "en-US", "channel": "email"})

    assert answer.json() == {
        "template": "visit_ready",
        "version": 1,
        "locale": "en",
        "channel": "email",
        "subject": "Your car is ready",
        "text": "Dear Li Lei,\n\nYour car is ready, has passed the final check and can be collected.",
    }


async def test_the_journeys_in_force_show_the_dealers_changes(client):
    await client.put("/v1/policy", json={"journeys": [{"name": "lead_care", "delay_s": 60, "priority": 99}]})

    journeys = (await client.get("/v1/journeys")).json()["journeys"]

    (care,) = [journey for journey in journeys if journey["name"] == "lead_care"]
    assert (care["delay_s"], care["priority"], care["template"]) == (60, 99, "lead_care")
    assert len(journeys) == len(SHIPPED_JOURNEYS)


async def test_the_policy_starts_with_the_products_defaults(client):
    assert (await client.get("/v1/policy")).json() == {
        "cap_per_day": 3,
        "quiet_hours": {"start": "21:00:00", "end": "08:00:00"},
        "contact_wait_s": 60,
        "signature": "保客",
        "journeys": [],
    }


async def test_a_policy_that_makes_no_sense_is_refused(client):
    for body in (
        {"cap_per_day": -1},
        {"quiet_hours": {"start": "08:00", "end": "08:00"}},
        {"journeys": [{"name": "x"}]},
    ):
        answer = await client.put("/v1/policy", json=body)
        assert (answer.status_code, answer.json()["type"]) == (422, "/problems/invalid-input"), body


async def test_the_outbox_page_shows_what_was_delivered_and_what_was_not_and_why(
    anonymous, introduce, send, run_job, no_quiet_hours
):
    party_id = await introduce(name="<b>李雷</b>")
    for _ in range(4):
        await send(party_id)
    await run_job("send_due_messages")

    page = await anonymous.get("/outbox")

    assert page.status_code == 200
    assert page.text.count("【保客】周六到店有礼。") == 3
    assert page.text.count("suppressed: capped") == 1
    assert "&lt;b&gt;李雷&lt;/b&gt;" in page.text
    assert "+8613800138000" not in page.text


async def test_without_the_setting_there_is_no_outbox_page(database):
    app = build_api(compose(Settings(database_url="unused")), database)

    assert "/outbox" not in {getattr(route, "path", None) for route in app.routes}
