"""What stands in every answer, and what a strict policy would refuse to run (safety notes W1, W2)."""

import re

EXPECTED = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
NEEDED = {"default-src": "'none'", "base-uri": "'none'", "frame-ancestors": "'none'"}
MAY_ADD = {"font-src", "object-src", "worker-src"}  # would only widen what default-src refuses


def faults(answer, kept=False):
    """Sentences about the headers of an answer; `kept` for public static files, which browsers may keep."""
    found = [
        f"{name}: {answer.headers.get(name)}"
        for name, value in EXPECTED.items()
        if answer.headers.get(name) != value and not (kept and name == "Cache-Control")
    ]
    policy = answer.headers.get("Content-Security-Policy", "")
    rules = dict(rule.partition(" ")[::2] for rule in policy.split("; "))
    found += [f"{name}: {rules.get(name)}" for name, value in NEEDED.items() if rules.get(name) != value]
    if rules.get("form-action") not in ("'self'", "'none'"):
        found.append(f"form-action: {rules.get('form-action')}")
    if "unsafe" in policy or "*" in policy or "data:" in policy or MAY_ADD & rules.keys():
        found.append(policy)
    if "camera=()" not in answer.headers.get("Permissions-Policy", ""):
        found.append("no Permissions-Policy")
    return found


INLINE = re.compile(
    r"""<style\b|<script(?![^>]*\ssrc=)[^>]*>|<[a-z][^<>]*\s(?:style|on[a-z]+)\s*=|=\s*["']?\s*javascript:""",
    re.IGNORECASE,
)


def inline(answer):
    """Scripts, styles and handlers that stand in a page itself. Text of people is escaped, so it opens no tag."""
    is_page = not answer.streaming and answer.headers.get("Content-Type", "").startswith("text/html")
    return INLINE.findall(answer.content.decode()) if is_page else []
