"""What the checker looks at lies in the order in which it was first said."""

from faults.evidence import Seen, Tape


def said(id: str) -> Seen:
    return Seen(topic="t", partition=0, offset=0, key="k", id=id, type="x", sequence=0, data={})


def test_an_event_that_is_delivered_again_keeps_the_place_of_its_first_delivery():
    tape = Tape("nowhere:9092")
    for id in ("a", "b", "a", "c", "b"):
        tape._add(said(id))

    assert [seen.id for seen in tape.of("x")] == ["a", "b", "c"]
