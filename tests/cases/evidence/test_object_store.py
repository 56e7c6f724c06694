"""Evidence in an object store: stored, served and locked there, and moved there and back. The store is moto's server."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db.models import FileField
from django.urls import reverse
from moto.server import ThreadedMotoServer
from pghistory.models import Event

from alliance.lib import object_store, private_files
from alliance.lib.refusals import Refusal
from cases.models import Evidence, Preview
from cases.queries import custody_check
from cases.services import evidence, file_moves, previews
from tests import factories
from tests.cases.evidence.files import address, picture, send
from tests.personas import Personas

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("object_store")]
BUCKET = "evidence"


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def bucket(endpoint: str, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    settings.EVIDENCE_S3_BUCKET, settings.EVIDENCE_S3_ENDPOINT = BUCKET, endpoint
    settings.EVIDENCE_S3_LOCK_DAYS = 30
    client = boto3.client("s3", endpoint_url=endpoint)
    client.create_bucket(Bucket=BUCKET, ObjectLockEnabledForBucket=True)
    yield client
    boto3.client("s3", endpoint_url=endpoint)
    import urllib.request

    request = urllib.request.Request(f"{endpoint}/moto-api/reset", method="POST")
    urllib.request.urlopen(request).close()


@pytest.fixture
def in_bucket(bucket: Any, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Set the storage of the models as at a start with ``EVIDENCE_STORE=s3``."""
    settings.EVIDENCE_STORE = "s3"
    storages = {
        Evidence: (("file", private_files.evidence_storage()),),
        Preview: tuple((name, private_files.preview_storage()) for name in ("image", "thumbnail")),
    }
    for model, fields in storages.items():
        for name, storage in fields:
            monkeypatch.setattr(model._meta.get_field(name), "storage", storage)
    return bucket


def test_evidence_is_stored_served_and_locked(personas: Personas, in_bucket: Any) -> None:
    draft = factories.draft_case(citing=personas.right, by=personas.filer, files=0)
    client = personas.client("filer")
    contents = picture().read()
    assert send(client, draft, io_file("shot.png", contents)).status_code == 200
    file = draft.evidence.get()
    assert b"".join(client.get(address(file)).streaming_content) == contents
    with pytest.raises(ValueError, match="not accessible"):
        file.file.url  # noqa: B018
    previews.make_due(seconds=20)
    thumbnail = client.get(reverse("desk:evidence_thumbnail", args=[file.pk]))
    assert b"".join(thumbnail.streaming_content)[8:12] == b"WEBP"
    assert list(custody_check.broken_files()) == []
    (version,) = in_bucket.list_object_versions(Bucket=BUCKET, Prefix=file.file.name)["Versions"]
    with pytest.raises(ClientError, match=r"Access ?Denied"):
        in_bucket.delete_object(Bucket=BUCKET, Key=file.file.name, VersionId=version["VersionId"])
    evidence.remove(evidence=file, by=personas.filer)
    file.file.storage.delete(file.file.name)  # on commit
    assert not file.file.storage.exists(file.file.name)
    kept = in_bucket.get_object(Bucket=BUCKET, Key=file.file.name, VersionId=version["VersionId"])
    assert kept["Body"].read() == contents


def test_an_unreachable_store_is_a_refusal(in_bucket: Any, monkeypatch: Any) -> None:
    case = factories.draft_case(files=0)
    in_bucket.delete_bucket(Bucket=BUCKET)
    with pytest.raises(Refusal, match="could not be stored"):
        evidence.add(case=case, by=case.created_by, upload=picture(), kind="screenshot")
    assert not case.evidence.exists()


@pytest.mark.parametrize("method", ["exists", "size", "listdir", "get_modified_time", "delete"])
def test_failures_of_the_store_are_those_of_a_folder(
    bucket: Any, settings: Any, monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    store = private_files.storage_in("s3")
    if method in ("size", "get_modified_time"):
        with pytest.raises(FileNotFoundError):
            getattr(store, method)("none")
    monkeypatch.setattr(object_store, "_LIMITS", Config(retries={"max_attempts": 1}))
    settings.EVIDENCE_S3_ENDPOINT = "http://127.0.0.1:9"  # nobody listens there
    with pytest.raises(OSError, match="object store"):
        getattr(private_files.storage_in("s3"), method)("none")


def test_every_private_file_is_moved() -> None:
    private = {
        (model, field.name)
        for model in apps.get_models()
        if not issubclass(model, Event)  # the history names the files of the rows
        for field in model._meta.get_fields()
        if isinstance(field, FileField) and isinstance(field.storage, private_files.PrivateStorage)
    }
    moved = {(kind.rows.model, name) for kind in file_moves.kinds() for name in kind.fields}
    assert len(private) >= 7
    assert moved == private


def test_files_are_moved_there_and_back(bucket: Any, settings: Any, tmp_path: Path) -> None:
    case = factories.draft_case(files=3)
    right = factories.right()
    bought = factories.purchase_file(factories.purchase())
    previews.make_due(seconds=30)
    files = list(case.evidence.order_by("pk"))
    names = {str(file.file.name) for file in [*files, bought]}
    # Interrupted after the first file.
    moving = file_moves.copy_all(to="s3")
    assert next(moving).copied
    moving.close()
    output = io.StringIO()
    call_command("move_evidence", "--to", "s3", stdout=output)
    assert "There already: 1." in output.getvalue()
    keys = {one["Key"] for one in bucket.list_objects_v2(Bucket=BUCKET)["Contents"]}
    assert names <= keys
    assert len([key for key in keys if key.startswith("previews/")]) == 6
    assert right
    # Back, to an empty folder with a part of a file, as after an interruption.
    settings.EVIDENCE_ROOT = tmp_path
    partial = tmp_path / str(files[0].file.name)
    partial.parent.mkdir(parents=True)
    partial.write_bytes(b"\x89PNG")
    call_command("move_evidence", "--to", "folder", stdout=io.StringIO())
    for file in files:
        with file.file.open("rb") as original:
            assert (tmp_path / str(file.file.name)).read_bytes() == original.read()


def test_a_changed_file_is_not_moved(bucket: Any) -> None:
    case = factories.draft_case(files=2)
    changed, lost = case.evidence.order_by("pk")
    path = Path(changed.file.path)
    path.write_bytes(b"something else")
    Path(lost.file.path).unlink()
    errors = io.StringIO()
    with pytest.raises(CommandError, match="could not be copied: 2"):
        call_command("move_evidence", "--to", "s3", stdout=io.StringIO(), stderr=errors)
    assert f"{changed.file.name}: the source has another SHA-256" in errors.getvalue()
    assert f"{lost.file.name}: the source does not have it" in errors.getvalue()
    assert "Contents" not in bucket.list_objects_v2(Bucket=BUCKET)


def io_file(name: str, contents: bytes) -> Any:
    from django.core.files.uploadedfile import SimpleUploadedFile

    return SimpleUploadedFile(name, contents)
