"""The platform's topics as an AsyncAPI 3.0.0 document: channels, messages, and what each service sends and receives."""

from collections.abc import Mapping
from typing import Any

import yaml

from baoke_events.contracts.asyncapi_messages import KAFKA_BINDING, messages, schemas
from baoke_events.contracts.subscribers import heard_by
from baoke_events.contracts.topics import COMPACTED, PARTITIONS, Topic, topics
from baoke_events.envelope import CONTENT_TYPE

_INFO = {
    "title": "Baoke events",
    "version": "1.0.0",
    "description": (
        "The facts of a car dealer group's customer lifecycle, as they happen. One topic per aggregate, keyed by its "
        "id, so that one aggregate's facts stay in order. Delivery is at least once: drop a repeated `ce_id`. "
        "Within a version types only gain properties with defaults: tolerate what you do not know."
    ),
    "license": {"name": "Apache-2.0", "url": "https://www.apache.org/licenses/LICENSE-2.0"},
}
_SERVERS = {
    "kafka": {
        "host": "{bootstrap}",
        "protocol": "kafka",
        "description": "The platform's Kafka cluster.",
        "variables": {"bootstrap": {"default": "localhost:9092", "description": "A bootstrap server."}},
    }
}
_HEAD = "# Made from the catalogue by `make contract ACCEPT=1`; changes made here are lost.\n"


def asyncapi(hearing: Mapping[str, tuple[str, ...]]) -> str:
    """The document as YAML, in the same words every time.

    Args:
        hearing: the services that subscribe to each event type, by type.
    """
    content = yaml.dump(document(hearing), Dumper=_Plain, sort_keys=False, allow_unicode=True, width=120)
    return _HEAD + str(content)


def document(hearing: Mapping[str, tuple[str, ...]]) -> dict[str, Any]:
    """The document of the whole catalogue; see `asyncapi`."""
    return {
        "asyncapi": "3.0.0",
        "info": _INFO,
        "defaultContentType": CONTENT_TYPE,
        "servers": _SERVERS,
        "channels": {topic.id: _channel(topic) for topic in topics()},
        "operations": {**_sendings(), **_receivings(hearing)},
        "components": {
            "messages": messages(),
            "schemas": schemas(),
            "correlationIds": {"request": {"location": "$message.header#/ce_correlationid"}},
        },
    }


def _channel(topic: Topic) -> dict[str, Any]:
    cleanup = {"topicConfiguration": {"cleanup.policy": ["compact"]}} if topic.name in COMPACTED else {}
    return {
        "address": topic.name,
        "title": topic.name,
        "description": topic.summary,
        "messages": {kind.__name__: {"$ref": f"#/components/messages/{kind.__name__}"} for kind in topic.kinds},
        "bindings": {
            "kafka": {"topic": topic.name, "partitions": PARTITIONS, **cleanup, "bindingVersion": KAFKA_BINDING}
        },
    }


def _sendings() -> dict[str, Any]:
    return {
        f"{service}.send.{topic.id}": _operation(
            "send", service, topic, [kind.__name__ for kind in topic.kinds if service in kind.publishers]
        )
        for topic in topics()
        for service in topic.publishers
    }


def _receivings(hearing: Mapping[str, tuple[str, ...]]) -> dict[str, Any]:
    return {
        f"{service}.receive.{topic.id}": _operation("receive", service, topic, names)
        for service, heard in heard_by(hearing).items()
        for topic in topics()
        if (names := [kind.__name__ for kind in topic.kinds if kind.type in heard])
    }


def _operation(action: str, service: str, topic: Topic, names: list[str]) -> dict[str, Any]:
    verb = {"send": "says", "receive": "hears"}[action]
    return {
        "action": action,
        "channel": {"$ref": f"#/channels/{topic.id}"},
        "title": f"{service} {verb} {topic.name}",
        "tags": [{"name": service}],
        "messages": [{"$ref": f"#/channels/{topic.id}/messages/{name}"} for name in names],
    }


class _Plain(yaml.SafeDumper):
    """Writes what is used twice twice: no anchors."""

    def ignore_aliases(self, data: object) -> bool:
        """Always."""
        del data
        return True
