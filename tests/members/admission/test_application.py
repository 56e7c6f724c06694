"""A person without an account applies: the link, the pages, what is refused, and what is kept."""

from __future__ import annotations

import logging
import unicodedata
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.db.utils import InternalError, NotSupportedError
from django.test import Client
from django.urls import reverse

from alliance.lib import changes, clock
from alliance.lib.refusals import Conflict, Incomplete
from alliance.logs import scrub_text
from cases import tasks
from members import tasks as member_tasks
from members.models import Application, ApplicationMail, Document
from members.services import admissions, applications
from tests import factories
from tests.concurrency import run_concurrently
from tests.forms import form_data
from tests.personas import Personas

pytestmark = pytest.mark.django_db
EMAIL = "ana@rowan.example"
ORGANISATION = "/join/application/organisation/"


def start(client: Client, email: str = EMAIL) -> Any:
    return client.post("/join/", form_data(client.get("/join/"), "start-form", email=email))


def last_link() -> str:
    """Return the path of the link in the latest email."""
    tasks.send_mails()
    return "/join/" + mail.outbox[-1].body.partition("/join/")[2].split()[0]


def opened(email: str = EMAIL) -> Client:
    """Return a browser in which the application of the address is open."""
    client = Client()
    start(client, email)
    assert client.post(last_link()).status_code == 302
    return client


def fill(client: Client, section: str, **changes: Any) -> Any:
    url = reverse("join:section", args=[section])
    page = client.get(url)
    data = form_data(page, "section-form") | changes
    return client.post(url, data)


def organisation(**changes: Any) -> dict[str, Any]:
    return {
        "name": "Rowan Looms Ltd",
        "country": "GB",
        "registration_number": "09 123 456",
        "website": "https://www.rowan.example",
        "industries": [factories.industry().pk],
        **changes,
    }


def test_from_the_link_to_the_reference(django_assert_max_num_queries: Any) -> None:
    client = Client()
    assert start(client).headers["Location"] == "/join/sent/"
    link = last_link()
    assert client.get(link).status_code == 200
    assert Application.objects.get().verified_at is None  # mail scanners open links
    assert client.post(link).headers["Location"] == "/join/application/"
    assert Application.objects.get().verified_at is not None
    assert fill(client, "organisation", **organisation()).headers["Location"].endswith("/contact/")
    # The draft survives: another browser continues it with the same link.
    other = Client()
    assert other.get("/join/application/").status_code == 403
    other.post(link)
    assert "Rowan Looms Ltd" in other.get("/join/application/").text
    contact = {"contact_name": "Ana Ng", "contact_phone": "+44 20 7946 0000"}
    half = fill(other, "contact", **contact, second_contact_name="Bo Li")
    assert half.status_code == 422
    assert "Enter the name and the email address, or neither." in half.text
    assert 'value="Bo Li"' in half.text
    second = {"second_contact_name": "Bo Li", "second_contact_email": "bo.li@rowan.example"}
    assert fill(other, "contact", **contact, **second).status_code == 302
    fill(other, "brands", brands="ROWAN\r\n\r\nR\u200bOWAN\r\n罗恩")
    check = other.get("/join/application/check/")
    incomplete = other.post("/join/application/check/", form_data(check, "check-form"))
    assert incomplete.status_code == 422
    for text in ("Upload the registration document.", "Confirm the declaration."):
        assert text in incomplete.text
    documents = {"registration_document": factories.png("r.png"), "mandate": factories.png("m.png")}
    assert fill(other, "documents", **documents).status_code == 302
    with django_assert_max_num_queries(8):
        check = other.get("/join/application/check/")
    data = form_data(check, "check-form") | {"declared": "on"}
    for _again in range(2):
        assert other.post("/join/application/check/", data).status_code == 302
    found = Application.objects.get()
    assert (found.status, found.brands) == ("submitted", ["ROWAN", "罗恩"])
    assert (found.second_contact_name, found.second_contact_email) == tuple(second.values())
    assert found.reference in other.get("/join/application/").text
    tasks.send_mails()
    assert found.reference in mail.outbox[-1].subject
    assert fill_closed(other).status_code == 409
    assert "Typed text" in fill_closed(other).text


def fill_closed(client: Client) -> Any:
    return client.post(ORGANISATION, organisation(name="Typed text"))


