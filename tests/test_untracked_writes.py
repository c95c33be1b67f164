"""No write goes past the history: each way of writing that simple-history does not see is looked for in our code."""

import ast
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
UNTRACKED_MODELS = {
    *("Entry", "Event", "FormReceipt", "Message", "MinutesImport", "Tally", "TrackerImport"),
    *("Seal", "SealedBlock"),
    *("DataProblem", "DataProblemEnd"),
    *("Disposal", "DisposalItem", "DisposalStep", "DisposedRow", "LegalHold", "LegalHoldEnd"),
    *("RedactedRow", "Redaction", "RedactionPassage", "RedactionStep"),
}
UNTRACKED_FILES = {
    "scrutiny/toolkit/append_only.py",  # triggers
    "scrutiny/toolkit/kept.py",  # asks what Django wrote down, and writes nothing
    "scrutiny/toolkit/limits.py",  # counts what is costly, in the table of the cache
    "scrutiny/toolkit/receipts.py",  # forms sent twice: no part of the record
    "scrutiny/toolkit/redacting.py",  # takes words out of histories, as two people decided
    "scrutiny/overview/bench/bulk.py",  # a million made-up rows for measuring, with the history it writes itself
    "scrutiny/management/commands/bench_data.py",  # tells the database to count them
    "scrutiny/management/commands/database_roles.py",  # rights of accounts
    "actions/counting.py",  # triggers
    "actions/tallies.py",  # sums that can be reckoned again; asks for one moment to read them in
    "actions/inherited.py",  # what an element takes over from its action, whose history tells of it
    "scrutiny/toolkit/durability.py",  # asks the server how it is set up
    "scrutiny/toolkit/replicas.py",  # asks the servers how far they are
}

IN_BULK = {
    "bulk_create",
    "bulk_update",
    "abulk_create",
    "abulk_update",
    "update_or_create",
    "aupdate_or_create",
}
UPDATES = {"update", "aupdate"}
PAST_THE_HISTORY = {"_raw_delete", "skip_history_when_saving", "save_without_historical_record"}
OF_QUERYSETS = (
    ".objects",
    ".filter(",
    ".all(",
    ".exclude(",
    "_base_manager",
    "_default_manager",
    ".visible_to(",
)
KINDS_OF_QUERYSET = ("QuerySet", "Manager")


def sources():
    paths = [path for app in ("scrutiny", "reviews", "actions") for path in (ROOT / app).rglob("*.py")]
    return sorted(path.relative_to(ROOT).as_posix() for path in paths if "migrations" not in path.parts)


def violations(source, name):
    """["file:line: what"] for each write in a source that leaves no history."""
    if name in UNTRACKED_FILES:
        return []
    tree = ast.parse(source)
    found = [(node.lineno, what) for node in ast.walk(tree) if (what := of_any_node(node))]
    for scope in ast.walk(tree):
        if isinstance(scope, ast.Module | ast.FunctionDef | ast.AsyncFunctionDef):
            known = querysets_in(scope)
            found += [(call.lineno, what) for call in calls_in(scope) if (what := of_call(call, known))]
    found += [
        (call.lineno, "update on itself") for call in calls_inside_querysets(tree) if is_on_itself(call)
    ]
    return [f"{name}:{line}: {what}" for line, what in sorted(set(found))]


def of_any_node(node):
    names = {getattr(node, "attr", None), getattr(node, "id", None), getattr(node, "value", None)}
    names = {each for each in names if isinstance(each, str)}
    return next(iter(sorted(names & PAST_THE_HISTORY)), "")


def of_call(call, known):
    """What is wrong with a call on something; `known` are the names that hold querysets."""
    if not isinstance(call.func, ast.Attribute):
        return ""
    method, receiver = call.func.attr, ast.unparse(call.func.value)
    if receiver.split(".")[0] in UNTRACKED_MODELS:
        return ""
    if method in ("save", "asave") and any(keyword.arg == "update_fields" for keyword in call.keywords):
        return "save(update_fields=...)"
    if method in ("execute", "executemany") and "cursor" in receiver:
        return "raw SQL"
    if method in IN_BULK:
        return method
    is_queryset = receiver in known or any(sign in receiver for sign in OF_QUERYSETS)
    return "update on a queryset" if method in UPDATES and is_queryset else ""


def calls_in(scope):
    """Calls in the scope itself, and in what stands inside it unless that is a function of its own."""
    waiting = list(ast.iter_child_nodes(scope))
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Call):
            yield node
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            waiting.extend(ast.iter_child_nodes(node))


