"""A log line never shows a phone number."""

import json
import logging

import pytest
from baoke_chassis.logs import install_logs


@pytest.fixture
def written(tmp_path):
    """Writes one line through the platform's logging and reads it back."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    install_logs("sample-service", "INFO", tmp_path / "log")

    def write(message, *args):
        logging.getLogger("test").info(message, *args)
        return json.loads((tmp_path / "log").read_text().splitlines()[-1])["message"]

    yield write
    root.handlers[0].close()
    root.handlers[:], root.level = handlers, level


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("called 13800138077", "called [phone]"),
        ("called +8613800138077 twice", "called [phone] twice"),
        ("GET /v1/customers?phone=%2B8613800138077", "GET /v1/customers?phone=[phone]"),
        ("called +493012345678", "called [phone]"),
        ("lead 01a20145-6df5-74ea-b8b8-139001390013", "lead 01a20145-6df5-74ea-b8b8-139001390013"),
        ("amount 128000 km 29702", "amount 128000 km 29702"),
    ],
)
def test_phones_are_masked_and_ids_are_not(written, said, kept):
    assert written(said) == kept
    assert written("said: %s", said) == f"said: {kept}"
