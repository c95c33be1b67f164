"""The budgets: what each page may take, and whether it does."""

from dataclasses import dataclass
from statistics import median

LISTS = {  # name: URL name and query
    "actions, first page": ("action-list", ""),
    "actions, page 40": ("action-list", "?page=40"),
    "actions, open": ("action-list", "?state=open"),
    "actions, late": ("action-list", "?state=late"),
    "actions, closed": ("action-list", "?state=closed"),
    "actions of a board": ("action-list", "?board={board}"),
    "actions of a board, open": ("action-list", "?board={board}&state=open"),
    "actions of a year": ("action-list", "?year={year}"),
    "actions of an addressee": ("action-list", "?addressee={addressee}"),
    "actions with words": ("action-list", "?q=domestic"),
    "actions by reference": ("action-list", "?sort=reference"),
    "actions by addressee": ("action-list", "?sort=addressee"),
    "actions, last due first": ("action-list", "?sort=-due"),
    "elements, first page": ("element-list", ""),
    "elements, page 40": ("element-list", "?page=40"),
    "elements, late": ("element-list", "?timing=late"),
    "elements, answered": ("element-list", "?timing=answered"),
    "elements, open": ("element-list", "?state=open"),
    "elements, silent": ("element-list", "?state=silent"),
    "elements of a board": ("element-list", "?board={board}"),
    "elements with words": ("element-list", "?q=domestic"),
    "elements by last word": ("element-list", "?sort=-word"),
    "elements by reference": ("element-list", "?sort=reference"),
}


@dataclass(frozen=True)
class Budget:
    """Of one job, at the larger size. Times are medians.

    bare      times our page without content
    growth    times the same job at the smaller size
    queries   statements sent, the same number at both sizes
    reads     those that read, without those that tell who asks: an export is also counted and told, two writes
    seconds   for work that is not a page
    against   (factor, job, job added): at most factor x job + job added
    memory    MB more than before
    """

    bare: float | None = None
    growth: float | None = None
    queries: int | None = None
    reads: int | None = None
    seconds: float | None = None
    against: tuple = ()
    memory: float | None = None


A_LIST = Budget(bare=5, growth=1.3, queries=8)
# What holds a word grows with what there is, as in the search, whose growth this is.
FOR_WORDS = Budget(bare=5, growth=2, queries=8)
ONE = Budget(bare=5, growth=1.2, queries=12)
DASHBOARD = Budget(bare=6, growth=1.5, queries=12)
SEARCH = Budget(bare=5, growth=2, queries=6)
BUDGETS = {
    **dict.fromkeys(LISTS, A_LIST),
    "actions with words": FOR_WORDS,
    "elements with words": FOR_WORDS,
    "actions, of a member": A_LIST,
    "one action": ONE,
    "one open action": ONE,
    "one element": ONE,
    "home of an officer": DASHBOARD,
    "home of a member": DASHBOARD,
    "board": DASHBOARD,
    "board of an officer": DASHBOARD,
    "search, common word": SEARCH,
    "search, rare words": SEARCH,
    "search, reference": SEARCH,
    "search of a member": SEARCH,
    "record progress": Budget(growth=1.2, queries=15),
    "record progress, slow disk": Budget(against=(2, "raw record, slow disk", "bare")),
    "CSV of all actions": Budget(against=(2.5, "raw CSV of all actions", None), memory=30, reads=1),
    "CSV of all elements": Budget(against=(2.5, "raw CSV of all elements", None), memory=30, reads=1),
    "tracker report": Budget(seconds=0.5),
    "tracker report, PDF": Budget(seconds=2),
    "tracker report, Word": Budget(seconds=2),
}
SLOW_DISK = 0.0067  # seconds to write a commit, where the budget for recording progress was set
MOST_ABOVE_EMPTY = 4  # ms by which our bare page may exceed a page of nothing


class Results:
    """{size: {job: [what each time took]}}"""

    def __init__(self, sizes):
        self.sizes, self.found = sorted(sizes), {size: {} for size in sizes}

    def add(self, size, job, answer):
        self.found[size].setdefault(job, []).append(answer)

    def ms(self, job, size=None):
        return median(answer["ms"] for answer in self.found[size or self.sizes[-1]][job])

    def queries(self, job, size=None):
        return max(answer["queries"] for answer in self.found[size or self.sizes[-1]][job])

    def reads(self, job, size=None):
        return max(answer["reads"] for answer in self.found[size or self.sizes[-1]][job])

    def mb(self, job):
        known = [answer["mb"] for answer in self.found[self.sizes[-1]][job] if answer["mb"] is not None]
        return max(known, default=None)

    def growth(self, job):
        return self.ms(job) / self.ms(job, self.sizes[0])


def judged(results, job):
    """[(what, figure, limit, held)] of one job."""
    budget, found = BUDGETS.get(job, Budget()), []

    def add(what, figure, limit):
        found.append((what, figure, limit, figure <= limit))

    if budget.bare:
        add("x bare", results.ms(job) / results.ms("bare"), budget.bare)
    if budget.growth and len(results.sizes) > 1:
        add("growth", results.growth(job), budget.growth)
    if budget.queries:
        add("queries", results.queries(job), budget.queries)
    if budget.reads:
        add("reads", results.reads(job) - results.reads("bare"), budget.reads)
    if (budget.queries or budget.reads) and len(results.sizes) > 1 and job != "record progress":
        add("queries more than at the smaller size", own_more(results, job), 0)
    if budget.seconds:
        add("seconds", results.ms(job) / 1000, budget.seconds)
    if budget.against:
        factor, other, added = budget.against
        limit = factor * results.ms(other) + (results.ms(added) if added else 0)
        add(f"ms, {factor} x {other}{f' + {added}' if added else ''}", results.ms(job), limit)
    if budget.memory and results.mb(job) is not None:
        add("MB more", results.mb(job), budget.memory)
    return found


def own_more(results, job):
    return results.queries(job) - results.queries(job, results.sizes[0])


def general(results):
    """What is asked of no single page."""
    above = results.ms("bare") - results.ms("empty")
    first = "actions, first page"
    return [
        ("bare page above a page of nothing, ms", above, MOST_ABOVE_EMPTY, above <= MOST_ABOVE_EMPTY),
        (
            "list of actions against the admin's, ms",
            results.ms(first),
            results.ms("admin list"),
            results.ms(first) <= results.ms("admin list"),
        ),
    ]