def querysets_in(scope):
    """The names that a scope annotates or assigns as querysets."""
    known = set()
    arguments = getattr(scope, "args", None)
    for argument in [*arguments.args, *arguments.kwonlyargs] if arguments else []:
        if argument.annotation and any(
            kind in ast.unparse(argument.annotation) for kind in KINDS_OF_QUERYSET
        ):
            known.add(argument.arg)
        if argument.arg in ("queryset", "qs"):
            known.add(argument.arg)
    for node in ast.walk(scope):
        value, targets = assigned(node)
        if value is None:
            continue
        text = ast.unparse(value)
        note = getattr(node, "annotation", None)
        is_queryset = any(sign in text for sign in OF_QUERYSETS) and not ends_a_queryset(value)
        if is_queryset or (note and any(kind in ast.unparse(note) for kind in KINDS_OF_QUERYSET)):
            known |= {ast.unparse(target) for target in targets}
    return known


def assigned(node):
    if isinstance(node, ast.Assign):
        return node.value, node.targets
    if isinstance(node, ast.AnnAssign) and node.value is not None:
        return node.value, [node.target]
    if isinstance(node, ast.NamedExpr):
        return node.value, [node.target]
    return None, []


def ends_a_queryset(value):
    """True where an expression only holds a queryset somewhere inside: a dict, a list, a count, one row."""
    ends = {"get", "first", "last", "count", "exists", "aggregate", "in_bulk", "create"}
    is_call = isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute)
    return (not is_call and not isinstance(value, ast.Attribute)) or (is_call and value.func.attr in ends)


def calls_inside_querysets(tree):
    for scope in ast.walk(tree):
        bases = [ast.unparse(base) for base in getattr(scope, "bases", [])]
        if any(base.endswith(KINDS_OF_QUERYSET) for base in bases):
            yield from (node for node in ast.walk(scope) if isinstance(node, ast.Call))


def is_on_itself(call):
    on = ast.unparse(call.func.value) if isinstance(call.func, ast.Attribute) else ""
    return on.split("(")[0].split(".")[0] in ("self", "super") and call.func.attr in UPDATES


@pytest.mark.parametrize("name", sources())
def test_no_write_goes_past_the_history(name):
    assert violations((ROOT / name).read_text(), name) == []


def test_only_models_without_history_are_let_off():
    found = {model.__name__: model for model in apps.get_models() if model.__name__ in UNTRACKED_MODELS}
    assert set(found) == UNTRACKED_MODELS
    assert not any(hasattr(model, "history") for model in found.values())


@pytest.mark.parametrize(
    "source",
    [
        "Action.objects.update(title='x')",
        "Action.objects.filter(pk=1).update(title='x')",
        "board.actions.all().update(closed_on=None)",
        "board.actions.exclude(pk=1).order_by('pk').update(closed_on=None)",
        "def f():\n    late = Element.objects.late(today)\n    late.update(number=1)",
        "def f(rows: QuerySet):\n    rows.update(number=1)",
        "def f(queryset):\n    queryset.update(number=1)",
        "def f():\n    rows: models.QuerySet = somewhere()\n    rows.update(number=1)",
        "def f():\n    if (rows := board.actions.filter(a=1)):\n        rows.update(number=1)",
        "class A:\n    def f(self):\n        self.rows = Action.objects.all()\n        self.rows.update(number=1)",
        "class ElementQuerySet(models.QuerySet):\n    def close(self):\n        return self.update(closed_on=None)",
        "class BQuerySet(Part):\n    pass\nclass B(BQuerySet):\n    def f(self):\n        super().update(a=1)",
        "Action.objects.bulk_create(rows)",
        "rows.bulk_update(found, ['a'])",
        "manager.update_or_create(pk=1)",
        "action.save(update_fields=['title'])",
        "action.skip_history_when_saving = True",
        "setattr(action, 'skip_history_when_saving', True)",
        "action.save_without_historical_record()",
        "rows._raw_delete(using)",
        "with connection.cursor() as cursor:\n    cursor.execute('UPDATE actions_action SET number = 1')",
        "connection.cursor().executemany('DELETE FROM a', [])",
    ],
)
def test_a_planted_write_past_the_history_is_found(source):
    assert len(violations(source, "planted.py")) == 1


def test_a_violation_names_its_file_and_line():
    assert violations("a = 1\nAction.objects.update(b=1)", "x/y.py") == ["x/y.py:2: update on a queryset"]


@pytest.mark.parametrize(
    "source",
    [
        "values = {}\nvalues.update(a=1)",
        "context = super().get_context_data()\ncontext.update(title='x')",
        "digest.update(chunk)",
        "def f():\n    names = {p.pk: p for p in Person.objects.filter(a=1)}\n    names.update(b=1)",
        "def f():\n    known = dict(Person.objects.all().values_list('a', 'b'))\n    known.update(b=1)",
        "class Row(dict):\n    def f(self):\n        self.update(a=1)",
        "FormReceipt.objects.filter(pk=1).update(location='x')",
        "MinutesImport.objects.bulk_create(rows)",
        "action.save()",
        "action.save(force_insert=True)",
        "executor.execute(plan)",
    ],
)
def test_what_only_looks_like_such_a_write_is_let_through(source):
    assert violations(source, "planted.py") == []


def test_the_receipts_of_forms_may_be_written_in_any_way():
    assert violations("rows.bulk_create([])", "scrutiny/toolkit/receipts.py") == []
