from uuid import uuid4

from baoke_chassis.access import Role
from lead_service import adf

XML = {"Content-Type": "application/xml"}


async def test_a_lead_goes_back_as_adf(client, capture, set_policy, store_id):
    await set_policy(stores={"SH-01": str(store_id), "保客上海店": str(store_id)})
    lead_id = await capture(
        source={"channel": "autohome", "source_id": "AH-1", "campaign": "spring-sale"},
        contact={"name": "王伟", "phone": "13900001111", "email": "wang.wei@example.com"},
        interest={"make": "BYD", "model": "Seal", "trim": "Long Range", "budget_cents": 18_980_050},
        note="R&D 部门 <周末看车>",
    )

    response = await client.get(f"/v1/leads/{lead_id}/adf")

    assert (response.status_code, response.headers["content-type"]) == (200, "application/xml")
    assert response.text.startswith('<?xml version="1.0" encoding="UTF-8"?>\n<?adf version="1.0"?>\n<adf>')
    [prospect] = adf.parse(response.content).prospects
    assert [(id_.value, id_.source) for id_ in prospect.ids] == [("AH-1", "autohome"), (str(lead_id), "baoke")]
    assert (prospect.vendor.id, prospect.vendor.name) == ("SH-01", "保客上海店")
    assert list(prospect.vehicles[0].prices) == [adf.Price(189_800.5, "offer", "CNY")]
    contact = prospect.customer.contact
    assert (contact.name, contact.phones[0].number) == ("王伟", "+8613900001111")
    assert (prospect.customer.comments, prospect.provider.name) == ("R&D 部门 <周末看车>", "autohome")
    assert list(prospect.dropped) == []


async def test_what_we_wrote_is_repeated_when_it_comes_back(client, capture, set_policy, store_id):
    await set_policy(stores={"SH-01": str(store_id)})
    lead_ids = [
        await capture(source={"channel": "dongchedi", "source_id": "D-1"}, contact={"phone": "13800138000转12"}),
        await capture(source={"channel": "showroom"}, contact={"phone": "13900001111"}),
    ]

    answers = []
    for lead_id in lead_ids:
        document = (await client.get(f"/v1/leads/{lead_id}/adf")).content
        answers += (await client.post("/v1/intake/adf", content=document, headers=XML)).json()["prospects"]

    assert [answer["outcome"] for answer in answers] == ["repeated", "touched"]
    assert [answer["lead_id"] for answer in answers] == [str(lead_id) for lead_id in lead_ids]


async def test_only_those_who_may_see_phones_get_a_lead_as_adf(client_as, capture, other_store_id):
    lead_id = await capture()

    for role in (Role.MARKETING, Role.AUDITOR):
        assert (await client_as(role).get(f"/v1/leads/{lead_id}/adf")).status_code == 403
    elsewhere = client_as(Role.ADVISOR, stores=[other_store_id])
    assert (await elsewhere.get(f"/v1/leads/{lead_id}/adf")).status_code == 404
    assert (await client_as(Role.MANAGER).get(f"/v1/leads/{uuid4()}/adf")).status_code == 404
