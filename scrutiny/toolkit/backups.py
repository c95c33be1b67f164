"""One file with all that would have to be brought back: the database, and the files that people sent.

    manifest.json            what it is: see Manifest
    database                 the dump
    files/... imports/...    the folders of DATA_DIR

A backup is a zip file. It is checked to the last byte before anything is replaced.
"""

import hashlib
import json
import os
import shutil
import stat
import tempfile
import zipfile
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath

from scrutiny.toolkit.dumps import Refused

FORMAT = 1
MANIFEST, DATABASE = "manifest.json", "database"
FOLDERS = ("files", "imports")
LARGEST_MANIFEST = 64 * 1024 * 1024
CHUNK = 1024 * 1024


@dataclass(frozen=True)
class Manifest:
    """`members` says of each file in the backup how long it is and its SHA-256: {name: [bytes, hex]}."""

    format: int
    product: str
    made_at: str
    engine: str
    migrations: dict
    rows: dict
    members: dict


def write(directory, *, database, data_dir, product, now):
    """Makes a backup in `directory` and gives its path. Raises Refused; then nothing is left behind."""
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    target = directory / f"scrutiny-{now:%Y%m%d-%H%M%S}.backup"
    with tempfile.TemporaryDirectory(prefix=".backup-", dir=directory) as work:
        dump, made = Path(work, DATABASE), Path(work, target.name)
        facts = database.dump(dump)
        with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
            # The database first: a file that comes later is one too many, never one too few.
            members = {DATABASE: _add(archive, dump, DATABASE)}
            for folder in FOLDERS:
                members |= _add_folder(archive, data_dir, folder)
            manifest = Manifest(
                FORMAT, product, now.isoformat(), database.engine, facts.migrations, facts.rows, members
            )
            archive.writestr(MANIFEST, json.dumps(asdict(manifest), indent=1))
        made.chmod(0o600)
        check(made)
        _sync(made)
        os.replace(made, target)
        _sync(directory)
    return target


def check(path):
    """The Manifest of a backup, every byte of which was read and compared. Raises Refused."""
    with _opened(path) as (archive, manifest):
        for name in manifest.members:
            _compare(archive, manifest, name)
        return manifest


def restore(path, *, database, data_dir, known, now):
    """Puts a backup in the place of what is there, and gives the folder in which that is kept.

    `known` says of an app which migrations the code has. Raises Refused; then everything is as it was.
    """
    data_dir.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".restore-", dir=data_dir) as work, ExitStack() as replacing:
        staged = Path(work)
        with _opened(path) as (archive, manifest):
            fits(manifest, database.engine, known)
            for name in manifest.members:
                _compare(archive, manifest, name, into=staged)
        database.check(staged / DATABASE)
        aside = replacing.enter_context(_made(data_dir / f"before-restore-{now:%Y%m%d-%H%M%S}"))
        replacing.enter_context(database.replaced(staged / DATABASE, aside))
        if database.facts().rows != manifest.rows:
            raise Refused("The database in it does not hold the rows that its manifest says.")
        for folder in FOLDERS:
            replacing.enter_context(_swapped(staged / folder, data_dir / folder, aside / folder))
    return aside


def fits(manifest, engine, known):
    """Raises Refused if this product, as it is set up here, cannot take the backup."""
    if manifest.engine != engine:
        raise Refused(f"It was made of {manifest.engine}, and this site uses {engine}.")
    newer = [f"{app}.{name}" for app, name in manifest.migrations.items() if name not in known(app)]
    if newer:
        raise Refused(
            f"It was made by a newer version of the product ({manifest.product}): {', '.join(sorted(newer))} "
            "is not known here. Install that version first."
        )


def _add_folder(archive, data_dir, folder):
    found = {}
    for path in sorted((data_dir / folder).rglob("*")):
        name = path.relative_to(data_dir).as_posix()
        try:
            if path.is_file() and not path.is_symlink():
                found[name] = _add(archive, path, name)
        except (
            FileNotFoundError
        ):  # taken away meanwhile, such as the upload of minutes that were just confirmed
            continue
    return found


