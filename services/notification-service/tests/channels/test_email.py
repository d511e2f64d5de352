"""Mail, and a mail server that takes it, refuses it, or is away."""

import asyncio
from contextlib import asynccontextmanager
from email import message_from_bytes, policy
from uuid import UUID

import pytest
from notification_service.channels.email import Smtp, mail_of
from notification_service.channels.provider import Parcel, ProviderAway, Refused
from notification_service.domain.messages import Channel


def parcel(**changes):
    fields = {
        "dealer_id": UUID(int=1),
        "message_id": UUID(int=2),
        "channel": Channel.EMAIL,
        "address": "lilei@example.com",
        "sender": "保客",
        "subject": "理想 L7降价了",
        "text": "李雷您好：\n\n降价了。\n",
        "template_version": 1,
        "unsubscribe_url": "https://baoke.test/u/token",
    }
    return Parcel(**{**fields, **changes})


@asynccontextmanager
async def mail_server(**answers):
    """A server on a local port that answers commands as told; yields an `Smtp` for it and the mails it took."""
    mails = []

    async def converse(reader, writer):
        writer.write(answers.get("GREETING", b"220 ready") + b"\r\n")
        while line := await reader.readline():
            command = line.split()[0].upper().decode()
            answer = answers.get(command, b"354 go on" if command == "DATA" else b"250 ok")
            writer.write(answer + b"\r\n")
            if command == "DATA" and answer.startswith(b"3"):
                mails.append(await reader.readuntil(b"\r\n.\r\n"))
                writer.write(b"250 taken\r\n")
            if command == "QUIT":
                break
        writer.close()

    server = await asyncio.start_server(converse, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server:
        yield Smtp("127.0.0.1", port, "noreply@baoke.test"), mails


async def test_a_server_gets_the_whole_mail():
    async with mail_server() as (smtp, mails):
        await smtp.deliver(parcel())

    mail = message_from_bytes(mails[0], policy=policy.default)
    assert mail["From"] == "保客 <noreply@baoke.test>"
    assert mail["To"] == "lilei@example.com"
    assert mail["Subject"] == "理想 L7降价了"
    assert mail["Message-ID"] == f"<{UUID(int=2)}@baoke.test>"
    assert mail.get_content().startswith("李雷您好：\n\n降价了。")


@pytest.mark.parametrize("command", ["MAIL", "RCPT", "DATA"])
async def test_a_mail_the_server_refuses_for_good_is_not_tried_again(command):
    async with mail_server(**{command: b"550 no such user"}) as (smtp, _):
        with pytest.raises(Refused):
            await smtp.deliver(parcel())


@pytest.mark.parametrize("command", ["MAIL", "RCPT", "DATA"])
async def test_a_mail_the_server_refuses_for_now_is_tried_again(command):
    async with mail_server(**{command: b"451 later"}) as (smtp, _):
        with pytest.raises(ProviderAway):
            await smtp.deliver(parcel())


async def test_a_server_that_turns_us_away_says_nothing_about_the_mail():
    async with mail_server(GREETING=b"554 not now") as (smtp, _):
        with pytest.raises(ProviderAway):
            await smtp.deliver(parcel())


async def test_a_server_that_cannot_be_reached_is_tried_again():
    async with mail_server() as (smtp, _):
        pass

    with pytest.raises(ProviderAway):
        await smtp.deliver(parcel())


@pytest.mark.parametrize("address", ["nobody", "", "a@b\r\nBcc: everybody@example.com", "a@b@c"])
async def test_an_address_that_is_none_is_refused_before_anybody_is_asked(address):
    async with mail_server() as (smtp, mails):
        with pytest.raises(Refused):
            await smtp.deliver(parcel(address=address))

    assert mails == []


def test_a_marketing_mail_can_be_unsubscribed_with_one_click():
    mail = mail_of(parcel(), sender="noreply@baoke.test")

    assert mail["List-Unsubscribe"] == "<https://baoke.test/u/token>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_another_mail_carries_no_such_header():
    mail = mail_of(parcel(unsubscribe_url=None), sender="noreply@baoke.test")

    assert mail["List-Unsubscribe"] is None


def test_a_subject_cannot_smuggle_in_a_header():
    mail = mail_of(parcel(subject="hello\r\nBcc: everybody@example.com"), sender="noreply@baoke.test")

    assert mail["Subject"] == "hello Bcc: everybody@example.com"
    assert mail["Bcc"] is None
