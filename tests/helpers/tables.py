"""The tables that a benchmark prints, read."""


def cells(line):
    return [cell.strip() for cell in line.strip("|").split("|")]


def tables(text):
    """Return the tables in a text, each a list of rows by heading."""
    blocks = [block.splitlines() for block in text.split("\n\n") if block.startswith("|")]
    return [[dict(zip(cells(block[0]), cells(line), strict=True)) for line in block[2:]] for block in blocks]
