import pytest
from lead_service.api.uploads import TooManyUploads, UploadBrokeOff, Uploads, uploaded
from starlette.requests import Request


@pytest.fixture
def hung_up():
    """A request whose sender hung up in the middle of a table."""
    messages = [{"type": "http.request", "body": b"phone\n138", "more_body": True}, {"type": "http.disconnect"}]

    async def receive():
        return messages.pop(0)

    return Request({"type": "http", "method": "POST", "headers": [(b"content-type", b"text/csv")]}, receive)


async def test_a_file_whose_sender_hangs_up_is_refused_and_not_taken_for_whole(hung_up):
    with pytest.raises(UploadBrokeOff):
        await read_whole(hung_up)


async def read_whole(request: Request) -> bytes:
    """The file of a request."""
    async with uploaded(request, Uploads()) as upload:
        return b"".join([piece async for piece in upload.pieces])


async def test_a_file_for_which_there_is_no_room_is_sent_again_later_and_the_next_one_finds_some():
    uploads = Uploads(at_once=1, wait_s=0.01)

    async with uploads.one():
        with pytest.raises(TooManyUploads) as refused:
            await uploads.one().__aenter__()
    async with uploads.one():
        pass

    assert refused.value.headers == {"Retry-After": "10"}
