"""Every template reads well in both languages, from its example and from the published samples."""

from zoneinfo import ZoneInfo

import pytest
from baoke_events.contracts.samples import SAMPLES
from baoke_events.event import Event
from notification_service.domain.errors import UnfitTemplateData, UnknownTemplate
from notification_service.domain.messages import Channel
from notification_service.domain.shipped_journeys import SHIPPED_JOURNEYS
from notification_service.templates.catalogue import LOCALES, locale_of, shipped_templates, template_named
from notification_service.templates.composing import compose
from notification_service.templates.rendering import Reader, Rendered, check_data, render

SHANGHAI = ZoneInfo("Asia/Shanghai")
BERLIN = ZoneInfo("Europe/Berlin")
SAMPLE_OF = {type(event).__name__: event for event in SAMPLES.values()}
EVERYWHERE = [(locale, channel) for locale in LOCALES for channel in Channel]


def words(template, locale="zh-CN", channel=Channel.SMS, *, zone=SHANGHAI, **data):
    return render(template_named(template), channel, data, Reader("李雷", locale, zone))


@pytest.mark.parametrize("name", shipped_templates())
@pytest.mark.parametrize(("locale", "channel"), EVERYWHERE)
def test_every_template_is_filled_by_its_own_example(name, locale, channel):
    rendered = words(name, locale, channel, **template_named(name).example)

    assert rendered.text
    assert "None" not in rendered.text
    assert (rendered.subject is None) is (channel is Channel.SMS)


@pytest.mark.parametrize("journey", SHIPPED_JOURNEYS, ids=lambda journey: journey.name)
@pytest.mark.parametrize(("locale", "channel"), EVERYWHERE)
def test_every_shipped_journey_is_said_from_the_published_sample_of_its_event(journey, locale, channel):
    data = SAMPLE_OF[journey.event].model_dump(mode="json")

    rendered = words(journey.template, locale, channel, **data)

    assert rendered.text
    assert "None" not in rendered.text


@pytest.mark.parametrize("journey", SHIPPED_JOURNEYS, ids=lambda journey: journey.name)
@pytest.mark.parametrize(("locale", "channel"), EVERYWHERE)
def test_every_shipped_journey_can_do_without_what_its_event_may_leave_out(journey, locale, channel):
    sample = SAMPLE_OF[journey.event]
    optional = {name: None for name, field in type(sample).model_fields.items() if not field.is_required()}
    data = sample.model_dump(mode="json")
    nulls = {name: None for name in optional if name in data and _may_be_null(type(sample), name)}

    rendered = words(journey.template, locale, channel, **{**data, **nulls})

    assert "None" not in rendered.text


def _may_be_null(kind: type[Event], name: str) -> bool:
    return type(None) in getattr(kind.model_fields[name].annotation, "__args__", ())


def test_a_price_drop_names_the_car_and_the_difference():
    text = words("reactivation_price_drop", **template_named("reactivation_price_drop").example).text

    assert text == (
        "李雷您好，您3月看过的理想 L7 Max降价了，现价¥347,800，比之前优惠 ¥12,000，12月31日前有效。欢迎到店详谈。"
    )


def test_a_price_drop_in_english_says_since_when():
    text = words("reactivation_price_drop", "en", **template_named("reactivation_price_drop").example).text

    assert "you looked at in March costs less now: ¥347,800, ¥12,000 less than before" in text


def test_a_stock_arrival_names_what_arrived():
    text = words("reactivation_in_stock", **template_named("reactivation_in_stock").example).text

    assert "理想 L7 Max现车到店了" in text


def test_maintenance_names_the_items_in_the_readers_language():
    example = template_named("maintenance_due").example

    assert "更换变速箱油、制动系统检查" in words("maintenance_due", **example).text
    assert "Gearbox oil change, Brake inspection" in words("maintenance_due", "en", **example).text


