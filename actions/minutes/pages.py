"""Web pages → text: without navigation, with the signs and numbers of lists."""

import re

from actions.minutes.vocabulary import words

DROPPED = words("""
    script style noscript template nav header footer aside svg iframe object select button head
""")
DROPPED_ROLES = {"navigation", "banner", "contentinfo", "search", "complementary"}
BLOCKS = set(
    words("""
    p div section article table tbody thead tr ul ol li dl dt dd h1 h2 h3 h4 h5 h6 blockquote pre form
    fieldset main figure caption hr address body
""")
)
APART = set(words("p table ul ol h1 h2 h3 h4 h5 h6 blockquote pre dl"))
# Where ModernGov and other council pages keep their content.
CONTENT = [
    {"id": "modgov"},
    {"id": "mgContent"},
    {"class_": "mgContent"},
    {"id": "mainContent"},
    {"role": "main"},
]


def html_text(html: str) -> str:
    from bs4 import BeautifulSoup

    soup = BeautifulSoup(html, "html.parser")
    for tag in soup.find_all(
        lambda tag: tag.name in DROPPED or tag.get("role") in DROPPED_ROLES or tag.has_attr("hidden")
    ):
        if not tag.decomposed:
            tag.decompose()
    for place in [*CONTENT, {"name": "main"}, {"name": "article"}]:
        found = soup.find(**place)
        if found and len(found.get_text(strip=True)) > 200:
            return _walk(found)
    return _walk(soup)


def _walk(root):
    """The tree as lines, without recursion: a page may be nested deeper than Python's stack."""
    from bs4 import Comment, NavigableString, Tag
    from bs4.element import PreformattedString

    out, stack = _Lines(), [(root, False)]
    while stack:
        node, leaving = stack.pop()
        if isinstance(node, Tag):
            if leaving:
                out.leave(node)
            else:
                out.enter(node)
                stack.append((node, True))
                stack.extend((child, False) for child in reversed(node.contents))
        elif isinstance(node, NavigableString) and not isinstance(node, (Comment, PreformattedString)):
            out.add(str(node))
    return out.text()


class _Lines:
    def __init__(self):
        self.lines, self.line, self.counts = [], "", {}

    def enter(self, tag):
        if tag.name == "br":
            self._break()
        elif tag.name in ("td", "th"):
            self.line += "\t" if self.line.strip() else ""
        elif tag.name in BLOCKS and not (self._is_marker() and tag.name in ("p", "div")):
            self._break(apart=tag.name in APART)
        if tag.name == "li":
            self.line = self._marker(tag) + " "

    def leave(self, tag):
        if tag.name in BLOCKS:
            self._break(apart=tag.name in APART)

    def add(self, words):
        words = re.sub(r"[ \t\r\n\f]+", " ", words)
        self.line += words if self.line and not self.line.endswith((" ", "\t")) else words.lstrip(" ")

    def text(self):
        self._break()
        return re.sub(r"\n{3,}", "\n\n", "\n".join(self.lines)).strip("\n")

    def _break(self, apart=False):
        if self.line.strip():
            self.lines.append(self.line.strip(" \t"))
        self.line = ""
        if apart and self.lines and self.lines[-1]:
            self.lines.append("")

    def _is_marker(self):
        return bool(re.fullmatch(r"(?:[·•]|\(?\w{1,4}[.)])\s*", self.line))

    def _marker(self, item):
        parent = item.find_parent(["ol", "ul"])
        if parent is None or parent.name == "ul":
            return "•"
        before = self.counts.get(id(parent), _whole(parent.get("start"), 1) - 1)
        number = self.counts[id(parent)] = _whole(item.get("value"), before + 1)
        return _numeral(number, parent.get("type", "1")) + "."


def _whole(value, otherwise):
    return int(value) if value and re.fullmatch(r"\d{1,4}", value.strip()) else otherwise


def _numeral(number, kind):
    if kind in ("a", "A") and 1 <= number <= 26:
        return chr(ord(kind) + number - 1)
    if kind in ("i", "I") and 1 <= number <= 30:
        tens, units = divmod(number, 10)
        roman = "x" * tens + ("" if not units else words("i ii iii iv v vi vii viii ix")[units - 1])
        return roman if kind == "i" else roman.upper()
    return str(number)
