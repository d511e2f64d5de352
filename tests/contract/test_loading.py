"""What a process of a service loads: each command pays for what it does."""

import subprocess
import sys

from baoke_chassis.service import Service


def test_a_service_is_composed_without_its_routes_and_alembic(service: Service) -> None:
    package = service.package
    loaded = f"import sys, baoke_chassis.cli, {package}.app; print(*sys.modules)"

    run = subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, check=True)  # noqa: S603

    modules = run.stdout.split()
    assert f"{package}.app" in modules
    assert not [name for name in modules if name.startswith((f"{package}.api", "baoke_chassis.http", "alembic"))]
