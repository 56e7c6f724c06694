"""The review of applications: checked, asked back, admitted and refused by moderators.

Each step locks the application and compares its version with the version on the moderator's page. If they differ, the
step is refused, because the applicant or another moderator has changed the application since.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from django.db import IntegrityError, transaction
from django.utils.formats import date_format
from django.utils.text import slugify
from django.utils.timezone import get_default_timezone, localdate, localtime
from django.utils.translation import gettext as _

from alliance.lib import clock, fingerprint, visible
from alliance.lib.refusals import Conflict, Incomplete, NotAllowed, Refusal
from members import checklist
from members.mail import applications as mails
from members.models import (
    Application,
    ApplicationCheck,
    ApplicationMail,
    ApplicationMessage,
    Brand,
    Member,
    User,
)
from members.services import application_count, invitations

Status = Application.Status
_SLUG_ATTEMPTS = 50


class Checked(NamedTuple):
    """What a moderator entered for a point of the checklist."""

    is_done: bool
    note: str


def version(application: Application) -> str:
    """Return a fingerprint of what moderators decide on, with which forms detect changes."""
    one = application
    return fingerprint.of(one.status, one.submitted_at, one.changed_at, one.asked_at)


def checks_of(application: Application) -> dict[str, ApplicationCheck]:
    """Return the saved points of the checklist by their key. One query."""
    return {check.point: check for check in application.checks.select_related("saved_by")}


def checks_version(checks: Mapping[str, ApplicationCheck]) -> str:
    """Return a fingerprint of the saved points of a checklist."""
    return fingerprint.of(sorted((one.point, one.is_done, one.note) for one in checks.values()))


@transaction.atomic
def save_checks(
    *, application: Application, by: User, seen: str, entered: Mapping[str, Checked]
) -> None:
    """Save the points of the checklist that changed. Idempotent.

    ``seen`` is the :func:`checks_version` that the form shows. Raises :class:`Conflict` if someone else has saved other
    values since.
    """
    stored = _lock(application, by)
    if not stored.is_open:
        raise _decided(stored)
    saved = checks_of(stored)
    nothing = Checked(False, "")
    before = {key: Checked(one.is_done, one.note) for key, one in saved.items()}
    changed = {key: one for key, one in entered.items() if one != before.get(key, nothing)}
    if changed and checks_version(saved) != seen:
        names = sorted({saved[key].saved_by.name for key in changed if key in saved})
        text = _("%(names)s has saved the checklist since you opened it. Compare, and save again.")
        raise Conflict(text % {"names": ", ".join(names) or _("Someone else")})
    for key, one in changed.items():
        ApplicationCheck.objects.update_or_create(
            application=stored,
            point=key,
            defaults={
                "is_done": one.is_done,
                "note": one.note,
                "saved_by": by,
                "saved_at": clock.now(),
            },
        )


@transaction.atomic
def ask(*, application: Application, by: User, text: str, seen: str | None = None) -> Application:
    """Ask the applicant a question. Idempotent. Raises :class:`Conflict` and, without a text, :class:`Refusal`."""
    stored, text = _lock(application, by), text.strip()
    if visible.is_blank(text):
        raise Refusal(_("Enter the question."))
    latest = stored.messages.last()
    is_repeat = latest is not None and latest.by_id == by.pk and latest.text == text
    if stored.status == Status.ASKED and is_repeat:
        return stored
    _check(stored, seen, (Status.SUBMITTED,))
    now = clock.now()
    ApplicationMessage.objects.create(application=stored, text=text, by=by, sent_at=now)
    stored.status, stored.asked_by, stored.asked_at = Status.ASKED, by, now
    stored.save(update_fields=["status", "asked_by", "asked_at"])
    mails.queue(ApplicationMail.Kind.ASKED, stored, about=now.isoformat(), text=text)
    application_count.refresh_on_commit()
    return stored


@transaction.atomic
def admit(*, application: Application, by: User, seen: str | None = None) -> Member:
    """Admit the organisation: create the active member with its brands, invite its owner, and welcome it. Idempotent.

    ``seen`` is the :func:`version` that the page shows. Raises :class:`Incomplete` with the points of the checklist that
    are neither ticked nor noted, :class:`Refusal` if the account of the address could not accept the invitation,
    :class:`NotAllowed` and :class:`Conflict`.
    """
    stored = _lock(application, by)
    if stored.status == Status.ADMITTED and stored.decided_by_id == by.pk and stored.member:
        return stored.member
    _check(stored, seen, (Status.SUBMITTED,))
    if left := unchecked(checks_of(stored)):
        text = _("Tick these points of the checklist, or note why they do not apply.")
        raise Incomplete(text, [("", point) for point in left])
    if reason := invitations.unfit_as_owner(stored.email):
        text = _("%(reason)s Refuse the application, and ask for one from another address.")
        raise Refusal(text % {"reason": reason})
    member = _create_member(stored)
    member.industries.set(stored.industries.all())
    names = list(dict.fromkeys(stored.brands))
    Brand.objects.bulk_create([Brand(member=member, name=name) for name in names])
    stored.status, stored.member = Status.ADMITTED, member
    stored.decided_by, stored.decided_at = by, clock.now()
    stored.save(update_fields=["status", "member", "decided_by", "decided_at"])
    invitations.invite_first_owner(
        member=member, by=by, email=stored.email, language=stored.language
    )
    mails.queue(ApplicationMail.Kind.ADMITTED, stored, about=str(stored.pk))
    application_count.refresh_on_commit()
    return member


@transaction.atomic
def refuse(
    *, application: Application, by: User, reason: str, seen: str | None = None
) -> Application:
    """Refuse the application with the reason, which the applicant reads. Idempotent.

    Raises :class:`Refusal` without a reason, :class:`NotAllowed` and :class:`Conflict`.
    """
    stored, reason = _lock(application, by), reason.strip()
    if visible.is_blank(reason):
        raise Refusal(_("Enter the reason."))
    is_repeat = stored.decided_by_id == by.pk and stored.refusal_reason == reason
    if stored.status == Status.REFUSED and is_repeat:
        return stored
    _check(stored, seen, (Status.SUBMITTED, Status.ASKED))
    stored.status, stored.refusal_reason = Status.REFUSED, reason
    stored.decided_by, stored.decided_at = by, clock.now()
    stored.save(update_fields=["status", "refusal_reason", "decided_by", "decided_at"])
    mails.queue(ApplicationMail.Kind.REFUSED, stored, about=str(stored.pk))
    application_count.refresh_on_commit()
    return stored


def unchecked(checks: Mapping[str, ApplicationCheck]) -> list[str]:
    """Return the titles of the points that are neither ticked nor noted."""
    done = {key for key, one in checks.items() if one.is_done or one.note}
    return [str(point.title) for point in checklist.POINTS if point.key not in done]


def _lock(application: Application, by: User) -> Application:
    """Lock the application for a moderator. Raises :class:`NotAllowed`."""
    # Without select_related: rows that are joined are read as they were before the wait for the lock.
    rows = Application.objects.sent().select_for_update(no_key=True)
    stored = rows.get(pk=application.pk)
    if not (by.is_active and by.is_moderator):
        raise NotAllowed(_("Your role does not allow this."))
    return stored


def _check(stored: Application, seen: str | None, statuses: tuple[Status, ...]) -> None:
    """Raise :class:`Conflict` unless the application has one of ``statuses`` and is the one that the moderator saw."""
    if stored.status not in statuses:
        raise _decided(stored)
    if seen is not None and seen != version(stored):
        raise Conflict(_("The application has changed since you opened it. Check it again."))


def _decided(stored: Application) -> Conflict:
    """Return the refusal that says who did what, and when."""
    if stored.decided_by is not None and stored.decided_at is not None:
        facts = {"name": stored.decided_by.name, "time": _time(stored.decided_at)}
        if stored.status == Status.ADMITTED:
            return Conflict(_("%(name)s admitted this organisation, %(time)s.") % facts)
        return Conflict(_("%(name)s refused this application, %(time)s.") % facts)
    if stored.asked_by is not None and stored.asked_at is not None:
        facts = {"name": stored.asked_by.name, "time": _time(stored.asked_at)}
        return Conflict(_("%(name)s asked the applicant a question, %(time)s.") % facts)
    return Conflict(_("The applicant has withdrawn this application."))


def _time(moment: object) -> str:
    return date_format(localtime(moment), "DATETIME_FORMAT")  # type: ignore[arg-type]


def _create_member(stored: Application) -> Member:
    """Create the member with a free slug from its name."""
    today, start = clock.today(), slugify(stored.name)[:60].strip("-") or "member"
    for number in range(1, _SLUG_ATTEMPTS + 1):
        slug = start if number == 1 else f"{start}-{number}"
        if Member.objects.filter(slug=slug).exists():
            continue
        try:
            with transaction.atomic():
                return Member.objects.create(
                    slug=slug,
                    name=stored.name,
                    name_local=stored.name_local,
                    country=stored.country,
                    website=stored.website,
                    registration_number=stored.registration_number,
                    status=Member.Status.ACTIVE,
                    applied_on=localdate(stored.submitted_at, get_default_timezone()),
                    joined_on=today,
                )
        except IntegrityError:  # another admission has just taken the slug
            continue
    raise Refusal(_("Too many members have this name. Create the member in the admin."))
