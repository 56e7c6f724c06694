"""Members register and change their rights; a changed fact ends the verification."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from alliance.lib import clock
from alliance.lib.refusals import NotAllowed
from members.models import Brand, Document, IPRight, Membership
from members.services import rights
from tests import factories
from tests.concurrency import run_concurrently
from tests.forms import end_session, form_data
from tests.members.rights.conftest import ENTERED, FORM, change, register
from tests.personas import Personas

pytestmark = pytest.mark.django_db


def test_registered_right_waits_for_its_verification(personas: Personas) -> None:
    assert register(personas).status_code == 302
    right = IPRight.objects.get(number="30000001")
    assert (right.brand, right.territory, right.nice_classes) == (
        personas.brand,
        ["CN", "JP"],
        [18, 25],
    )
    assert (right.submitted_by, right.member, right.status) == (
        personas.owner,
        personas.member,
        IPRight.Status.WAITING,
    )
    assert right.certificate is not None
    assert right not in IPRight.objects.citable()
    page = personas.client("viewer").get(
        reverse("rights:detail", args=[personas.member.slug, right.pk])
    )
    assert "Awaiting verification" in page.text
    assert right.certificate.sha256 in page.text


def test_double_click_registers_one_right(personas: Personas) -> None:
    data = factories.png_bytes()
    for _time in range(2):
        assert register(personas, certificate=_png(data)).status_code == 302
    assert IPRight.objects.filter(number="30000001").count() == 1
    assert Document.objects.count() == 1


def _png(data: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("certificate.png", data, content_type="image/png")


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_the_same_moment_register_one_right() -> None:
    member = factories.member()
    owner, brand = factories.owner(member), factories.brand(member)
    facts = factories.facts_of_right()
    data = factories.png_bytes()
    results = run_concurrently(
        *[
            lambda: rights.register(
                member=member, by=owner, brand=brand, certificate=_png(data), **facts
            )
        ]
        * 2
    )
    assert len({result.pk for result in results}) == 1
    assert Document.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_members_register_the_same_number_at_the_same_moment() -> None:
    members = [factories.member(), factories.member()]
    facts = factories.facts_of_right()
    ready = [(m, factories.owner(m), factories.brand(m)) for m in members]
    results = run_concurrently(
        *[
            lambda one=one: rights.register(
                member=one[0],
                by=one[1],
                brand=one[2],
                certificate=factories.png("certificate.png"),
                **facts,
            )
            for one in ready
        ]
    )
    refused = [result for result in results if isinstance(result, rights.AlreadyRegistered)]
    assert len(refused) == 1
    assert "already registered in the portal" in str(refused[0])
    assert Document.objects.count() == 1


def test_number_of_another_member_does_not_say_whose(personas: Personas) -> None:
    foreign = factories.right(
        factories.brand(personas.other_member, name="BIRCH"), number="30000001", title="BIRCHMARK"
    )
    page = register(personas, number="30 000 001")
    assert page.status_code == 422
    assert "already registered in the portal" in page.text
    for secret in ("BIRCH", personas.other_member.name, foreign.title):
        assert secret not in page.text
    assert IPRight.objects.filter(number="30000001").count() == 1


def test_own_number_is_named(personas: Personas) -> None:
    register(personas)
    page = register(personas, title="ALDER again")
    assert page.status_code == 422
    assert "Your member has already registered this right: ALDER · CNIPA 30000001." in page.text


@pytest.mark.parametrize(
    ("who", "status"), [("viewer", 403), ("stranger", 404), ("moderator", 404)]
)
def test_who_cannot_register(personas: Personas, who: str, status: int) -> None:
    url = reverse("rights:register", args=[personas.member.slug])
    assert personas.client(who).get(url).status_code == status
    assert personas.client(who).post(url, ENTERED).status_code == status
    with pytest.raises(NotAllowed):
        rights.register(
            member=personas.member,
            by=getattr(personas, who),
            brand=personas.brand,
            certificate=None,
            **factories.facts_of_right(),
        )


def test_suspended_member_reads_only(personas: Personas) -> None:
    member = personas.member
    member.status, member.suspended_on = "suspended", clock.today()
    member.save()
    client = personas.client("owner")
    assert client.get(reverse("rights:list", args=[member.slug])).status_code == 200
    assert client.get(reverse("rights:register", args=[member.slug])).status_code == 403


def test_form_warns_and_asks_before_a_verification_ends(
    personas: Personas, waiting: IPRight
) -> None:
    right = waiting
    rights.verify(right=right, by=personas.moderator)
    url = reverse("rights:change", args=[personas.member.slug, right.pk])
    assert "its verification ends" in personas.client("owner").get(url).text
    page = change(personas, right, title="ALDER NEW")
    assert page.status_code == 422
    assert "Confirm that the change ends the verification." in page.text
    assert 'value="ALDER NEW"' in page.text
    right.refresh_from_db()
    assert right.verified_at is not None
    client = personas.client("owner")
    data = form_data(client.get(url), FORM, title="ALDER NEW")
    page = client.post(url, data | {"confirmed": "on"}, follow=True)
    assert "which ended its verification" in page.text
    right.refresh_from_db()
    assert (right.title, right.verified_at, right.status) == (
        "ALDER NEW",
        None,
        IPRight.Status.WAITING,
    )
    assert right in IPRight.objects.waiting()


def test_saving_without_a_change_keeps_the_verification(personas: Personas) -> None:
    right = factories.registered_right(personas.member, by=personas.owner, territory=["JP", "CN"])
    rights.verify(right=right, by=personas.moderator)
    assert change(personas, right).status_code == 302
    right.refresh_from_db()
    assert right.verified_at is not None


def test_old_spelling_is_not_a_change(personas: Personas, waiting: IPRight) -> None:
    IPRight.objects.filter(pk=waiting.pk).update(office="IP India", number="1 234 567")
    rights.verify(right=waiting, by=personas.moderator)
    assert change(personas, waiting).status_code == 302
    waiting.refresh_from_db()
    assert waiting.verified_at is not None
    assert (waiting.office, waiting.number) == ("IP India", "1 234 567")


def test_new_certificate_ends_the_verification_and_replaces_the_file(
    personas: Personas, waiting: IPRight, django_capture_on_commit_callbacks: Any
) -> None:
    rights.verify(right=waiting, by=personas.moderator)
    old = waiting.certificate
    assert old is not None
    with django_capture_on_commit_callbacks(execute=True):
        url = reverse("rights:change", args=[personas.member.slug, waiting.pk])
        client = personas.client("owner")
        data = form_data(client.get(url), FORM) | {"confirmed": "on"}
        client.post(url, data | {"certificate": factories.png("new.png")})
    waiting.refresh_from_db()
    assert waiting.certificate is not None
    assert (waiting.certificate.original_name, waiting.verified_at) == ("new.png", None)
    assert not Document.objects.filter(pk=old.pk).exists()
    assert not old.file.storage.exists(str(old.file.name))


def test_changing_a_waiting_right_keeps_its_place_in_the_queue(
    personas: Personas, waiting: IPRight
) -> None:
    since = waiting.submitted_at
    assert change(personas, waiting, title="ALDER II").status_code == 302
    waiting.refresh_from_db()
    assert (waiting.title, waiting.submitted_at) == ("ALDER II", since)


def test_stale_form_shows_both_versions_and_loses_nothing(
    personas: Personas, waiting: IPRight
) -> None:
    client = personas.client("owner")
    url = reverse("rights:change", args=[personas.member.slug, waiting.pk])
    data = form_data(client.get(url), FORM, title="Mine")
    assert change(personas, waiting, personas.client("filer"), title="Theirs").status_code == 302
    page = client.post(url, data)
    assert page.status_code == 409
    assert "Someone else has changed this right" in page.text
    assert "Theirs" in page.text
    assert 'value="Mine"' in page.text
    waiting.refresh_from_db()
    assert waiting.title == "Theirs"
    assert client.post(url, form_data(page, FORM)).status_code == 302  # saved again, knowingly
    waiting.refresh_from_db()
    assert waiting.title == "Mine"


def test_right_verified_meanwhile_asks_for_confirmation(
    personas: Personas, waiting: IPRight
) -> None:
    client = personas.client("owner")
    url = reverse("rights:change", args=[personas.member.slug, waiting.pk])
    data = form_data(client.get(url), FORM, title="Mine")
    rights.verify(right=waiting, by=personas.moderator)
    page = client.post(url, data)
    assert page.status_code == 409
    assert "its verification ends" in page.text
    waiting.refresh_from_db()
    assert waiting.verified_at is not None
    page = client.post(url, form_data(page, FORM))
    assert page.status_code == 422
    assert client.post(url, form_data(page, FORM) | {"confirmed": "on"}).status_code == 302


@pytest.mark.django_db(transaction=True)
def test_two_people_change_a_right_at_the_same_moment() -> None:
    member = factories.member()
    owner, filer = factories.owner(member), factories.filer(member)
    right = factories.registered_right(member, by=owner)
    seen = rights.version(right)
    facts = {name: getattr(right, name) for name in factories.facts_of_right()}
    results = run_concurrently(
        lambda: rights.change(
            right=right, by=owner, seen=seen, brand=right.brand, **facts | {"title": "One"}
        ),
        lambda: rights.change(
            right=right, by=filer, seen=seen, brand=right.brand, **facts | {"title": "Two"}
        ),
    )
    refused = [result for result in results if isinstance(result, rights.RightChanged)]
    assert len(refused) == 1
    right.refresh_from_db()
    assert refused[0].right.title == right.title
    assert right.title in ("One", "Two")


@pytest.mark.django_db(transaction=True)
def test_change_and_verification_at_the_same_moment() -> None:
    """The second one is refused. A right is never verified with facts that the moderator has not seen."""
    member = factories.member()
    owner, moderator = factories.owner(member), factories.moderator()
    right = factories.registered_right(member, by=owner)
    seen = rights.version(right)
    facts = {name: getattr(right, name) for name in factories.facts_of_right()}
    results = run_concurrently(
        lambda: rights.verify(right=right, by=moderator, seen=seen),
        lambda: rights.change(
            right=right, by=owner, seen=seen, brand=right.brand, **facts | {"title": "New"}
        ),
    )
    assert sum(isinstance(result, rights.RightChanged) for result in results) == 1
    right.refresh_from_db()
    assert (right.title == "New") == (right.verified_at is None)


def test_new_brand_appears_with_its_first_verified_right(personas: Personas) -> None:
    assert register(personas, brand="new", new_brand="ALDER KIDS").status_code == 302
    brand = Brand.objects.get(name="ALDER KIDS")
    assert (brand.member, brand.is_active) == (personas.member, False)
    right = brand.rights.get()
    page = personas.client("moderator").get(reverse("triage:right", args=[right.pk]))
    assert "“ALDER KIDS” is a new brand." in page.text
    rights.verify(right=right, by=personas.moderator)
    brand.refresh_from_db()
    assert brand.is_active
    assert right in IPRight.objects.citable()


def test_retired_brand_stays_retired(personas: Personas) -> None:
    right = factories.registered_right(personas.member, under=personas.brand)
    Brand.objects.filter(pk=personas.brand.pk).update(is_active=False)
    rights.verify(right=right, by=personas.moderator)
    personas.brand.refresh_from_db()
    assert not personas.brand.is_active
    url = reverse("rights:register", args=[personas.member.slug])
    assert f'value="{personas.brand.pk}"' not in personas.client("owner").get(url).text


def test_brand_of_another_member_is_refused(personas: Personas) -> None:
    foreign = factories.brand(personas.other_member)
    page = register(personas, brand=str(foreign.pk))
    assert page.status_code == 422
    assert not IPRight.objects.filter(brand=foreign).exists()


def test_agent_chooses_between_members(personas: Personas) -> None:
    client = personas.client("filer")
    assert client.get(reverse("rights:home")).status_code == 302
    Membership.objects.create(user=personas.filer, member=personas.other_member, role="viewer")
    page = client.get(reverse("rights:home"))
    for member in (personas.member, personas.other_member):
        assert reverse("rights:list", args=[member.slug]) in page.text


def test_right_of_another_member_is_not_found(personas: Personas) -> None:
    foreign = factories.right(factories.brand(personas.other_member))
    for name in ("detail", "change"):
        url = reverse(f"rights:{name}", args=[personas.member.slug, foreign.pk])
        assert personas.client("owner").get(url).status_code == 404


def test_rights_follow_their_brand_to_another_member(personas: Personas) -> None:
    personas.brand.member = personas.other_member
    personas.brand.save()
    personas.right.refresh_from_db()
    assert personas.right.member == personas.other_member


def test_renewed_right_is_citable_after_its_verification(personas: Personas) -> None:
    yesterday = clock.today() - timedelta(days=1)
    right = factories.right(personas.brand, expires_on=yesterday, registered_owner="Alder")
    page = personas.client("owner").get(
        reverse("rights:detail", args=[personas.member.slug, right.pk])
    )
    assert "The right has expired" in page.text
    client = personas.client("owner")
    url = reverse("rights:change", args=[personas.member.slug, right.pk])
    data = form_data(client.get(url), FORM, expires_on=str(date.today().year + 9) + "-01-01")
    data |= {"confirmed": "on", "certificate": factories.png("renewal.png")}
    assert client.post(url, data).status_code == 302
    rights.verify(right=right, by=personas.moderator)
    assert right in IPRight.objects.citable()


def test_session_that_expired_keeps_the_text(personas: Personas) -> None:
    client = personas.client("owner")
    url = reverse("rights:register", args=[personas.member.slug])
    data = form_data(client.get(url), FORM, title="Typed for long")
    end_session(client)
    assert client.post(url, data).status_code == 302
    client.force_login(personas.owner)
    page = client.get(url)
    assert 'value="Typed for long"' in page.text
