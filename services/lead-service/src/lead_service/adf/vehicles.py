"""From elements to cars and what they cost."""

from lead_service.adf.amounts import price, whole
from lead_service.adf.model import Colours, Finance, Price, Vehicle
from lead_service.adf.node import Node

DETAILS = ("doors", "bodystyle", "transmission", "condition", "imagetag", "pricecomments")
"""Elements of a vehicle that are kept as they are."""

_INTERESTS = {"tradein": "trade-in", "trade": "trade-in", "testdrive": "test-drive"}


def vehicle_of(node: Node) -> Vehicle:
    """A car, in all that ADF can say of it but the sender's id."""
    odometer = node.child("odometer")
    vehicle = Vehicle(
        interest=_interest(node.attribute("interest") or "buy"),
        status=(node.attribute("status") or "new").lower(),
        year=node.child("year").converted(whole),
        make=node.value("make"),
        model=node.value("model"),
        vin=node.value("vin"),
        stock=node.value("stock", "stocknumber"),
        trim=node.value("trim"),
        odometer=odometer.converted(whole),
        odometer_unit=odometer.attribute("units"),
        odometer_status=odometer.attribute("status"),
        colours=[colours for child in node.children("colorcombination") if (colours := _colours(child)) != Colours()],
        prices=[amount for child in node.children("price") if (amount := _price(child))],
        options=[option for child in node.children("option") if (option := _option(child))],
        finance=_finance(node.child("finance")),
        details=node.values(*DETAILS),
        comments=node.child("comments").lines,
    )
    node.without("id").finish()
    return vehicle


def _interest(said: str) -> str:
    """The interest as ADF spells it, where it is one: `tradein`, `Trade_In` and `trade` are a trade-in."""
    bare = said.lower().replace("-", "").replace("_", "").replace(" ", "")
    return _INTERESTS.get(bare, said.lower())


def _colours(node: Node) -> Colours:
    colours = Colours(node.value("interiorcolor"), node.value("exteriorcolor"))
    node.without("preference").finish()
    return colours


def _price(node: Node) -> Price | None:
    kind, currency = node.attribute("type"), node.attribute("currency")
    return node.converted(lambda text: price(text, kind.lower() if kind else None, currency))


def _option(node: Node) -> str | None:
    name = node.value("optionname")
    node.without("manufacturercode", "stock", "weighting", "price").finish()
    return name


def _finance(node: Node) -> Finance:
    finance = Finance(
        method=node.value("method"),
        amounts=[amount for child in node.children("amount") if (amount := _price(child))],
        balance=_price(node.child("balance")),
    )
    node.finish()
    return finance
