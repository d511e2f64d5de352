"""The pages that a newcomer opens first are there, with all that they load."""

import re

import httpx
import pytest
from baoke_local.platform import PACKAGES


@pytest.mark.parametrize("service", [package.replace("_", "-") for package in PACKAGES])
async def test_the_page_of_an_api_and_what_it_loads_are_served_where_the_service_is_mounted(platform, service):
    async with httpx.AsyncClient(base_url=platform.base_url, trust_env=False) as visitor:
        page = await visitor.get(f"/{service}/docs")
        loaded = [await visitor.get(link) for link in re.findall(r'(?:src|href)="(http[^"]+)"', page.text)]

    assert page.status_code == 200
    assert [answer.status_code for answer in loaded] == [200] * 3
    assert f"'/{service}/openapi.json'" in page.text
