"""Where leads come from."""

from dataclasses import dataclass
from enum import StrEnum


class Channel(StrEnum):
    """The intake channels (渠道) of a dealer group."""

    WEBSITE = "website"
    SHOWROOM = "showroom"
    PHONE = "phone"
    DONGCHEDI = "dongchedi"
    AUTOHOME = "autohome"
    DOUYIN = "douyin"
    XIAOHONGSHU = "xiaohongshu"
    WECOM = "wecom"
    MINI_PROGRAM = "mini_program"
    REFERRAL = "referral"
    EVENT = "event"
    OTHER = "other"


PLATFORMS = frozenset({Channel.DONGCHEDI, Channel.AUTOHOME, Channel.DOUYIN, Channel.XIAOHONGSHU})
"""Channels that are one sender each, whose ids mean the same whichever way they come."""


@dataclass(frozen=True, slots=True)
class Source:
    """The channel a lead came through and what the sender calls it.

    `system` says whose ids these are: the channel itself, or a sender that has no channel of its
    own. One `source_id` of one system is one inquiry, however often it arrives.
    """

    channel: Channel
    system: str
    source_id: str | None = None
    campaign: str | None = None
