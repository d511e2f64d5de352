"""One trace runs from the HTTP request to the message a customer got."""

from baoke_local.demo.dealer import until
from opentelemetry.trace import SpanKind

LEADS = "/lead-service/v1/leads"
WHOLE = {
    ("POST /lead-service/v1/leads/{lead_id}/defeat", None),
    ("process baoke.leads", "notification-service"),
    ("process baoke.leads", "customer-service"),
    ("deliver message", "notification-service"),
    ("process baoke.messages", "customer-service"),
}
"""The spans, each of a service; they end in any order."""


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
        mine = [span for span in spans.get_finished_spans() if f"{span.context.trace_id:032x}" == trace_id]
        return mine if {(span.name, span.attributes.get("baoke.service")) for span in mine} >= WHOLE else None

    found = await until(whole, "the spans of the whole way")

    request = only(found, "POST /lead-service/v1/leads/{lead_id}/defeat")
    care = only(found, "process baoke.leads", "notification-service")
    assert told(request) == (SpanKind.SERVER, None, "/lead-service/v1/leads/{lead_id}/defeat")
    assert told(care) == (SpanKind.CONSUMER, request.context.span_id, "baoke.lead.defeated.v1")
    assert told(only(found, "process baoke.leads", "customer-service"))[1] == request.context.span_id
    assert told(only(found, "deliver message", "notification-service"))[:2] == (SpanKind.CLIENT, care.context.span_id)
    sent = only(found, "process baoke.messages", "customer-service")
    assert told(sent) == (SpanKind.CONSUMER, care.context.span_id, "baoke.message.sent.v1")


def only(found, name, service=None):
    """The one span of that name, of that service."""
    [span] = [span for span in found if span.name == name and span.attributes.get("baoke.service") == service]
    return span


def told(span):
    """Its kind, its parent, and what it is about."""
    about = span.attributes.get("http.route", span.attributes.get("cloudevents.event_type"))
    return span.kind, span.parent.span_id if span.parent else None, about
