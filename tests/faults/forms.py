"""Fills the form of any page as somebody would, by what its boxes are."""

from bs4 import BeautifulSoup

WORDS = "Words that nobody is named in."
DAY = {"day": "3", "month": "6", "year": "2024"}


def form_of(page, url):
    """The form that sends to the page itself, None where there is none."""
    forms = BeautifulSoup(page, "html.parser").select("main form[method=post]")
    return next((form for form in forms if form.get("action", "") in ("", url, ".")), None)


def filled(form):
    """{name: value or values}: what stands in the boxes, and something where nothing does."""
    sent = {}
    for box in form.select("input[name], textarea[name]"):
        _fill_box(sent, box)
    for box in form.select("select[name]"):
        options = [option["value"] for option in box.select("option")]
        chosen = box.select_one("option[selected]")
        value = chosen["value"] if chosen else ""
        sent[box["name"]] = value or next(filter(None, options), "")
    return sent


def text_boxes(form):
    """The names of the boxes that words are typed into, the large ones first."""
    small = [box["name"] for box in form.select("input[name]") if box.get("type", "text") == "text"]
    dates = tuple(f"_{part}" for part in DAY)
    return [box["name"] for box in form.select("textarea[name]")] + [
        name for name in small if not name.endswith(dates)
    ]


def _fill_box(sent, box):
    name, kind = box["name"], box.get("type", "text")
    if kind in ("checkbox", "radio"):
        if box.has_attr("checked"):
            sent.setdefault(name, []).append(box.get("value", "on"))
        elif kind == "radio" and not _chosen(box):
            sent.setdefault(name, [box.get("value")])
    elif kind not in ("file", "submit"):
        value = box.get_text().removeprefix("\n") if box.name == "textarea" else box.get("value", "")
        part = name.rpartition("_")[2]
        sent[name] = value or ("" if kind == "hidden" else DAY.get(part, WORDS))


def _chosen(radio):
    return radio.find_parent("form").select_one(f"input[name='{radio['name']}'][checked]")
