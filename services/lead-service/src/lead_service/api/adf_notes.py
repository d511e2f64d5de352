"""What a prospect says that a lead has no field for, as the lead's note."""

from collections.abc import Iterator

from lead_service.adf import Address, Customer, Price, Prospect, Vehicle


def note_of(prospect: Prospect, wanted: Vehicle | None, budget: Price | None) -> str | None:
    """What the customer says, then a line each for when, where and how, and for each car in words of ADF.

    `wanted` and `budget` have fields of their own in the lead, so their names and amount are not said again.
    """
    lines = [*_customer(prospect.customer)]
    for vehicle in prospect.vehicles:
        lines += [*_vehicle(vehicle, budget, is_wanted=vehicle is wanted)]
    return "\n".join(lines) or None


def _customer(customer: Customer) -> Iterator[str]:
    if customer.comments:
        yield customer.comments
    if customer.timeframe:
        yield customer.timeframe
    if customer.earliest or customer.latest:
        yield f"timeframe: {customer.earliest or '…'} – {customer.latest or '…'}"
    if times := [f"{phone.number} {phone.time}" for phone in customer.contact.phones if _names_a_time(phone.time)]:
        yield f"call: {', '.join(times)}"
    if customer.contact.address:
        yield f"address: {_address(customer.contact.address)}"


def _names_a_time(time: str | None) -> bool:
    return time is not None and time.lower() != "nopreference"


def _address(address: Address) -> str:
    parts = (*address.street, address.apartment, address.city, address.region_code, address.postal_code)
    return ", ".join(part for part in (*parts, address.country) if part)


def _vehicle(vehicle: Vehicle, budget: Price | None, *, is_wanted: bool) -> Iterator[str]:
    said = list(_said(vehicle, budget))
    name = " ".join(str(part) for part in (vehicle.year, vehicle.make, vehicle.model, vehicle.trim) if part)
    kind = [vehicle.interest] if vehicle.interest != "buy" else []
    kind += [vehicle.status] if vehicle.status != "new" else []
    if not is_wanted:
        yield f"{' '.join(kind) or 'also'}: {'; '.join([name or '?', *said])}"
    elif kind or vehicle.year or said:
        yield f"{' '.join(kind) or 'car'}: {'; '.join([str(part) for part in (vehicle.year, *said) if part])}"
    if vehicle.comments:
        yield vehicle.comments


def _said(vehicle: Vehicle, budget: Price | None) -> Iterator[str]:
    if vehicle.vin:
        yield f"VIN {vehicle.vin}"
    if vehicle.stock:
        yield f"stock {vehicle.stock}"
    if vehicle.odometer is not None:
        parts = (f"{vehicle.odometer:,}", vehicle.odometer_unit, vehicle.odometer_status)
        yield f"odometer {' '.join(part for part in parts if part)}"
    for colours in vehicle.colours:
        sides = {"exterior": colours.exterior, "interior": colours.interior}
        yield ", ".join(f"{side} {colour}" for side, colour in sides.items() if colour)
    yield from (_price(price) for price in vehicle.prices if price is not budget)
    yield from (f"{name} {text}" for name, text in vehicle.details.items())
    if vehicle.options:
        yield f"options {', '.join(vehicle.options)}"
    finance = vehicle.finance
    paid = [finance.method, *map(_price, finance.amounts), finance.balance and f"balance {_price(finance.balance)}"]
    if any(paid):
        yield f"finance {', '.join(part for part in paid if part)}"


def _price(price: Price) -> str:
    amount = f"{price.amount:,.2f}".removesuffix(".00")
    return " ".join(part for part in (price.kind, amount, price.currency) if part)
