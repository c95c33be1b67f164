import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

STATIC = Path(settings.BASE_DIR) / "static"
NOT_OURS = re.compile(r"GDS Transport|crest|crown|@font-face|/assets/", re.IGNORECASE)
SERVED = sorted(path for path in STATIC.rglob("*") if path.suffix in (".css", ".js", ".svg"))


@pytest.mark.parametrize("path", SERVED, ids=lambda path: path.name)
def test_nothing_served_shows_what_a_council_may_not_use(path):
    assert not NOT_OURS.search(path.read_text())


def test_no_pictures_or_fonts_of_the_design_systems_are_here():
    found = {path.relative_to(STATIC).as_posix() for path in STATIC.rglob("*") if path.is_file()}
    assert not [name for name in found if re.search(r"\.(woff2?|ico|png|jpe?g)$", name)]


def test_the_licences_of_vendored_files_are_here():
    licences = (STATIC / "vendor" / "LICENCES.txt").read_text()
    assert "govuk-frontend" in licences
    assert "@ministryofjustice/frontend" in licences
    assert len(re.findall("^Copyright ", licences, re.MULTILINE)) == 2


def test_imports_end_with_a_semicolon_so_that_they_can_be_renamed():
    for path in STATIC.glob("*.js"):
        imports = [line for line in path.read_text().splitlines() if line.startswith("import")]
        assert all(line.endswith(";") for line in imports)


def test_every_file_that_a_stylesheet_names_is_there(settings, tmp_path):
    settings.STATIC_ROOT = tmp_path
    storage = {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"}
    settings.STORAGES = settings.STORAGES | {"staticfiles": storage}
    call_command("collectstatic", interactive=False, verbosity=0)
    assert (tmp_path / "staticfiles.json").exists()
