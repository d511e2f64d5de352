"""The examples in the API pages work as they stand."""

import pytest
from baoke_local.platform import PACKAGES

FINE = {200, 201, 202}
OF_ANOTHER_STORY = {404, 409}
"""Examples name ids that a fresh dealer does not have."""
UNSIGNED = {401}
"""A webhook has no token, and its example no signature."""


@pytest.mark.parametrize("service", [package.replace("_", "-") for package in PACKAGES])
async def test_every_example_body_is_understood(dealer, service):
    document = await dealer.get(f"/{service}/openapi.json")
    tried = 0
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            for media_type, body in examples(document, operation):
                answer = await dealer.send(
                    method.upper(),
                    f"/{service}{filled(path)}",
                    **({"json": body} if media_type == "application/json" else {"content": body.encode()}),
                    headers={"Content-Type": media_type},
                )
                fine = FINE | OF_ANOTHER_STORY | (set() if "security" in operation else UNSIGNED)
                assert answer.status_code in fine, (method, path, answer.text)
                tried += 1
    assert tried


def examples(document, operation):
    """(media type, body) of each example of an operation's request body."""
    for media_type, content in operation.get("requestBody", {}).get("content", {}).items():
        schema = content.get("schema", {})
        if reference := schema.get("$ref"):
            schema = document["components"]["schemas"][reference.rpartition("/")[2]]
        for body in [*schema.get("examples", []), *([content["example"]] if "example" in content else [])]:
            yield media_type, body


def filled(path):
    """The path with an id that nobody has in each of its parameters."""
    parts = ["0199d3a0-0000-7000-8000-0000000000ff" if part.startswith("{") else part for part in path.split("/")]
    return "/".join(parts)
