"""What `make run` does to its folder, and says of what it cannot use."""

from contextlib import ExitStack

import pytest
from baoke_local.errors import FolderInUse
from baoke_local.run import _port, _take_folder


def test_a_fresh_start_forgets_what_was_there(folder):
    (folder / "postgres").mkdir()
    (folder / "token").write_text("old")

    with ExitStack() as stack:
        _take_folder(stack, folder, fresh=True)

        assert [file.name for file in folder.iterdir()] == ["lock"]


def test_a_fresh_start_takes_nothing_from_under_another_run(folder):
    with ExitStack() as running, ExitStack() as second:
        _take_folder(running, folder, fresh=False)
        (folder / "token").write_text("in use")

        with pytest.raises(FolderInUse):
            _take_folder(second, folder, fresh=True)

        assert (folder / "token").read_text() == "in use"


@pytest.mark.parametrize("text", ["0", "99999", "-1", "http"])
def test_a_port_that_is_none_is_refused(text):
    with pytest.raises(Exception, match="is no port"):
        _port(text)
