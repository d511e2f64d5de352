"""What relay, consumers and jobs leave in traces, on both transports."""

import asyncio
from uuid import UUID, uuid4

import pytest
from baoke_chassis.clock import utc_now
from baoke_chassis.jobs import Job, keep_running
from baoke_chassis.testing import record_of
from baoke_chassis.worker import Worker, consumer_of
from baoke_events.outbox import publish
from baoke_events.relay import Relay
from baoke_events.telemetry import receiving
from baoke_events.transports import Delivery
from baoke_events.transports.embedded import EmbeddedTransport
from opentelemetry import trace
from opentelemetry.trace import SpanKind, StatusCode
from sqlalchemy import text

UNSAMPLED = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00"


@pytest.fixture
def told(spans):
    """Finds ended spans by their name and by what they must carry."""

    def find(name, **carried):
        wanted = {key.replace("__", "."): value for key, value in carried.items()}
        ended = [span for span in spans.get_finished_spans() if span.name == name]
        return [span for span in ended if wanted.items() <= dict(span.attributes).items()]

    return find


async def until(look, *, for_s=120):
    async with asyncio.timeout(for_s):
        while not (found := look()):
            await asyncio.sleep(0.02)
    return found


def links_to(span, parent):
    return [link for link in span.links if link.context.span_id == parent.span_id]


async def test_an_event_is_sent_and_processed_in_the_trace_that_made_it(
    service, database, transport, stage_of, told, heard
):
    lead = uuid4()
    worker = Worker(service, database, transport)
    await worker.start()
    with trace.get_tracer("test").start_as_current_span("request") as request:
        async with database.begin() as session:
            await publish(session, [stage_of(lead, "contacted")])
    made_by = request.get_span_context()

    [event] = await until(lambda: told("process baoke.leads", messaging__kafka__message__key=str(lead)))
    [batch] = await until(lambda: [s for s in told("process baoke.leads") if links_to(s, made_by)])
    [send] = await until(lambda: [s for s in told("send baoke.leads") if links_to(s, made_by)])
    await worker.stop()

    assert (event.parent.span_id, event.context.trace_id) == (made_by.span_id, made_by.trace_id)
    assert (send.parent, batch.parent) == (None, None)
    assert (send.kind, batch.kind, event.kind) == (SpanKind.CLIENT, SpanKind.CONSUMER, SpanKind.CONSUMER)
    assert {span.status.status_code for span in (send, batch, event)} == {StatusCode.UNSET}
    common = {
        "messaging.system": transport.system if transport.system == "kafka" else "baoke",
        "messaging.destination.name": "baoke.leads",
        "messaging.client.id": "sample-service",
        "baoke.service": "sample-service",
    }
    assert dict(send.attributes) == common | {
        "messaging.operation.name": "send",
        "messaging.operation.type": "send",
        "messaging.batch.message_count": 1,
    }
    consuming = common | {
        "messaging.operation.name": "process",
        "messaging.operation.type": "process",
        "messaging.consumer.group.name": "sample-service",
    }
    if transport.system == "kafka":
        consuming["messaging.destination.partition.id"] = batch.attributes["messaging.destination.partition.id"]
        assert batch.attributes["messaging.kafka.offset"] >= 0
    assert consuming.items() <= dict(batch.attributes).items()
    assert batch.attributes["messaging.batch.message_count"] >= 1
    assert consuming.items() <= dict(event.attributes).items()
    assert event.attributes["cloudevents.event_type"] == "baoke.lead.stage_changed.v1"
    assert UUID(event.attributes["messaging.message.id"])
    assert await heard(lead) == ["contacted"]


async def test_an_event_that_is_not_sampled_has_no_span_and_no_link(service, database, stage_of, told, heard):
    lead = uuid4()
    quiet = stage_of(lead, "contacted").model_copy(update={"traceparent": UNSAMPLED})

    with receiving(3, 7_001):
        await consumer_of(service, database).process([record_of(quiet)])

    [batch] = told("process baoke.leads", messaging__kafka__offset=7_001)
    assert (await heard(lead), batch.links, batch.attributes["messaging.batch.message_count"]) == (["contacted"], (), 1)
    assert told("process baoke.leads", messaging__kafka__message__key=str(lead)) == []


async def test_a_batch_links_to_its_first_32_sampled_events_and_each_has_its_span(service, database, stage_of, told):
    lead, trace_id = uuid4(), uuid4().hex
    events = [
        stage_of(lead, "contacted").model_copy(update={"traceparent": f"00-{trace_id}-{number:016x}-{flags}"})
        for number, flags in enumerate(["00", "01"] * 40, start=1)
    ]

    with receiving(3, 7_002):
        await consumer_of(service, database).process([record_of(event) for event in events])

    [batch] = told("process baoke.leads", messaging__kafka__offset=7_002)
    assert [link.context.span_id for link in batch.links] == list(range(2, 65, 2))
    assert len(told("process baoke.leads", messaging__kafka__message__key=str(lead))) == 40


