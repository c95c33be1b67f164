"""What is costly, and how often one person, link or address may ask for it: a table, kept by one middleware.

A request that is over a limit is answered before its view and its transaction begin.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.deprecation import MiddlewareMixin

from scrutiny import events
from scrutiny.toolkit.errors import held
from scrutiny.toolkit.limits import DAY, HOUR, MINUTE, Limit, client_address, in_words, spend

MEGABYTE = 1024 * 1024


def person(request):
    user = getattr(request, "user", None)
    return user.pk if user and user.is_authenticated else client_address(request)


def link_and_address(request):
    return request.resolver_match.kwargs["token"], client_address(request)


def one(request):
    return 1


def size(request):
    return sum(file.size for _, sent in request.FILES.lists() for file in sent)


def is_export(request):
    return request.GET.get("format", "") != ""


def is_search(request):
    return request.GET.get("q", "").strip() != ""


def is_sent(request):
    return request.method == "POST"


def has_files(request):
    return is_sent(request) and bool(request.FILES)


def always(request):
    return True


@dataclass(frozen=True)
class Rule:
    """`pages` are URL names, none for every page; `amount` is how much of the limit one request takes."""

    what: str
    limit: Limit
    pages: frozenset = frozenset()
    when: Callable = always
    who: Callable = person
    amount: Callable = one

    def applies_to(self, request):
        return (not self.pages or request.resolver_match.url_name in self.pages) and self.when(request)


ANSWERING = frozenset({"round-answer"})
READING = frozenset({"import-add", "tracker-import-add"})

RULES = [
    Rule("searches", Limit(120, MINUTE), frozenset({"search"}), is_search),
    Rule("lists and papers taken out", Limit(120, HOUR), when=is_export),
    Rule("letters", Limit(120, HOUR), frozenset({"action-letter"})),
    Rule("files read", Limit(60, HOUR), READING, is_sent),
    Rule("new links", Limit(60, HOUR), frozenset({"request-renew", "request-link"}), is_sent),
    Rule("openings of a link", Limit(300, HOUR), ANSWERING, who=link_and_address),
    Rule("openings of links", Limit(1200, HOUR), ANSWERING, who=client_address),
    Rule("readings of a calendar", Limit(120, HOUR), frozenset({"calendar-feed"}), who=link_and_address),
    Rule("files sent", Limit(300, DAY), when=has_files),
    Rule("bytes sent", Limit(1000 * MEGABYTE, DAY), when=has_files, amount=size),
]


class Limits(MiddlewareMixin):
    def process_view(self, request, view, args, kwargs):
        for rule in RULES:
            if rule.applies_to(request):
                spent = spend(rule.what, rule.who(request), rule.limit, rule.amount(request))
                if spent.wait:
                    return wait(request, rule, spent)
        return None


def wait(request, rule, spent):
    """429, with what was typed. The log tells of it once, not of every try after it."""
    if spent.is_first_over:
        events.log_reading("limited", request=request, detail=rule.what)
    typed = " This has not been saved, and nothing you typed is lost." if is_sent(request) else ""
    response = held(
        request,
        title="Wait a little",
        sentence=f"There were too many {rule.what} in a short time.{typed} Try again in {in_words(spent.wait)}.",
        status=429,
        send=is_sent(request),
    )
    response.headers["Retry-After"] = str(spent.wait)
    return response