def _add(archive, path, name):
    digest, length = hashlib.sha256(), 0
    with path.open("rb") as source:
        info = zipfile.ZipInfo.from_file(path, name, strict_timestamps=False)
        info.compress_type = zipfile.ZIP_DEFLATED
        with archive.open(info, "w", force_zip64=True) as member:
            while chunk := source.read(CHUNK):
                member.write(chunk)
                digest.update(chunk)
                length += len(chunk)
    return [length, digest.hexdigest()]


@contextmanager
def _opened(path):
    """The archive and its manifest, with nothing in it but what the manifest names."""
    try:
        with zipfile.ZipFile(path) as archive:
            manifest = _manifest(archive)
            _check_names(archive, manifest)
            yield archive, manifest
    except FileNotFoundError as error:
        raise Refused("There is no such file.") from error
    except (zipfile.BadZipFile, zipfile.zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise Refused(f"It is no backup, or it is damaged: {error}") from error


def _manifest(archive):
    try:
        if archive.getinfo(MANIFEST).file_size > LARGEST_MANIFEST:
            raise Refused("Its manifest is too long to be one of ours.")
        manifest = Manifest(**json.loads(archive.read(MANIFEST)))
        if manifest.format != FORMAT:
            raise Refused(
                f"It is of a format ({manifest.format}) that this version of the product does not know."
            )
        if DATABASE not in manifest.members:
            raise Refused("There is no database in it.")
        for length, digest in manifest.members.values():
            int(length), bytes.fromhex(digest)
        return manifest
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise Refused(f"It is no backup of this product: its manifest cannot be read ({error}).") from error


def _check_names(archive, manifest):
    there = [info.filename for info in archive.infolist()]
    if sorted(there) != sorted([MANIFEST, *manifest.members]):
        raise Refused("What is in it is not what its manifest says.")
    for info in archive.infolist():
        if not _is_ours(info.filename) or stat.S_ISLNK(info.external_attr >> 16):
            raise Refused(f"It holds a file that no backup of this product holds: {info.filename!r}.")


def _is_ours(name):
    parts = PurePosixPath(name).parts
    is_plain = "/".join(parts) == name and ".." not in parts and not set(name) & set("\\:\0")
    return is_plain and (name in (MANIFEST, DATABASE) or (len(parts) > 1 and parts[0] in FOLDERS))


def _compare(archive, manifest, name, into=None):
    """Reads a member to its end, and writes it below `into`. Raises Refused if it is not what the manifest says."""
    length, expected = manifest.members[name]
    digest = hashlib.sha256()
    target = Path(into, name) if into else Path(os.devnull)
    target.parent.mkdir(parents=True, exist_ok=True)
    with archive.open(name) as member, target.open("wb") as kept:
        while length >= 0 and (chunk := member.read(CHUNK)):
            kept.write(chunk)
            digest.update(chunk)
            length -= len(chunk)
    if length or digest.hexdigest() != expected:
        raise Refused(f"It is damaged: {name} is not what its manifest says.")


@contextmanager
def _made(folder):
    """A new folder, which stays unless an error gets out of the block."""
    folder.mkdir(mode=0o700)
    try:
        yield folder
    except BaseException:
        shutil.rmtree(folder)
        raise


@contextmanager
def _swapped(new, place, aside):
    """Inside, `new` stands in `place`. It stays, unless an error gets out of the block."""
    had, has = place.exists(), new.exists()
    if had:
        os.rename(place, aside)
    try:
        if has:
            os.rename(new, place)
        yield
    except BaseException:
        if has:
            shutil.rmtree(place, ignore_errors=True)
        if had:
            os.rename(aside, place)
        raise


def _sync(path):
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