def test_every_address_gets_the_same_answer_and_few_emails() -> None:
    known = factories.user(email="known@brand.example")
    factories.draft_application(email="drafted@brand.example")
    ApplicationMail.objects.all().delete()
    pages = set()
    for email in (known.email, "drafted@brand.example", "new@brand.example", "NEW@brand.example"):
        client = Client()
        response = start(client, email)
        pages.add(
            (
                response.status_code,
                response.headers["Location"],
                len(client.get("/join/sent/").content),
            )
        )
    assert len(pages) == 1
    assert Application.objects.count() == 3
    # The draft got its link a moment ago, so no other one is sent; later one is.
    sent = ApplicationMail.objects.values_list("to", flat=True)
    assert sorted(sent) == [known.email, "new@brand.example"]
    with clock.at(clock.now() + applications.RESEND_AFTER):
        start(Client(), "drafted@brand.example")
    assert ApplicationMail.objects.filter(to="drafted@brand.example").count() == 1


def test_links_expire_and_are_not_logged() -> None:
    start(Client())
    link = last_link()
    assert scrub_text(f"GET {link} HTTP/1.1") == "GET /join/link/***/ HTTP/1.1"
    client = Client()
    for wrong in (link[:-3] + "xx/", "/join/link/1.x/", "/join/link/😀/"):
        assert client.post(wrong).status_code == 404
        assert client.get(wrong).status_code == 404
    assert client.get("/join/application/").status_code == 403
    assert client.post(link).status_code == client.post(link).status_code == 302  # used twice


def test_expired_link(monkeypatch: pytest.MonkeyPatch) -> None:
    start(Client())
    link, client = last_link(), Client()
    monkeypatch.setattr(
        "django.core.signing.time.time", lambda: clock.now().timestamp() + 15 * 86400
    )
    assert client.get(link).status_code == client.post(link).status_code == 410
    assert client.get("/join/application/").status_code == 403


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"name": "x" * 300}, "at most 200 characters"),
        ({"name": "宏远实业"}, "Latin letters"),
        ({"name": "شركة"}, "Latin letters"),
        ({"name": "\u200b\u2060"}, "required"),
        ({"name": "—"}, "Enter letters or digits."),
        ({"name": "Z" + "\u0301\u0302" * 9 + "algo"}, "Remove the accents"),
        ({"country": "XX"}, "Select a valid choice"),
        ({"website": "javascript:alert(1)"}, "valid URL"),
        ({"website": "ftp://rowan.example"}, "valid URL"),
        ({"industries": ["999999"]}, "Select a valid choice"),
    ],
)
def test_wrong_answers_are_kept(changes: dict[str, Any], message: str) -> None:
    made = factories.draft_application()
    client = browser_of(made)
    response = fill(client, "organisation", **organisation(registration_number="KEPT 1", **changes))
    assert response.status_code == 422
    assert message in response.text
    assert 'value="KEPT 1"' in response.text
    made.refresh_from_db()
    assert made.registration_number != "KEPT 1"


def browser_of(application: Application) -> Client:
    client = Client()
    assert client.post(reverse("join:link", args=[application.key])).status_code == 302
    return client


@pytest.mark.parametrize(
    ("entered", "stored"),
    [
        ("شركة الدُّرّ \u202eltd", "شركة الدُّرّ ltd"),
        ("Z\u0301\u0327ofia", "Ź̧ofia"),
        ("宏\u200b遠\ufeff實業", "宏遠實業"),
        ("Rowan 🧵 Looms", "Rowan 🧵 Looms"),
    ],
)
def test_names_in_any_script(entered: str, stored: str) -> None:
    made = factories.draft_application()
    client = browser_of(made)
    response = fill(client, "organisation", **organisation(name_local=entered))
    assert response.status_code == 302
    made.refresh_from_db()
    assert made.name_local == unicodedata.normalize("NFC", stored)
    assert made.name_local in client.get(ORGANISATION).text


def test_document_that_is_a_script_and_replacement() -> None:
    made = factories.draft_application()
    client = browser_of(made)
    before = Document.objects.count()
    script = SimpleUploadedFile("licence.pdf", b"<script>alert(1)</script>", "application/pdf")
    response = fill(client, "documents", mandate=script)
    assert response.status_code == 422
    assert "not a PDF, PNG or JPEG" in response.text
    assert fill(client, "documents", mandate=factories.png("other.png")).status_code == 302
    made.refresh_from_db()
    assert made.mandate is not None
    assert made.mandate.original_name == "other.png"
    assert Document.objects.count() == before


def test_stale_session_shows_what_was_sent() -> None:
    response = Client().post(ORGANISATION, organisation(name="A long name that was typed"))
    assert response.status_code == 403
    assert "A long name that was typed" in response.text


