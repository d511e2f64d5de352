# noqa: INP001 - a script, not part of a package
"""Print the third-party requirements of workspace members: `python third_party.py libs/events services/lead-service`.

The extras of a member count as required, except those for its tests; Baoke's own packages are left out.
"""

import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

NOT_SHIPPED = {"testing"}


def third_party(member: Path) -> Iterator[str]:
    """Yield the requirements of one member, as its pyproject.toml words them."""
    project = tomllib.loads((member / "pyproject.toml").read_text())["project"]
    extras = project.get("optional-dependencies", {})
    shipped = [wanted for extra, wanted in extras.items() if extra not in NOT_SHIPPED]
    for group in [project.get("dependencies", []), *shipped]:
        yield from (requirement for requirement in group if not requirement.startswith("baoke-"))


if __name__ == "__main__":
    for path in sys.argv[1:]:
        sys.stdout.writelines(f"{requirement}\n" for requirement in third_party(Path(path)))
