"""Applications to join, by people without an account: started, verified, filled in, submitted, answered, withdrawn.

The email address is the only credential. :func:`start` answers in the same way whether an application exists or not.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from alliance.lib import changes, clock, history, ids, visible
from alliance.lib.refusals import Conflict, Incomplete, Refusal
from members.mail import applications as mails
from members.models import Application, ApplicationMail, ApplicationMessage, Document, Industry
from members.models.application import LINK_VALID_FOR, new_nonce
from members.services import application_count, documents

# The least time between two emails with a link to the same address.
RESEND_AFTER = timedelta(minutes=10)
# Emails with a link to the same address in 24 hours.
LINKS_A_DAY = 5
# Drafts of verified addresses that are not changed for so long are deleted.
DRAFTS_KEPT = timedelta(days=90)
# The documents of refused and withdrawn applications are deleted so long after the end.
DOCUMENTS_KEPT = timedelta(days=90)
BATCH = 100
MAX_BRANDS = 50
# The fields of each page of the form.
SECTIONS: dict[str, tuple[str, ...]] = {
    "organisation": ("name", "name_local", "country", "registration_number", "website"),
    "contact": (
        *("contact_name", "contact_position", "contact_phone"),
        *("second_contact_name", "second_contact_email"),
    ),
    "brands": ("brands",),
    "documents": (),
}


def start(*, email: str, language: str) -> None:
    """Email a link to the open application of the address; begin one if there is none.

    Links in earlier emails become invalid. Nothing is sent within :data:`RESEND_AFTER` of the last link, nor after
    :data:`LINKS_A_DAY`. Returns nothing, so that the page cannot tell whether the address has an application or an
    account.
    """
    email, now = email.strip().lower(), clock.now()
    with transaction.atomic():
        rows = Application.objects.open().select_for_update(no_key=True)
        found = rows.filter(email=email).first()
        if found is None:
            found = _begin(email, language)
        elif _had_enough_links(found, now):
            return
        else:
            found.link_sent_at, found.nonce = now, new_nonce()
            found.save(update_fields=["link_sent_at", "nonce"])
        if found is not None:
            mails.queue(ApplicationMail.Kind.LINK, found, about=now.isoformat(), language=language)


def _had_enough_links(found: Application, now: datetime) -> bool:
    """Return whether the address must not get another email with a link now."""
    if now - found.link_sent_at < RESEND_AFTER:
        return True
    links = ApplicationMail.objects.filter(application=found, kind=ApplicationMail.Kind.LINK)
    return links.filter(created_at__gt=now - timedelta(days=1)).count() >= LINKS_A_DAY


def _begin(email: str, language: str) -> Application | None:
    """Create a draft; return ``None`` if another request has just created it, and sent the link."""
    try:
        with transaction.atomic():
            return ids.unless_clashing(
                lambda: Application.objects.create(email=email, language=language)
            )
    except IntegrityError:
        if Application.objects.open().filter(email=email).exists():
            return None
        raise


@transaction.atomic
def verify(*, application: Application) -> Application:
    """Record that the link of an email was used, which verifies the address. Idempotent."""
    stored = _lock(application)
    if stored.verified_at is None:
        stored.verified_at = stored.changed_at = clock.now()
        stored.save(update_fields=["verified_at", "changed_at"])
    return stored


def save(
    *,
    application: Application,
    industries: list[Industry] | None = None,
    registration_document: UploadedFile | None = None,
    mandate: UploadedFile | None = None,
    **facts: Any,
) -> Application:
    """Save answers: the fields of :data:`SECTIONS`, and documents. A new document replaces the earlier one.

    Raises :class:`Conflict` once the application is submitted, and :class:`Refusal` for a document that is not
    accepted or an address that is not verified.
    """
    kinds = Document.Kind
    with (
        documents.stored(registration_document, kind=kinds.REGISTRATION, by=None) as registration,
        documents.stored(mandate, kind=kinds.MANDATE, by=None) as authority,
        transaction.atomic(),
    ):
        stored = _editable(application)
        for name, value in facts.items():
            setattr(stored, name, value)
        replaced = [
            _replace(stored, "registration_document", registration),
            _replace(stored, "mandate", authority),
        ]
        stored.changed_at = clock.now()
        stored.save()
        if industries is not None:
            stored.industries.set(industries)
        for old in replaced:
            if old is not None:
                documents.delete(old)
    return stored


def _replace(stored: Application, name: str, document: Document | None) -> Document | None:
    """Attach the document, unless it is the same file again; return the one that it replaces."""
    if document is None:
        return None
    old: Document | None = getattr(stored, name)
    if old is not None and old.sha256 == document.sha256:
        return None
    document.save()
    setattr(stored, name, document)
    return old


def problems(application: Application) -> dict[str, list[str]]:
    """Return what is missing, by the page of the form. Empty for a complete application."""
    one = application
    missing = {
        "organisation": [
            (bool(one.name), _("Enter the legal name in Latin letters.")),
            (bool(one.country), _("Choose the country or region.")),
            (bool(one.registration_number), _("Enter the registration number.")),
            (bool(one.website), _("Enter the website.")),
            (one.industries.exists(), _("Choose at least one industry.")),
        ],
        "contact": [
            (bool(one.contact_name), _("Enter your name.")),
            (bool(one.contact_phone), _("Enter a phone number.")),
        ],
        "brands": [(bool(one.brands), _("Enter at least one brand."))],
        "documents": [
            (one.registration_document_id is not None, _("Upload the registration document.")),
            (one.mandate_id is not None, _("Upload the proof of authority.")),
        ],
    }
    found = {
        section: [text for is_given, text in points if not is_given]
        for section, points in missing.items()
    }
    return {section: texts for section, texts in found.items() if texts}


@transaction.atomic
def submit(*, application: Application, declared: bool) -> Application:
    """Submit a draft. Idempotent. Raises :class:`Incomplete` with everything that is missing."""
    stored = _lock(application)
    if stored.status == Application.Status.SUBMITTED:
        return stored
    if stored.status != Application.Status.DRAFT:
        raise _closed(stored)
    found = [text for texts in problems(stored).values() for text in texts]
    if not declared:
        found.append(_("Confirm the declaration."))
    if found:
        raise _incomplete(found)
    now = clock.now()
    stored.status, stored.submitted_at, stored.changed_at = Application.Status.SUBMITTED, now, now
    stored.save(update_fields=["status", "submitted_at", "changed_at"])
    mails.queue(ApplicationMail.Kind.SUBMITTED, stored, about=str(stored.pk))
    application_count.refresh_on_commit()
    return stored


@transaction.atomic
def answer(*, application: Application, text: str) -> Application:
    """Answer the moderators' question; the application then waits for them again. Idempotent.

    The answers may have been corrected before. Raises :class:`Refusal` without a text, and :class:`Incomplete`.
    """
    stored, text = _lock(application), text.strip()
    if stored.status == Application.Status.SUBMITTED:
        latest = stored.messages.last()
        if latest is not None and not latest.is_question and latest.text == text:
            return stored
    if stored.status != Application.Status.ASKED:
        raise _closed(stored)
    if visible.is_blank(text):
        raise Refusal(_("Write an answer first."))
    if found := [one for texts in problems(stored).values() for one in texts]:
        raise _incomplete(found)
    ApplicationMessage.objects.create(application=stored, text=text)
    stored.status, stored.asked_by, stored.asked_at = Application.Status.SUBMITTED, None, None
    stored.changed_at = clock.now()
    stored.save(update_fields=["status", "asked_by", "asked_at", "changed_at"])
    application_count.refresh_on_commit()
    return stored


@transaction.atomic
def withdraw(*, application: Application) -> None:
    """Withdraw an application that is not decided. A draft is deleted with its documents. Idempotent."""
    stored = Application.objects.select_for_update(no_key=True).filter(pk=application.pk).first()
    if stored is None or stored.status == Application.Status.WITHDRAWN:
        return
    if not stored.is_open:
        raise _closed(stored)
    if stored.status == Application.Status.DRAFT:
        _delete(stored)
        return
    stored.status, stored.withdrawn_at = Application.Status.WITHDRAWN, clock.now()
    stored.asked_by = stored.asked_at = None
    stored.save(update_fields=["status", "withdrawn_at", "asked_by", "asked_at"])
    mails.queue(ApplicationMail.Kind.WITHDRAWN, stored, about=str(stored.pk))
    application_count.refresh_on_commit()


@transaction.atomic
def delete_expired() -> int:
    """Delete a batch of drafts whose link was never used and has expired, and of old drafts; return how many.

    Their documents are deleted too.
    """
    now = clock.now()
    drafts = Application.objects.filter(status=Application.Status.DRAFT)
    old = drafts.filter(
        Q(verified_at=None, link_sent_at__lt=now - LINK_VALID_FOR)
        | Q(changed_at__lt=now - DRAFTS_KEPT)
    )
    found = list(old.select_for_update(skip_locked=True).order_by("changed_at")[:BATCH])
    for application in found:
        _delete(application)
    return len(found)


@transaction.atomic
def delete_old_documents() -> int:
    """Delete the documents of a batch of applications that were refused or withdrawn long ago; return how many."""
    ended = clock.now() - DOCUMENTS_KEPT
    over = Application.objects.filter(
        Q(status=Application.Status.REFUSED, decided_at__lt=ended)
        | Q(status=Application.Status.WITHDRAWN, withdrawn_at__lt=ended)
    ).exclude(registration_document=None, mandate=None)
    found = list(over.select_for_update(no_key=True, skip_locked=True).order_by("pk")[:BATCH])
    for application in found:
        kept = (application.registration_document, application.mandate)
        application.registration_document = application.mandate = None
        application.save(update_fields=["registration_document", "mandate"])
        for document in filter(None, kept):
            documents.delete(document)
    return len(found)


def _delete(application: Application) -> None:
    """Delete a draft, every document that it had, and their history: nobody but the applicant has seen them."""
    key, kept = application.pk, (application.registration_document, application.mandate)
    application.delete()
    for document in kept:
        if document is not None:
            documents.delete(document)
    rows = changes.rows_of(Application, key).values_list("registration_document_id", "mandate_id")
    history.forget(Document, {one for row in rows for one in row if one is not None})
    history.forget(Application, [key])


def _lock(application: Application) -> Application:
    """Lock the application until the transaction ends. Raises :class:`Conflict` if it was deleted."""
    rows = Application.objects.select_for_update(no_key=True)
    stored = rows.filter(pk=application.pk).first()
    if stored is None:
        raise Conflict(_("This application was deleted."))
    return stored


def _editable(application: Application) -> Application:
    stored = _lock(application)
    if not stored.is_editable:
        raise _closed(stored)
    if stored.verified_at is None:
        raise Refusal(_("Open the link in the email first."))
    return stored


def _closed(stored: Application) -> Conflict:
    """Return the refusal of a change in the present status."""
    status = stored.get_status_display()
    return Conflict(
        _("The application can no longer be changed. Its status is “%(status)s”.")
        % {"status": status}
    )


def _incomplete(found: Iterable[str]) -> Incomplete:
    return Incomplete(_("The application is incomplete."), [("", text) for text in found])
