"""The body of a webhook as a document: JSON, or a form."""

import json
import re
from email.message import Message
from typing import Any
from urllib.parse import parse_qsl

from lead_service.domain.errors import PayloadUnreadable
from lead_service.domain.places import find

FORM = "application/x-www-form-urlencoded"
MEDIA_TYPES = ("application/json", FORM)
MOST_FIELDS = 1000

_MEANT = ("utf-8", "gb18030")
_BRACKETS = re.compile(r"\[([^\[\]]*)\]")


def media_type_of(content_type: str | None) -> tuple[str, str]:
    """The media type that a request names, and its charset (UTF-8 where it names none)."""
    header = Message()
    header["content-type"] = content_type or "application/json"
    return header.get_content_type(), header.get_content_charset("utf-8")


def document_of(body: bytes, content_type: str | None) -> Any:
    """What the body says.

    A form is an object of its fields; `attr[store_code]` is a field of the object `attr`, and a name
    that comes again makes a list. What is no form is taken for JSON, whatever its sender calls it. It is
    read in the charset that is named, else in UTF-8, else in GB18030, whichever it is written in.

    Raises:
        PayloadUnreadable: it is neither.
    """
    media_type, charset = media_type_of(content_type)
    read, name = (_form, "a form") if media_type == FORM else (_json, "JSON")
    for encoding in dict.fromkeys((charset, *_MEANT)):
        try:
            return read(body.decode(encoding).removeprefix("\ufeff"), encoding)
        except (LookupError, UnicodeError):
            continue
        except (ValueError, RecursionError) as error:
            raise PayloadUnreadable("", f"not {name}: {error}"[:300]) from error
    raise PayloadUnreadable("", f"not {name}: it is not written in {charset}")


def _json(text: str, _: str) -> Any:
    document = json.loads(text)
    if not isinstance(document, dict | list):
        raise PayloadUnreadable("", "neither an object nor a list")
    return document


def _form(text: str, encoding: str) -> dict[str, Any]:
    document: dict[str, Any] = {}
    fields = parse_qsl(text, keep_blank_values=True, encoding=encoding, errors="strict", max_num_fields=MOST_FIELDS)
    for name, value in fields:
        steps = [name.partition("[")[0], *_BRACKETS.findall(name)] if name.endswith("]") else [name]
        _put(document, [step for step in steps if step], value)
    if not any(find(document, (name,)) for name in document):
        raise PayloadUnreadable("", "a form without a field")
    return document


def _put(document: dict[str, Any], steps: list[str], value: str) -> None:
    """Put the value at its place, beside what is there."""
    for step in steps[:-1]:
        below = document.setdefault(step, {})
        if not isinstance(below, dict):
            return
        document = below
    if not steps:
        return
    known = document.get(steps[-1])
    if known is None:
        document[steps[-1]] = value
    elif isinstance(known, list):
        known.append(value)
    else:
        document[steps[-1]] = [known, value]
