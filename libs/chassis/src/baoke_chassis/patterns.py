"""Parts of patterns that mean the same to Python, to pydantic's Rust, and to the JavaScript of JSON Schema."""

BLANK = r"\s\x00-\x1f\x7f-\x9f\ufeff"
"""Within brackets, all that any of them calls blank, and control characters: of U+0085 and U+FEFF `\\s` is not sure."""
