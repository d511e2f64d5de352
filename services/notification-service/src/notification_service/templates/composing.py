"""From a template's words to the whole message a customer reads."""

from notification_service.domain.messages import Channel
from notification_service.templates.rendering import Rendered

_SMS_OPT_OUT = {"zh-CN": " 回T退订，或点 {url}", "en": " Reply T to opt out, or {url}"}
_EMAIL_OPT_OUT = {"zh-CN": "不想再收到此类消息？一键退订：{url}", "en": "No more of these? Unsubscribe: {url}"}


def compose(
    rendered: Rendered, channel: Channel, *, signature: str, locale: str, unsubscribe_url: str | None
) -> Rendered:
    """The words under the sender's name and, with a link, how to unsubscribe.

    An SMS begins with the signature in 【】, as carriers in China demand; an e-mail ends with it.
    """
    if channel is Channel.SMS:
        hint = _SMS_OPT_OUT[locale].format(url=unsubscribe_url) if unsubscribe_url else ""
        return Rendered(None, f"【{signature}】{rendered.text}{hint}")
    hint = f"\n{_EMAIL_OPT_OUT[locale].format(url=unsubscribe_url)}" if unsubscribe_url else ""
    return Rendered(rendered.subject, f"{rendered.text}\n\n-- \n{signature}{hint}")