async def test_what_answers_an_event_continues_from_its_span(service, database, stage_of, told):
    from baoke_events.origin import answering, origin_of  # noqa: PLC0415
    from baoke_events.telemetry import processing  # noqa: PLC0415

    event = stage_of(uuid4(), "contacted").model_copy(update={"traceparent": f"00-{uuid4().hex}-{7:016x}-01"})
    quiet = stage_of(uuid4(), "contacted").model_copy(update={"traceparent": UNSAMPLED})

    with processing("sample-service", [event, quiet]) as origins, answering(origins):
        answer, quiet_answer = origin_of(event.id), origin_of(quiet.id)

    [span] = told("process baoke.leads", messaging__message__id=str(event.id))
    assert answer.traceparent == f"00-{span.context.trace_id:032x}-{span.context.span_id:016x}-01"
    assert quiet_answer.traceparent == UNSAMPLED


async def test_a_refused_event_ends_in_error_and_says_that_it_was_parked(service, database, stage_of, told):
    sick = uuid4()
    with trace.get_tracer("test").start_as_current_span("request") as request:
        events = [stage_of(sick, stage) for stage in ("broken", "visited")]
        made = f"00-{request.get_span_context().trace_id:032x}-{request.get_span_context().span_id:016x}-01"
    records = [record_of(event.model_copy(update={"traceparent": made})) for event in events]

    with receiving(3, 7_003):
        await consumer_of(service, database).process(records)

    mine = {"messaging__kafka__message__key": str(sick)}
    failed = told("process baoke.leads", **mine)
    parked = told("park baoke.leads", **mine)
    assert {(s.status.status_code, s.attributes["error.type"]) for s in failed} == {(StatusCode.ERROR, "ValueError")}
    assert [span.attributes["error.type"] for span in parked] == ["ValueError", "behind a parked event"]
    assert {span.parent.span_id for span in parked} == {request.get_span_context().span_id}
    batches = told("process baoke.leads", messaging__kafka__offset=7_003)
    assert batches[0].status.status_code is StatusCode.ERROR
    assert not any(event.name == "exception" for span in (*failed, *batches) for event in span.events)


async def test_a_replayed_event_says_so(service, database, stage_of, told):
    sick = uuid4()
    event = stage_of(sick, "broken").model_copy(update={"traceparent": f"00-{uuid4().hex}-{9:016x}-01"})
    consumer = consumer_of(service, database)
    await consumer.process([record_of(event)])
    async with database.engine.begin() as connection:
        mended = stage_of(sick, "contacted").model_dump_json().encode()
        await connection.execute(text("UPDATE parked_event SET payload = :mended"), {"mended": mended})

    await consumer.replay()

    mine = told("process baoke.leads", messaging__kafka__message__key=str(sick))
    assert [span.attributes.get("baoke.replayed", False) for span in mine] == [False, False, True]
    assert mine[-1].status.status_code is StatusCode.UNSET


class Refusing(EmbeddedTransport):
    """Takes nothing."""

    async def deliver(self, outgoing):
        return Delivery()


async def test_a_send_that_was_not_taken_whole_ends_in_error(database, stage_of, told):
    with trace.get_tracer("test").start_as_current_span("request") as request:
        async with database.begin() as session:
            await publish(session, [stage_of(uuid4(), "contacted")])

    await Relay(database.engine, Refusing(), service="sample-service", lease_ttl_s=3_600).carry()

    [send] = [s for s in told("send baoke.leads") if links_to(s, request.get_span_context())]
    assert (send.status.status_code, send.attributes["error.type"]) == (StatusCode.ERROR, "not_taken")


async def test_a_job_is_a_span_and_ends_in_error_where_it_failed(database, told):
    stopping, turns = asyncio.Event(), []

    async def work(database, *, now):
        turns.append(now)
        if len(turns) == 1:
            raise ConnectionError("away")
        stopping.set()
        return 3

    await keep_running(Job("tidy_up", 0.01, work), database, stopping)

    failed, done = told("job tidy_up", baoke__service="sample-service")
    assert (failed.status.status_code, failed.attributes["error.type"]) == (StatusCode.ERROR, "ConnectionError")
    assert (done.status.status_code, done.attributes["baoke.job.handled"]) == (StatusCode.UNSET, 3)
    assert utc_now() > turns[0]


async def test_a_request_is_one_span_without_phones_and_what_it_publishes_continues_it(client, published, spans):
    sent = await client.post("/v1/notes", json={"words": "hello"}, headers={"X-Nothing": "1"})
    await client.get("/v1/notes?phone=%2B8613800138000")
    trace_id = sent.headers["X-Trace-Id"]

    mine = [span for span in spans.get_finished_spans() if f"{span.context.trace_id:032x}" == trace_id]
    assert [(span.name, span.kind, span.attributes["http.route"]) for span in mine] == [
        ("POST /v1/notes", SpanKind.SERVER, "/v1/notes")
    ]
    [event] = await published()
    assert event.traceparent.startswith(f"00-{trace_id}-{mine[0].context.span_id:016x}-")
    queries = [span.attributes["url.query"] for span in spans.get_finished_spans() if "url.query" in span.attributes]
    assert queries
    assert not any("13800138000" in query for query in queries)
