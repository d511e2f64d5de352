"""One trace runs from the HTTP request to the message a customer got."""

from baoke_local.demo.dealer import until

LEADS = "/lead-service/v1/leads"


async def test_one_trace_from_a_defeat_to_the_message(dealer, spans):
    lead = await dealer.post(
        LEADS,
        {
            "source": {"channel": "website"},
            "contact": {"name": "踪迹", "phone": "13866660001", "email": "t@example.cn"},
            "interest": {"make": "理想", "model": "L7"},
            "store_id": dealer.store_id,
        },
    )
    await dealer.call(
        "PUT",
        "/notification-service/v1/policy",
        {"quiet_hours": None, "journeys": [{"name": "lead_care", "delay_s": 0}]},
    )
    await dealer.post(f"{LEADS}/{lead['lead_id']}/defeat", {"reason": "no_need"})
    trace_id = dealer.trace_id

    message = await dealer.sent(lead["lead_id"], "lead_care")

    assert message["trace_id"] == trace_id

    async def whole():
        names = {span.name for span in spans.get_finished_spans() if f"{span.context.trace_id:032x}" == trace_id}
        return names if {"process baoke.leads", "process baoke.messages"} <= names else None

    names = await until(whole, "the spans of the whole way")
    assert "POST /v1/leads/{lead_id}/defeat" in {name.replace("/lead-service", "") for name in names}
