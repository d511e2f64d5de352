"""Which replies end the messages."""

import pytest
from notification_service.domain.opt_out import is_opt_out


@pytest.mark.parametrize("reply", ["T", "t", "TD", "ｔｄ", "退订", " 退订。", "回T", "回复退订", "STOP", "Stop!"])
def test_the_words_that_carriers_ask_us_to_heed_opt_out(reply: str) -> None:
    assert is_opt_out(reply)


@pytest.mark.parametrize("reply", ["", "5", "谢谢", "请问怎么退订？", "don't stop", "To", "回", "我要订车"])
def test_anything_else_does_not(reply: str) -> None:
    assert not is_opt_out(reply)
