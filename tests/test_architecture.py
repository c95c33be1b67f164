"""Imports point down only (design 4): toolkit, the Board's record, reports, actions, overview, from floor to roof."""

import ast
import re
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
APPS = ("scrutiny", "reviews", "actions")
ROOMS = [  # from floor to roof
    *("scrutiny.toolkit", "scrutiny", "reviews", "actions"),
    *("scrutiny.overview", "scrutiny.governance"),
]
ENTRY_POINTS = re.compile(
    r"scrutiny\.(urls|settings|wsgi)|manage|.+\.management\.commands\..+|.+\.migrations(\..+)?"
)
BY_NAME = {"import_module", "import_string", "get_model", "get_app_config", "__import__"}
RELATIONS = {"ForeignKey", "OneToOneField", "ManyToManyField"}
DOTTED = re.compile(rf"({'|'.join(APPS)})(\.\w+)+")
USES_DJANGO = {"proposal", "divide", "save", "forms", "uploads", "views"}


def modules():
    """{dotted name: source} of all our modules."""
    paths = [path for app in APPS for path in (ROOT / app).rglob("*.py")]
    return {name_of(path.relative_to(ROOT)): path.read_text() for path in paths}


def name_of(path):
    parts = path.with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def floor_of(name):
    """How high a module stands; None for what is not ours."""
    rooms = [room for room in ROOMS if name == room or name.startswith(f"{room}.")]
    return ROOMS.index(max(rooms, key=len)) if rooms else None


def imported(source, module, is_package=False):
    """(line, dotted name) of everything a source imports, wherever in it, and of what it loads by a name."""
    package = module if is_package else module.rpartition(".")[0]
    tree = ast.parse(source)
    allowed = related_names(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = absolute(node, package)
            yield from ((node.lineno, f"{base}.{alias.name}") for alias in node.names)
        elif isinstance(node, ast.Call) and called(node) in BY_NAME:
            words = [argument.value for argument in node.args if is_text(argument)]
            yield from ((node.lineno, ".".join(words[:2])) for _ in words[:1])
        elif is_text(node) and node not in allowed and DOTTED.fullmatch(node.value):
            yield node.lineno, node.value


def related_names(tree):
    """The strings by which relations name a model of another app: the one thing that may point up."""
    return {
        node.args[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and called(node) in RELATIONS and node.args
    }


def absolute(node, package):
    """`from ..b import c` inside a.x.y is about a.b."""
    if not node.level:
        return node.module
    above = package.split(".")[: len(package.split(".")) - node.level + 1]
    return ".".join([*above, *([node.module] if node.module else [])])


def called(node):
    return getattr(node.func, "attr", getattr(node.func, "id", ""))


def is_text(node):
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def pointing_up(source, module, is_package=False):
    """Sentences about what `module` imports from a room above its own."""
    here = floor_of(module)
    return [
        f"{module}:{line} names {name}"
        for line, name in sorted(set(imported(source, module, is_package)))
        if (there := floor_of(name)) is not None and there > here
    ]


def from_django_side(source, module):
    """Sentences about what a part of the reader imports from Django or from our side of it."""
    pure = re.compile(rf"actions\.minutes(\.(?!({'|'.join(USES_DJANGO)})\b).*)?")
    return [
        f"{module}:{line} names {name}"
        for line, name in sorted(set(imported(source, module)))
        if name.partition(".")[0] in ("django", *APPS) and not pure.fullmatch(name)
    ]


MODULES = modules()
INSIDE = sorted(name for name in MODULES if not ENTRY_POINTS.fullmatch(name))
READER = sorted(
    name
    for name in MODULES
    if name.startswith("actions.minutes.") and name.rpartition(".")[2] not in USES_DJANGO
)


def is_package(module):
    return (ROOT / module.replace(".", "/") / "__init__.py").exists()


@pytest.mark.parametrize("module", INSIDE)
def test_imports_point_down_only(module):
    assert pointing_up(MODULES[module], module, is_package(module)) == []


@pytest.mark.parametrize("module", READER)
def test_the_reader_of_minutes_knows_no_django(module):
    assert from_django_side(MODULES[module], module) == []


@pytest.mark.parametrize("room", ROOMS)
def test_every_room_has_modules_to_check(room):
    assert sum(floor_of(name) == ROOMS.index(room) for name in INSIDE) >= 4


def test_the_reader_has_modules_to_check():
    assert {"actions.minutes.reader", "actions.minutes.text", "actions.minutes.dates"} <= set(READER)


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("scrutiny.toolkit.forms", "from scrutiny.models import Board"),
        ("scrutiny.toolkit.forms", "import scrutiny.roles"),
        ("scrutiny.toolkit.forms", "from ..models import Board"),
        ("scrutiny.toolkit.forms", "from .. import roles"),
        (
            "scrutiny.models.boards",
            "def late(board):\n    from actions.models import Element\n    return Element",
        ),
        (
            "scrutiny.models.boards",
            "class A:\n    def f(self):\n        if self:\n            import actions.models",
        ),
        ("scrutiny.views", "from scrutiny import overview"),
        ("scrutiny.views", "from .overview.dashboard import needs"),
        ("scrutiny.views", "import importlib\nimportlib.import_module('actions.models')"),
        ("scrutiny.views", "__import__('actions')"),
        ("scrutiny.views", "from django.apps import apps\napps.get_model('actions', 'Action')"),
        ("scrutiny.views", "apps.get_model('actions.Action')"),
        ("scrutiny.views", "load = 'actions.services.judge'"),
        ("reviews.models.reports", "try:\n    from actions import models\nexcept ImportError:\n    pass"),
        ("actions.services", "from scrutiny.overview.views import Home"),
        ("actions.minutes.views", "import scrutiny.overview.dashboard as d"),
        ("reviews.forms", "if TYPE_CHECKING:\n    from actions.models import Action"),
    ],
)
def test_a_planted_import_of_a_room_above_is_found(module, source):
    assert len(pointing_up(source, module)) == 1


def test_a_relative_import_in_a_package_is_read_from_the_package():
    assert pointing_up("from .overview import views", "scrutiny", is_package=True)


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("actions.services", "from scrutiny.toolkit.history import record"),
        ("actions.services", "from scrutiny.models import Board"),
        ("actions.services", "from actions.minutes import save"),
        ("scrutiny.overview.views", "from actions.models import Action\nfrom . import dashboard"),
        ("scrutiny.models.boards", "from .people import Person\nimport django\nimport actionslog"),
        ("scrutiny.models.boards", "board = models.ForeignKey('actions.Action', on_delete=models.PROTECT)"),
        (
            "scrutiny.views",
            "title = 'actions'\nsentence = 'Some actions. And more.'\ntemplate = 'actions/a.html'",
        ),
    ],
)
def test_an_import_of_the_same_room_or_one_below_is_allowed(module, source):
    assert pointing_up(source, module) == []


@pytest.mark.parametrize(
    "source",
    [
        "from django.conf import settings",
        "def f():\n    import django.utils.timezone",
        "from actions.models import Action",
        "from scrutiny.models import Person",
        "from actions.minutes.proposal import propose",
        "from actions.minutes import save",
        "from .views import digest_of",
    ],
)
def test_a_planted_import_of_django_in_the_reader_is_found(source):
    assert len(from_django_side(source, "actions.minutes.reader")) == 1


@pytest.mark.parametrize(
    "source", ["import re", "from actions.minutes.text import normalise", "from .dates import x"]
)
def test_the_reader_may_import_python_and_its_own_parts(source):
    assert from_django_side(source, "actions.minutes.reader") == []
