"""From a claimed message to the parcel a provider gets."""

from notification_service.channels.provider import Parcel
from notification_service.domain.deliveries import Claimed
from notification_service.domain.messages import Channel
from notification_service.domain.unsubscribe_links import UnsubscribeLinks
from notification_service.templates.catalogue import template_named
from notification_service.templates.composing import compose
from notification_service.templates.rendering import Reader, render


def write(item: Claimed, channel: Channel, links: UnsubscribeLinks) -> Parcel:
    """The message as this party reads it on this channel.

    Raises:
        UnknownTemplate: its template is gone.
        UnfitTemplateData: its data does not fill the template.
    """
    message, contact = item.message, item.contact
    template, reader = template_named(message.template), Reader.of(contact)
    url = links.url_of(message.message_class, message.dealer_id, message.party_id, channel)
    words = compose(
        render(template, channel, message.data, reader),
        channel,
        signature=item.signature,
        locale=reader.locale,
        unsubscribe_url=url,
    )
    return Parcel(
        dealer_id=message.dealer_id,
        message_id=message.message_id,
        channel=channel,
        address=contact.address(channel) or "",
        sender=item.signature,
        subject=words.subject,
        text=words.text,
        template_version=template.version,
        unsubscribe_url=url,
    )
