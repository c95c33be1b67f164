"""Files that were sent are kept whole or not at all."""

import os
import uuid

from django.core.files.storage import FileSystemStorage


class WholeFiles(FileSystemStorage):
    """A file gets its name once its content is safe on the disk, so that a record never names half a file."""

    def _save(self, name, content):
        part = f"{name}.{uuid.uuid4().hex}.part"
        try:
            super()._save(part, content)
            sync(self.path(part))
            os.replace(self.path(part), self.path(name))
            sync(os.path.dirname(self.path(name)))
        except BaseException:
            self.delete(part)
            raise
        return name


def sync(path):
    """Comes back once the disk holds the file, or the list of a directory's files."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
