"""All that notification-service answers over HTTP."""

from baoke_chassis.service import Api
from fastapi import FastAPI

from notification_service.api import journeys, messages, outbox, parties, sms_replies, templates, unsubscribe
from notification_service.api.refusals import STATUS_OF
from notification_service.domain.unsubscribe_links import UnsubscribeLinks

_ROUTERS = (
    messages.router,
    parties.router,
    templates.router,
    journeys.router,
    unsubscribe.router,
    sms_replies.router,
)


def api_of(links: UnsubscribeLinks, *, local_outbox: bool) -> Api:
    """The routes, and what they need on `app.state`; with the page of messages that were kept instead of sent."""

    def prepare(app: FastAPI) -> None:
        app.state.unsubscribe_links = links

    routers = (*_ROUTERS, outbox.router) if local_outbox else _ROUTERS
    return Api(routers=routers, refusals=STATUS_OF, prepare=prepare)
