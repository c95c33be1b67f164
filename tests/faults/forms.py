"""Fills the form of any page as somebody would, by what its boxes are."""

from bs4 import BeautifulSoup

WORDS = "Words."
DAY = {"day": "3", "month": "4", "year": "2024"}


def form_of(page, url):
    """The form that sends to the page itself, None where there is none."""
    forms = BeautifulSoup(page, "html.parser").select("main form[method=post]")
    return next((form for form in forms if form.get("action", "") in ("", url, ".")), None)


def filled(form, also=()):
    """{name: value or values}: what stands in the boxes, and something where it is needed or named in `also`."""
    sent = {}
    for box in form.select("input[name], textarea[name]"):
        kind = "textarea" if box.name == "textarea" else box.get("type", "text")
        if kind in ("checkbox", "radio"):
            _tick(sent, box)
        elif kind not in ("file", "submit"):
            sent[box["name"]] = value_of(box) or ("" if kind == "hidden" else _needed(box))
    for box in form.select("select[name]"):
        options = [option["value"] for option in box.select("option")]
        chosen = box.select_one("option[selected]")
        value = chosen["value"] if chosen else ""
        sent[box["name"]] = value or (
            "" if is_optional(box) and box["name"] not in also else next(filter(None, options), "")
        )
    return sent


def text_boxes(form):
    """The names of the boxes that words are typed into, the large ones first."""
    small = [box["name"] for box in form.select("input[name]") if box.get("type", "text") == "text"]
    dates = tuple(f"_{part}" for part in DAY)
    large = [box["name"] for box in form.select("textarea[name]")]
    return large + [name for name in small if not name.endswith(dates)]


def changed(form, name, value):
    """Other words for that box, in the room it has."""
    room = int(form.select_one(f"[name='{name}']").get("maxlength", 1000))
    return f"{value} Again."[-room:]


def value_of(box):
    return box.get_text().removeprefix("\n") if box.name == "textarea" else box.get("value", "")


def is_optional(box):
    label = box.find_parent("form").select_one(f"label[for='{box.get('id')}']")
    group = box.find_parent("fieldset")
    words = (label.get_text() if label else "") + (group.legend.get_text() if group and group.legend else "")
    return "optional" in words


def _needed(box):
    part = box["name"].rpartition("_")[2]
    return "" if is_optional(box) else DAY.get(part, WORDS)


def _tick(sent, box):
    """What is ticked, and the first that says anything where nothing is."""
    name, value = box["name"], box.get("value", "on")
    if box.has_attr("checked"):
        sent.setdefault(name, []).append(value)
    elif value and name not in sent and not _ticked(box):
        sent[name] = [value]


def _ticked(box):
    return box.find_parent("form").select_one(f"input[name='{box['name']}'][checked]:not([value=''])")
