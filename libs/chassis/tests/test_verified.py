from time import time

from baoke_chassis.verified import MOST, Verified


def test_a_token_counts_until_its_end():
    verified = Verified[str]()
    verified.keep("lasting", "who", ends_at=time() + 30)
    verified.keep("ended", "who", ends_at=time() - 1)

    assert (verified.get("lasting"), verified.get("ended"), verified.get("unknown")) == ("who", None, None)


def test_only_the_latest_are_kept():
    verified = Verified[int]()
    for number in range(MOST + 1):
        verified.keep(str(number), number, ends_at=time() + 30)

    assert (verified.get("0"), verified.get("1"), verified.get(str(MOST))) == (None, 1, MOST)