def test_overdue_maintenance_says_so():
    text = words("maintenance_due", **{**template_named("maintenance_due").example, "step": "overdue"}).text

    assert "已于12月1日到期" in text


def test_a_referral_names_points_and_fuel_card_to_both_sides():
    example = template_named("referral_paid").example

    referrer = words("referral_paid", **example).text
    referee = words("referral_paid", **{**example, "side": "referee"}).text

    assert "您推荐的朋友已提车，2,000积分和¥500油卡已到账" in referrer
    assert "感谢您经好友推荐选择我们，2,000积分和¥500油卡已到账" in referee


def test_an_appointment_is_told_in_the_customers_own_time():
    in_shanghai = words("appointment_booked", starts_at="2026-11-30T23:30:00Z").text
    in_berlin = words("appointment_booked", zone=BERLIN, starts_at="2026-11-30T23:30:00Z").text

    assert "12月1日 07:30" in in_shanghai
    assert "12月1日 00:30" in in_berlin


@pytest.mark.parametrize(
    ("cents", "currency", "written"),
    [(128000, "CNY", "¥1,280"), (128050, "CNY", "¥1,280.50"), (99, "USD", "$0.99"), (100, "CHF", "CHF 1")],
)
def test_money_shows_cents_only_where_there_are_some(cents, currency, written):
    assert written in words("visit_quoted", quoted_cents=cents, currency=currency).text


@pytest.mark.parametrize(
    ("wanted", "found"),
    [("zh-CN", "zh-CN"), ("zh", "zh-CN"), ("en", "en"), ("en-US", "en"), ("fr", "zh-CN"), ("", "zh-CN")],
)
def test_whoever_reads_neither_language_is_written_to_in_chinese(wanted, found):
    assert locale_of(wanted) == found


def test_a_missing_field_is_an_error_and_not_an_empty_place():
    with pytest.raises(UnfitTemplateData, match="'starts_at' is undefined"):
        words("appointment_booked")


@pytest.mark.parametrize("starts_at", [None, 5, "tomorrow", ["2026-11-30"]])
def test_a_field_of_another_type_is_an_error(starts_at):
    with pytest.raises(UnfitTemplateData):
        words("appointment_booked", starts_at=starts_at)


def test_data_is_never_read_as_a_template():
    text = words("notice", title="", text="{{ zone.__class__ }} {% for x in [1] %}").text

    assert text == "{{ zone.__class__ }} {% for x in [1] %}"


def test_data_cannot_pretend_to_be_the_reader():
    pretence = {"name": "somebody else", "locale": "en", "zone": None}

    text = render(template_named("visit_ready"), Channel.SMS, pretence, Reader("李雷", "zh-CN", SHANGHAI)).text

    assert text.startswith("李雷您好")


def test_checking_data_tries_both_languages_on_the_channels_asked_for():
    check_data(template_named("notice"), (Channel.SMS,), {"text": "只有短信"})

    with pytest.raises(UnfitTemplateData, match="'title' is undefined"):
        check_data(template_named("notice"), (Channel.SMS, Channel.EMAIL), {"text": "邮件需要标题"})


def test_an_unknown_template_is_refused():
    with pytest.raises(UnknownTemplate, match="no template 'nonsense'"):
        template_named("nonsense")


def test_a_marketing_sms_ends_with_how_to_opt_out():
    whole = compose(
        Rendered(None, "降价了。"), Channel.SMS, signature="保客", locale="zh-CN", unsubscribe_url="http://b/u/x"
    )

    assert whole == Rendered(None, "【保客】降价了。 回T退订，或点 http://b/u/x")


def test_what_sells_nothing_carries_no_opt_out():
    mail = compose(
        Rendered("好了", "可以提车。"), Channel.EMAIL, signature="保客", locale="zh-CN", unsubscribe_url=None
    )

    assert mail == Rendered("好了", "可以提车。\n\n-- \n保客")
