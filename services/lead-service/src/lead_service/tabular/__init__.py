r"""Tables as people send them, CSV mostly: read leniently, and refused in words that say how to mend the file.

    >>> incoming = Incoming()
    >>> file = incoming.take("客户姓名;手机号\n李娜;138 0013 8000\n".encode("gbk")) + incoming.end()
    >>> layout = find_layout(file, incoming.encoding, {"姓名": "name", "客户姓名": "name", "手机": "phone",
    ...     "手机号": "phone"}, is_last=True)
    >>> layout.delimiter, [column.field for column in layout.columns]
    (';', ['name', 'phone'])
    >>> [record] = read_records(file[layout.position:], layout.delimiter, most=1_000, is_last=True)
    >>> [text_of(cell, incoming.encoding) for cell in record.cells]
    ['李娜', '138 0013 8000']

Files are dirty: GBK, UTF-16 or a byte order mark, semicolons, a title above the header, columns named in two languages,
quotation marks that never close, phone numbers that Excel took for quantities, dates in a dozen styles. A file is read
piece by piece, from any row on, in memory that its size does not change. What cannot be read is refused by itself, a
cell by `CellRefused`, a file by `TableRefused`, each with a `Saying` in Chinese and English.

The package needs the standard library only, and nothing else of this service.
"""

from lead_service.tabular.cells import bounded, cleaned, digits_kept, plain
from lead_service.tabular.dates import joined_moment, read_moment
from lead_service.tabular.headers import find_layout, header_key
from lead_service.tabular.incoming import Incoming
from lead_service.tabular.model import CellRefused, Column, Layout, Record, Saying, TableRefused
from lead_service.tabular.money import read_cents
from lead_service.tabular.phones import WrittenPhones, read_phones
from lead_service.tabular.records import LONGEST_RECORD, read_records, shown, text_of

__all__ = [
    "LONGEST_RECORD",
    "CellRefused",
    "Column",
    "Incoming",
    "Layout",
    "Record",
    "Saying",
    "TableRefused",
    "WrittenPhones",
    "bounded",
    "cleaned",
    "digits_kept",
    "find_layout",
    "header_key",
    "joined_moment",
    "plain",
    "read_cents",
    "read_moment",
    "read_phones",
    "read_records",
    "shown",
    "text_of",
]
