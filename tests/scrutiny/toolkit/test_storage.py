"""Files are kept whole or not at all."""

import errno
import os
from unittest import mock

import pytest
from django.core.files.base import ContentFile, File

from scrutiny.toolkit.storage import WholeFiles


class BrokenOff(File):
    """The disk is full after the first piece."""

    def chunks(self, chunk_size=None):
        yield b"the first piece"
        raise OSError(errno.ENOSPC, "No space left on device")


@pytest.fixture
def storage(tmp_path):
    return WholeFiles(location=tmp_path)


def files_in(place):
    return [name for _, _, names in os.walk(place) for name in names]


def test_a_file_is_kept_under_its_name(storage, tmp_path):
    assert storage.save("evidence/a.txt", ContentFile(b"words")) == "evidence/a.txt"
    assert files_in(tmp_path) == ["a.txt"]
    assert storage.open("evidence/a.txt").read() == b"words"


def test_a_second_file_of_the_same_name_gets_another(storage, tmp_path):
    names = [storage.save("a.txt", ContentFile(content)) for content in (b"one", b"two")]
    assert [storage.open(name).read() for name in names] == [b"one", b"two"]


def test_of_a_file_that_was_broken_off_nothing_is_left(storage, tmp_path):
    with pytest.raises(OSError, match="No space left"):
        storage.save("evidence/a.txt", BrokenOff(None, name="a.txt"))
    assert files_in(tmp_path) == []


def test_of_a_file_that_the_disk_did_not_take_nothing_is_left(storage, tmp_path):
    failing = mock.patch("os.fsync", side_effect=OSError(errno.ENOSPC, "No space left on device"))
    with failing, pytest.raises(OSError, match="No space left"):
        storage.save("evidence/a.txt", ContentFile(b"words"))
    assert files_in(tmp_path) == []


def test_the_content_is_on_the_disk_before_the_file_has_its_name(storage, tmp_path):
    seen = []
    with mock.patch("os.fsync", side_effect=lambda handle: seen.append(files_in(tmp_path))):
        storage.save("a.txt", ContentFile(b"words"))
    assert seen[0] != ["a.txt"]
    assert seen[-1] == ["a.txt"]
