"""A real Apache Kafka, one KRaft node, run from its Maven artifacts as a child of this process."""

import asyncio
import shutil
import socket
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from signal import Signals

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from baoke_local.errors import LocalServerError, StaleDataFolder
from baoke_local.folders import end_leftover
from baoke_local.kafka_jars import kafka_jars
from baoke_local.process import LeashedProcess
from baoke_local.server import LocalServer, wait_until

START_LIMIT_S = 120
_CLUSTER_ID = "YmFva2UtbG9jYWxrYWZrYQ"
_LOG = "-Dorg.slf4j.simpleLogger"
_QUIET = (f"{_LOG}.defaultLogLevel=warn", f"{_LOG}.showDateTime=true", f"{_LOG}.dateTimeFormat=HH:mm:ss.SSS")
# The first compiler alone halves the processor time of a start (5.3 s against 10 s).
_SMALL = ("-Xmx384m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:+ExitOnOutOfMemoryError")
_PROPERTIES = """\
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:{controller_port}
listeners={listeners},CONTROLLER://127.0.0.1:{controller_port}
advertised.listeners={advertised}
listener.security.protocol.map=CLIENTS:PLAINTEXT,PROXIED:PLAINTEXT,CONTROLLER:PLAINTEXT
inter.broker.listener.name=CLIENTS
controller.listener.names=CONTROLLER
log.dirs={data}

# One node holds every replica.
offsets.topic.replication.factor=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1

# Topics are those of deploy/topics.yaml; a typo in a name is an error.
auto.create.topics.enable=false

# Consumers of a test start at once; a killed broker is forgotten, and may come back, after its session.
group.initial.rebalance.delay.ms=0
broker.session.timeout.ms={session_ms}
broker.heartbeat.interval.ms=500

# A small broker: few files, little memory.
offsets.topic.num.partitions=4
transaction.state.log.num.partitions=4
log.index.size.max.bytes=1048576
log.cleaner.dedupe.buffer.size=16777216
num.network.threads=2
num.io.threads=4
"""


class LocalKafka(LocalServer):
    """Apache Kafka on a free port of 127.0.0.1, which it keeps for as long as this object lives.

    The first start on a machine fetches the jars. A start takes about five seconds of processor time, two more
    on a new folder, and after `kill` up to `session_s` of waiting for the killed broker's session to end.
    """

    kill_signal = Signals.SIGKILL

    def __init__(self, folder: Path, *, proxy_port: int | None = None, session_s: int = 9) -> None:
        """Describe the broker; clients of `behind_proxy` are told to come back by way of `proxy_port`.

        A broker that stalls for longer than `session_s` loses its partitions for a moment; one that is killed comes
        back after as long. Kafka's own default is 9 s.
        """
        super().__init__(folder)
        self._session_s = session_s
        self._port, self._controller_port, self._proxied_port = _free_ports(3)
        self._proxy_port = proxy_port

    @property
    def bootstrap(self) -> str:
        """The address for clients, `host:port`."""
        return f"127.0.0.1:{self._port}"

    @property
    def behind_proxy(self) -> tuple[str, int]:
        """Where a proxy on `proxy_port` of 127.0.0.1 finds the broker."""
        return "127.0.0.1", self._proxied_port

    def _launch(self) -> LeashedProcess:
        jars = kafka_jars()
        pid_file = self.folder / "kafka.pid"
        end_leftover(pid_file, self.folder, Signals.SIGTERM)
        self._prepare_data(jars)
        process = LeashedProcess(
            _java(jars, "kafka.Kafka", str(self._write_properties(self._data))),
            log=self.folder / "kafka.log",
            stop_signal=Signals.SIGTERM,
            grace_s=30,
            pid_file=pid_file,
        )
        wait_until(self._answers, process, name="Kafka", limit_s=START_LIMIT_S)
        return process

    @property
    def _data(self) -> Path:
        return self.folder / "data"

    def _prepare_data(self, jars: Path) -> None:
        """Have a formatted data folder, made beside its place and moved there when it is complete."""
        if self._data.exists():
            if not (self._data / "meta.properties").is_file():
                raise StaleDataFolder(
                    f"The folder {self._data} holds no complete Kafka log. "
                    "Start afresh (`make run FRESH=1`), or move the folder away."
                )
            return
        unfinished = self._data.with_name("data.unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        properties = str(self._write_properties(unfinished))
        command = _java(jars, "kafka.tools.StorageTool", "format", "-t", _CLUSTER_ID, "-c", properties)
        outcome = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
        if outcome.returncode != 0:
            raise LocalServerError(f"Kafka could not format {self._data}: {outcome.stderr.strip()}")
        unfinished.rename(self._data)

    def _write_properties(self, data: Path) -> Path:
        file = self.folder / "server.properties"
        listeners = advertised = f"CLIENTS://{self.bootstrap}"
        if self._proxy_port is not None:
            listeners += f",PROXIED://127.0.0.1:{self._proxied_port}"
            advertised += f",PROXIED://127.0.0.1:{self._proxy_port}"
        text = _PROPERTIES.format(
            listeners=listeners,
            advertised=advertised,
            controller_port=self._controller_port,
            data=data,
            session_ms=self._session_s * 1_000,
        )
        file.write_text(text)
        return file

    def _answers(self) -> bool:
        """Ask for the cluster over the client port, once that is open."""
        try:
            socket.create_connection(("127.0.0.1", self._port), timeout=1).close()
        except OSError:
            return False
        # In a thread of its own, so that a caller whose thread runs an event loop is served as well.
        with ThreadPoolExecutor(1) as thread:
            return thread.submit(asyncio.run, _has_broker(self.bootstrap)).result()


def _java(jars: Path, main_class: str, *arguments: str) -> list[str]:
    return ["java", *_SMALL, *_QUIET, "-cp", f"{jars}/*", main_class, *arguments]


async def _has_broker(bootstrap: str) -> bool:
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    try:
        await admin.start()
        return bool((await admin.describe_cluster())["brokers"])
    except KafkaError:
        return False
    finally:
        await admin.close()


def _free_ports(count: int) -> list[int]:
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports
