"""Words in sentences: numbers before them, and text in one line."""


def many(number, noun, plural=""):
    """The noun as it stands after a number: "element" after 1, "elements" after any other."""
    return noun if number == 1 else plural or f"{noun}s"


def counted(number, noun, plural=""):
    """1 element, 3 elements; a plural of another kind is given."""
    return f"{number} {many(number, noun, plural)}"


def one_line(text):
    """The text in one line of what can be seen: no line break, no NUL, no gap of more than one space."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
