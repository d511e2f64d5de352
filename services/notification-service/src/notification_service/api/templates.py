"""What can be said, and how it reads."""

from typing import Annotated

from baoke_chassis.routing import Router
from fastapi import Query

from notification_service.api.callers import Reader
from notification_service.api.schemas import PreviewReply, TemplateList, TemplateReply
from notification_service.domain.local_time import DEFAULT_ZONE, zone_of
from notification_service.domain.messages import Channel
from notification_service.templates.catalogue import locale_of, shipped_templates, template_named
from notification_service.templates.rendering import Reader as Addressee
from notification_service.templates.rendering import render

router = Router(prefix="/v1/templates", tags=["templates"])

_NAMES = {"zh-CN": "李雷", "en": "Li Lei"}


@router.get("", summary="List the templates")
async def list_templates(_caller: Reader) -> TemplateList:
    """Every template by name, with what it is for and an example of the data it takes."""
    return TemplateList(templates=[TemplateReply.model_validate(t) for t in shipped_templates().values()])


@router.get("/{name}/preview", summary="Preview a template")
async def preview_template(
    name: str,
    _caller: Reader,
    locale: Annotated[str, Query(max_length=35, description="BCP 47; English for en-*, else Chinese")] = "zh-CN",
    channel: Annotated[Channel, Query()] = Channel.SMS,
) -> PreviewReply:
    """The words of the template, filled with its example, without the sender's signature."""
    template = template_named(name)
    addressee = Addressee(_NAMES[locale_of(locale)], locale_of(locale), zone_of(DEFAULT_ZONE))
    words = render(template, channel, template.example, addressee)
    return PreviewReply(
        template=name,
        version=template.version,
        locale=addressee.locale,
        channel=channel,
        subject=words.subject,
        text=words.text,
    )
