"""Run one server and end it when whoever started it is gone.

Run as a script (standard library only, no import of this package), with one JSON argument:
`command`, `stop_signal`, `grace_s`, `account` (name of the user to run as, or null), `pid_file` (or null).

Standard input is the leash. A line with a signal number is passed on to the server; its end, which
the operating system brings about however the starter dies, stops the server. So not even
`kill -9` of the starter leaves a server behind.
"""

import json
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any


def _launch(order: dict[str, Any]) -> "subprocess.Popen[bytes]":
    account = order["account"]
    server = subprocess.Popen(  # noqa: S603 - the starter's command, no shell
        order["command"],
        stdin=subprocess.DEVNULL,
        cwd="/",
        user=account,
        group=account,
        extra_groups=[] if account else None,
    )
    if order["pid_file"]:
        Path(order["pid_file"]).write_text(f"{server.pid}\n")
    return server


def _end(server: "subprocess.Popen[bytes]", order: dict[str, Any]) -> None:
    server.send_signal(order["stop_signal"])
    try:
        server.wait(order["grace_s"])
    except subprocess.TimeoutExpired:
        server.kill()


def _obey(server: "subprocess.Popen[bytes]", order: dict[str, Any]) -> None:
    for line in sys.stdin:
        server.send_signal(int(line))
    _end(server, order)


def main() -> int:
    """Run the server to its end and return its exit code (128 + n when signal n ended it)."""
    order = json.loads(sys.argv[1])
    server = _launch(order)
    signal.signal(signal.SIGTERM, lambda *_: server.send_signal(order["stop_signal"]))
    threading.Thread(target=_obey, args=(server, order), daemon=True).start()
    code = server.wait()
    return code if code >= 0 else 128 - code


if __name__ == "__main__":
    sys.exit(main())
