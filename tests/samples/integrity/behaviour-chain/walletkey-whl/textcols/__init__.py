"""Small helpers for text in columns."""


def columns(rows, gap=2):
    widths = [max(len(cell) for cell in column) for column in zip(*rows)]
    return "\n".join((" " * gap).join(c.ljust(w) for c, w in zip(row, widths)) for row in rows)


from . import keys