def test_answer_and_withdrawal(personas: Any) -> None:
    made = factories.asked_application(by=personas.moderator)
    client = browser_of(made)
    page = client.get("/join/application/")
    assert "Who signed the letter?" in page.text
    assert fill(client, "contact", contact_name="Bea Ng").status_code == 302
    empty = client.post("/join/application/answer/", form_data(page, "answer-form", text=" \u200b"))
    assert empty.status_code == 422
    data = form_data(page, "answer-form", text="The managing director.")
    for _again in range(2):
        assert client.post("/join/application/answer/", data).status_code == 302
    made.refresh_from_db()
    assert (made.status, made.contact_name, made.messages.count()) == ("submitted", "Bea Ng", 2)
    assert client.post("/join/application/withdraw/").status_code == 302
    assert "You withdrew the application" in client.get("/join/application/").text
    assert client.post("/join/application/close/").status_code == 302
    assert client.get("/join/application/").status_code == 403
    with pytest.raises(Conflict, match="withdrawn"):
        admissions.ask(application=made, by=personas.moderator, text="Late?")


def test_expired_drafts_are_deleted_with_their_files(
    django_capture_on_commit_callbacks: Any,
) -> None:
    kept, old = factories.draft_application(), factories.draft_application()
    file = Document.objects.get(registers=old).file
    assert file.storage.exists(file.name)
    applications.start(email="never@opened.example", language="en")
    Application.objects.filter(pk=old.pk).update(changed_at=clock.now() - timedelta(days=91))
    Application.objects.filter(email="never@opened.example").update(
        link_sent_at=clock.now() - timedelta(days=15)
    )
    submitted = factories.application()
    Application.objects.filter(pk=submitted.pk).update(changed_at=clock.now() - timedelta(days=99))
    with django_capture_on_commit_callbacks(execute=True):
        member_tasks.delete_expired_applications()
    assert set(Application.objects.values_list("pk", flat=True)) == {kept.pk, submitted.pk}
    assert not Document.objects.filter(
        pk__in=[old.registration_document_id, old.mandate_id]
    ).exists()
    assert not file.storage.exists(file.name)


def test_deleted_draft_leaves_no_history() -> None:
    gone, kept, withdrawn = (factories.draft_application() for _n in range(3))
    first, client = gone.mandate_id, browser_of(gone)
    fill(client, "documents", mandate=factories.png("other.png"))
    gone.refresh_from_db()
    papers = {first, gone.mandate_id, gone.registration_document_id}
    assert len(papers) == 3
    assert client.post("/join/application/withdraw/").status_code == 302
    assert not changes.rows_of(Application, gone.pk).exists()
    assert not any(changes.rows_of(Document, paper).exists() for paper in papers)
    # Others keep theirs, which nobody can delete.
    applications.submit(application=withdrawn, declared=True)
    applications.withdraw(application=withdrawn)
    for one in (kept, withdrawn):
        assert changes.rows_of(Document, one.mandate_id).exists()
        with pytest.raises((InternalError, NotSupportedError)), transaction.atomic():
            changes.rows_of(Application, one.pk).delete()


def test_documents_of_refused_and_withdrawn_applications_are_deleted_later(
    personas: Personas, django_capture_on_commit_callbacks: Any
) -> None:
    refused, withdrawn, waiting = (factories.application() for _n in range(3))
    admissions.refuse(application=refused, by=personas.moderator, reason="No brand.")
    applications.withdraw(application=withdrawn)
    file = Document.objects.get(registers=refused).file
    for days, left in ((89, 6), (91, 2)):
        later = clock.now() + timedelta(days=days)
        with clock.at(later), django_capture_on_commit_callbacks(execute=True):
            member_tasks.delete_expired_applications()
        assert Document.objects.count() == left
    assert not file.storage.exists(file.name)
    assert Application.objects.count() == 3
    assert Application.objects.exclude(registration_document=None).get() == waiting


def test_incomplete_application_is_not_submitted() -> None:
    made = factories.draft_application(brands=[])
    with pytest.raises(Incomplete) as refusal:
        applications.submit(application=made, declared=False)
    assert refusal.value.problems == ["Enter at least one brand.", "Confirm the declaration."]


@pytest.mark.django_db(transaction=True)
def test_two_requests_begin_one_draft() -> None:
    def begin() -> None:
        applications.start(email=EMAIL, language="en")

    run_concurrently(begin, begin)
    assert Application.objects.count() == ApplicationMail.objects.count() == 1


def test_too_many_requests(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.ERROR)
    client = Client()
    codes = [start(client, f"a{n}@flood.example").status_code for n in range(22)]
    assert codes[-1] == 429
    assert Application.objects.count() <= 20
