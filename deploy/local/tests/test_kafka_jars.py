import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from baoke_local.errors import ServerUnavailable
from baoke_local.kafka_jars import kafka_available, kafka_jars

JAVA = """
import sys
print('openjdk version "{version}" 2024-01-16', file=sys.stderr)
"""
MAVEN = """
import os, pathlib, sys, time
folder = next(pathlib.Path(w.split("=")[1]) for w in sys.argv if w.startswith("-DoutputDirectory="))
folder.mkdir()
(folder / "first.jar").touch()
time.sleep(0.3)
(folder / "second.jar").touch()
with open(os.environ["FETCHES"], "a") as fetches:
    fetches.write("fetched")
"""
BROKEN_MAVEN = """
import pathlib, sys
folder = next(pathlib.Path(w.split("=")[1]) for w in sys.argv if w.startswith("-DoutputDirectory="))
folder.mkdir()
sys.exit("[ERROR] the network is down")
"""


@pytest.fixture
def install(monkeypatch, tmp_path):
    """Put programs on an otherwise empty PATH; the cache is empty, too."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("BAOKE_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("FETCHES", str(tmp_path / "fetches"))

    def install(**programs: str) -> None:
        for name, text in programs.items():
            (tmp_path / name).write_text(f"#!{sys.executable}\n{text}")
            (tmp_path / name).chmod(0o755)

    return install


@pytest.mark.usefixtures("install")
def test_a_machine_without_java_is_told_so():
    assert kafka_available() == "Kafka needs Java 17 or newer, and there is no `java` on the PATH."
    with pytest.raises(ServerUnavailable, match="no `java` on the PATH"):
        kafka_jars()


def test_a_machine_with_an_old_java_is_told_so(install):
    install(java=JAVA.format(version="1.8.0_392"), mvn=MAVEN)

    assert kafka_available() == "Kafka needs Java 17 or newer, and `java` on the PATH is version 8."


def test_a_machine_without_maven_is_told_so(install):
    install(java=JAVA.format(version="21.0.1"))

    assert kafka_available() == (
        "Kafka's jars have not been fetched yet, and there is no `mvn` (Maven) on the PATH to fetch them."
    )


def test_jars_that_were_fetched_once_need_no_maven(install, tmp_path):
    install(java=JAVA.format(version="21.0.1"), mvn=MAVEN)
    jars = kafka_jars()
    (tmp_path / "mvn").unlink()

    assert kafka_available() is None
    assert kafka_jars() == jars


def test_two_runs_at_once_fetch_the_jars_once_and_both_see_all_of_them(install, tmp_path):
    install(java=JAVA.format(version="17.0.15"), mvn=MAVEN)

    def fetch() -> list[str]:
        return sorted(jar.name for jar in kafka_jars().iterdir())

    with ThreadPoolExecutor(4) as threads:
        seen = [each.result() for each in [threads.submit(fetch) for _ in range(4)]]

    assert seen == [["first.jar", "second.jar"]] * 4
    assert (tmp_path / "fetches").read_text() == "fetched"


def test_a_fetch_that_fails_says_why_and_leaves_nothing_half_done(install, tmp_path):
    install(java=JAVA.format(version="17.0.15"), mvn=BROKEN_MAVEN)

    with pytest.raises(ServerUnavailable, match=r"Maven could not fetch Kafka's jars: .*the network is down"):
        kafka_jars()

    assert [path.suffix for path in (tmp_path / "cache").iterdir()] == [".lock"]
