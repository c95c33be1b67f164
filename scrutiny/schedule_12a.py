"""For what reasons the Board may keep something from the public: Schedule 12A, part 1, in our own short words (C.3)."""

PARAGRAPHS = {
    "1": "Information about any individual",
    "2": "Information likely to show who an individual is",
    "3": "Financial or business affairs of anybody, the council included",
    "4": "Consultations or negotiations about labour relations",
    "5": "Legal advice that is privileged in court",
    "6": "A notice, order or direction that is proposed",
    "7": "Preventing, investigating or prosecuting crime",
}
BY_RIGHT = {"3", "6"}  # what a councillor may see all the same (M-17)


def in_words(paragraphs):
    """ "3,6" → "paragraphs 3 and 6" """
    numbers = paragraphs.split(",")
    if len(numbers) == 1:
        return f"paragraph {numbers[0]}"
    return f"paragraphs {', '.join(numbers[:-1])} and {numbers[-1]}"
