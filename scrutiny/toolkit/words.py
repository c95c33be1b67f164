"""Numbers in sentences."""


def many(number, noun, plural=""):
    """The noun as it stands after a number: "element" after 1, "elements" after any other."""
    return noun if number == 1 else plural or f"{noun}s"


def counted(number, noun, plural=""):
    """1 element, 3 elements; a plural of another kind is given."""
    return f"{number} {many(number, noun, plural)}"
