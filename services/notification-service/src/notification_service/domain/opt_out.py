"""What people reply to an SMS when they want no more of them."""

import unicodedata

_WORDS = frozenset({"t", "td", "r", "n", "退订", "拒收", "取消", "stop", "unsubscribe", "quit", "end", "cancel"})
_AROUND = " \t\r\n.,;:!?。，；：！？'\"“”‘’「」【】()（）"


def is_opt_out(reply: str) -> bool:
    """Whether the whole reply is one of the words carriers in China or CTIA elsewhere ask senders to heed.

    Width, case and punctuation around the word do not matter; a word inside a sentence does not count.
    """
    word = unicodedata.normalize("NFKC", reply).strip(_AROUND).casefold()
    return word.removeprefix("回复").removeprefix("回") in _WORDS
