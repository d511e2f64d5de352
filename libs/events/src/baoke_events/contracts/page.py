"""The catalogue as a page for people: topic, event, who says and hears it, what it means, its fields."""

from collections.abc import Iterator, Mapping

from baoke_events.contracts.fields import fields
from baoke_events.contracts.headers import HEADERS
from baoke_events.contracts.schemas import Schema, schema_of
from baoke_events.contracts.topics import PARTITIONS, Topic, topics
from baoke_events.event import Event

_HEAD = f"""\
# Events

<!-- Made from the catalogue by `make contract ACCEPT=1`; changes made here are lost. -->

What Baoke's services tell each other, and everyone else who subscribes. For machines there are
[`asyncapi.yaml`](asyncapi.yaml) and one JSON Schema per type in [`libs/events/schemas`](../libs/events/schemas).
[`examples/consumer.py`](examples/consumer.py) is a complete subscriber that needs only `baoke-events[kafka]`;
[`examples/node`](examples/node/consumer.mjs) is one in JavaScript, which checks what it reads against the schemas.

A record is a CloudEvent 1.0 in the binary mode of its Kafka protocol binding: the attributes are headers, the value is
JSON, the key is the aggregate's id. A topic has {PARTITIONS} partitions, so one aggregate's facts come in order, and
two aggregates' facts in any.

- Records come at least once: drop a `ce_id` that you have seen.
- A type only gains fields with defaults: ignore what you do not know. Anything else is a new version beside the old.
- What was promised stays: a contract that a later one replaced is kept, with its sample, under `schemas/former/<type>`.
  CI proves that today's reader and every consumer take every sample there ever was, and every schema today's sample.
- A *word* is a lower snake case term. The publisher may add terms within a version: have an answer to one that is new.
- Money is whole cents (fen), distance whole kilometres, an instant is RFC 3339 in UTC, a date is the store's.
- Personal data is on `baoke.contacts` only. A record there without a value says that the party was erased.

## Headers

"""


def page(hearing: Mapping[str, tuple[str, ...]]) -> str:
    """The page as Markdown.

    Args:
        hearing: the services that subscribe to each event type, by type.
    """
    lines = [*_headers(), *(line for topic in topics() for line in _topic(topic, hearing))]
    return _HEAD + "\n".join(lines) + "\n"


def _headers() -> Iterator[str]:
    yield "| header | always | what it says |"
    yield "|---|---|---|"
    for name, node in HEADERS["properties"].items():
        said = node.get("description") or f"`{node['const']}`"
        yield f"| `{name}` | {'yes' if name in HEADERS['required'] else ''} | {said} |"


def _topic(topic: Topic, hearing: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    yield f"\n## `{topic.name}`\n"
    yield f"{topic.summary}\n"
    yield "| event | from | heard by | says |"
    yield "|---|---|---|---|"
    for kind in topic.kinds:
        link = f"[{kind.__name__}](#{kind.__name__.lower()})"
        yield f"| {link} | {', '.join(kind.publishers)} | {', '.join(hearing.get(kind.type, ()))} | {_says(kind)} |"
    for kind in topic.kinds:
        yield from _event(kind)


def _says(kind: type[Event]) -> str:
    return (kind.__doc__ or "").partition("\n")[0]


def _event(kind: type[Event]) -> Iterator[str]:
    yield f"\n### {kind.__name__}\n"
    yield f"`{kind.type}` · {' '.join((kind.__doc__ or '').split())}\n"
    schema = schema_of(kind)
    yield from _fields(schema)
    for name, nested in schema.get("$defs", {}).items():
        yield f"\n{name}: {nested['description']}\n"
        yield from _fields(nested)


def _fields(schema: Schema) -> Iterator[str]:
    yield "| field | values | if absent | says |"
    yield "|---|---|---|---|"
    for field in fields(schema):
        yield f"| `{field.name}` | {field.form} | {field.default} | {' '.join(field.meaning.split())} |"
