"""A table of leads as a platform exports it."""

from pathlib import Path

HEADER = "客户姓名,手机号,品牌,车系,预算(万),来源渠道,线索ID,留资时间,备注\r\n"


def write_table(path: Path, rows: int) -> None:
    """A file in GB18030 with that many people; one in a hundred has a number that nobody can have."""
    with path.open("w", encoding="gb18030", newline="") as file:
        file.write(HEADER)
        file.writelines(_row(number) for number in range(rows))


def _row(number: int) -> str:
    phone = "12345" if number % 100 == 0 else f"138 {number // 10_000:04} {number % 10_000:04}"
    return f'王伟,{phone},比亚迪,海豹,15-20,懂车帝,T-{number},2026/1/5 10:30,"周末看车,带家人"\r\n'
