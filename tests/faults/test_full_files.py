"""F8 for files: where the disk is full, there is neither half a file nor a record of one, and the text is kept."""

import errno
import os
from unittest import mock

import pytest
from django.conf import settings
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from actions.models import Evidence, ProgressUpdate
from tests.faults.disks import full, small_disk

TEXT = "Half of the training is done."
ENOUGH = 3 * 1024 * 1024


@pytest.fixture
def officer(olivia):
    client = Client(headers={"origin": "http://testserver"}, raise_request_exception=False)
    client.force_login(olivia)
    return client


def files():
    return [name for _, _, names in os.walk(default_storage.location) for name in names]


def record(officer, element):
    sent = {
        "text": TEXT,
        "owner_progress": "in_progress",
        "reported_by": "Service manager",
        "on_behalf_of": element.action.addressee_id,
        "received_on_day": "3",
        "received_on_month": "6",
        "received_on_year": "2024",
        "source": "By e-mail",
        "evidence-title": "The register",
        "evidence-grade": "E3",
        "evidence-file": SimpleUploadedFile("register.txt", b"x" * ENOUGH),
    }
    return officer.post(reverse("element-progress", args=[element.pk]), sent)


def assert_nothing_was_kept(answer):
    assert answer.status_code == 503
    assert "There is no room left" in answer.content.decode()
    assert TEXT in answer.content.decode()
    assert not ProgressUpdate.objects.exists()
    assert not Evidence.objects.exists()


def test_f8_a_file_that_finds_no_room_is_not_kept_in_part(officer, ask, settings, tmp_path):
    settings.STORAGES = stored_in(tmp_path)
    with mock.patch("os.fsync", side_effect=OSError(errno.ENOSPC, "No space left on device")):
        answer = record(officer, ask.elements[0])
    assert_nothing_was_kept(answer)
    assert files() == []
    assert record(officer, ask.elements[0]).status_code == 302
    assert len(files()) == 1


@pytest.mark.verify
def test_f8_the_disk_of_the_files_is_really_full(officer, ask, settings, tmp_path):
    settings.STORAGES = stored_in(tmp_path / "disk")
    with small_disk(tmp_path / "disk", 8) as place:
        with full(place):
            assert_nothing_was_kept(record(officer, ask.elements[0]))
            assert files() == ["ballast"]
        assert record(officer, ask.elements[0]).status_code == 302
        assert len(files()) == 1


def stored_in(place):
    return settings.STORAGES | {"default": settings.STORAGES["default"] | {"OPTIONS": {"location": place}}}
