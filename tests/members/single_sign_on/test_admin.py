"""Providers in the admin: secrets, domains, metadata, and the test of a connection."""

from __future__ import annotations

from typing import Any

import pytest
from allauth.socialaccount.models import SocialAccount
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from alliance.lib import changes, sealing
from members import domains
from members.models import LoginDomain, Member, SingleSignOn
from tests import factories
from tests.factories.sso import single_sign_on
from tests.forms import form_data
from tests.identity_provider import IdentityProvider
from tests.members.single_sign_on.conftest import DOMAIN, text_of
from tests.personas import browser_of
from tests.saml_provider import SamlProvider

pytestmark = pytest.mark.django_db
LIST = "/admin/members/singlesignon/"
FORM = "singlesignon_form"


@pytest.fixture
def desk(db: None) -> Client:
    return browser_of(factories.admin())


def save(desk: Client, page: str, **changes: Any) -> Any:
    """Send the form of the page with ``changes``; ``domain`` is the first domain."""
    if "domain" in changes:
        changes["domains-0-name"] = changes.pop("domain")
    # The list of members is empty until its script fills it, and a form has no files until one is chosen.
    # A box that is not ticked is not sent.
    names = ("member", "metadata_file", "is_active")
    added = {name: changes.pop(name) for name in names if name in changes}
    return desk.post(page, form_data(desk.get(page), FORM, **changes) | added)


def problems(response: Any) -> str:
    assert response.status_code == 200
    form = response.context["adminform"].form
    inline = response.context["inline_admin_formsets"][0].formset
    return f"{form.errors}{inline.errors}{inline.non_form_errors()}"


def test_from_the_first_save_to_the_active_provider(desk: Client, member: Member) -> None:
    """The other side needs the portal's URLs first, and they exist after the first save."""
    assert (
        save(desk, f"{LIST}add/", member=member.pk, domain=f" @{DOMAIN.upper()}. ").status_code
        == 302
    )
    row = SingleSignOn.objects.get()
    assert [domain.name for domain in row.domains.all()] == [DOMAIN]
    page = f"{LIST}{row.pk}/change/"
    assert f"/accounts/sso/{row.key}/callback/" in text_of(desk.get(page))
    assert "Before you activate it" in problems(save(desk, page, is_active="on"))
    facts = {"issuer": "https://login.brand.example/x", "client_id": "abc", "new_secret": "s3cret"}
    assert save(desk, page, is_active="on", **facts).status_code == 302
    row.refresh_from_db()
    assert (row.is_active, row.secret) == (True, "s3cret")
    assert "s3cret" not in row.secret_sealed
    shown = text_of(desk.get(page)) + text_of(desk.get(f"{LIST}{row.pk}/history/"))
    assert "s3cret" not in shown
    assert row.secret_sealed not in shown
    assert "secret_sealed" not in {
        f.name for f in changes.rows_of(SingleSignOn, row.pk).model._meta.fields
    }
    # Saving again keeps the secret. A new SECRET_KEY can take it over.
    assert save(desk, page, client_id="other").status_code == 302
    sealed = row.secret_sealed
    call_command("reseal_secrets")
    row.refresh_from_db()
    assert (row.client_id, row.secret) == ("other", "s3cret")
    assert row.secret_sealed != sealed
    with pytest.raises(sealing.CannotOpen):
        sealing.unseal(row.secret_sealed, purpose="webhook")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("gmail.com", "public email service"),
        ("QQ.com", "public email service"),
        ("co.uk", "Everybody can register"),
        ("com.cn", "Everybody can register"),
        ("公司.cn", "Everybody can register"),
        ("com", "Enter a domain such as"),
        ("https://brand.example/", "Enter a domain such as"),
        ("a b.example", "Enter a domain such as"),
        ("vera@brand.example", "Enter a domain such as"),
        ("192.0.2.1", "Enter a domain such as"),
        ("x" * 64 + ".example", "Enter a domain such as"),
        ("brand\u202e.example", "Enter a domain such as"),
    ],
)
def test_domains_that_nobody_can_claim(name: str, words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        domains.normalised(name)


def test_domain_belongs_to_one_provider(desk: Client, member: Member) -> None:
    single_sign_on(member, domains=(DOMAIN,))
    other = factories.member()
    found = save(desk, f"{LIST}add/", member=other.pk, domain=DOMAIN.title())
    assert "This domain belongs to another provider." in problems(found)
    found = save(desk, f"{LIST}add/", member=other.pk, domain="Gmail.com")
    assert "public email service" in problems(found)
    assert 'value="Gmail.com"' in text_of(found)  # what was typed stays
    assert domains.normalised("Bücher.example") == "xn--bcher-kva.example"
    assert domains.of_address("x@BÜCHER.example") == "xn--bcher-kva.example"
    # Two standards read these as different domains, which may belong to different people.
    for name in ("straße.de", "βόλος.example", "نامه\u200cای.example", "ක්\u200dෂ.example"):
        assert domains.of_address(f"x@{name}") == "", name
        with pytest.raises(ValidationError, match="Enter a domain such as"):
            domains.normalised(name)
    assert LoginDomain.objects.count() == 1


def test_metadata_is_checked(desk: Client, member: Member, settings: Any) -> None:
    page, good = f"{LIST}add/", SamlProvider().metadata
    facts = {"member": member.pk, "kind": "saml"}
    bomb = '<!DOCTYPE r [<!ENTITY a "x"><!ENTITY b "&a;&a;">]><r>&b;</r>'
    for bad in ("not xml", bomb, "<r/>", good.replace("<ds:X509Certificate>", "<ds:Other>")):
        assert "metadata" in problems(save(desk, page, **facts, metadata=bad)), bad
    plain = good.replace("https://saml", "javascript://saml")
    assert "no https URL" in problems(save(desk, page, **facts, metadata=plain))
    for bad in (b"\xff\xfe\x00", b"x" * (300 * 1024)):
        upload = SimpleUploadedFile("metadata.xml", bad)
        assert "metadata" in problems(save(desk, page, **facts, metadata_file=upload))
    for name, value, words in (
        ("issuer", "https://x.example", "SAML has metadata only"),
        ("new_secret", "x", "SAML has no client secret"),
    ):
        found = save(desk, page, **facts, metadata=good, **{name: value})
        assert words in problems(found)
    for issuer in ("http://login.brand.example", "https://a.example/?x=1", "ftp://a.example"):
        assert "issuer" in problems(save(desk, page, member=member.pk, issuer=issuer))
    upload = SimpleUploadedFile("metadata.xml", good.encode("utf-8-sig"))
    assert save(desk, page, **facts, metadata_file=upload, is_active="on").status_code == 302
    row = SingleSignOn.objects.get()
    assert row.metadata.strip() == good
    assert f"/accounts/sso/{row.key}/acs/" in text_of(desk.get(f"{LIST}{row.pk}/change/"))


def test_connection_is_tested(
    desk: Client, idp: IdentityProvider, row: SingleSignOn, member: Member
) -> None:
    idle = single_sign_on(member, is_active=False)
    data = {"action": "test", "_selected_action": [row.pk, idle.pk]}
    page = text_of(desk.post(LIST, data, follow=True))
    assert "The provider answers." in page
    assert "not active" in page
    row.refresh_from_db()
    assert row.tested_at is not None
    idp.discovery = {"issuer": "https://elsewhere.example"}
    assert "OAuth2Error (issuer)" in text_of(desk.post(LIST, data, follow=True))


def test_metadata_is_tested_without_a_request(desk: Client, member: Member) -> None:
    good = single_sign_on(member, kind="saml", metadata=SamlProvider().metadata)
    bad = single_sign_on(member, kind="saml", metadata="<r/>")
    data = {"action": "test", "_selected_action": [good.pk, bad.pk]}
    page = text_of(desk.post(LIST, data, follow=True))
    assert "The metadata is valid." in page
    assert "The metadata has no entity ID" in page or "This is not the metadata" in page
    assert "The provider answers." not in page
    assert not SingleSignOn.objects.exclude(tested_at=None).exists()


def test_another_provider_has_no_connected_logins(desk: Client, member: Member) -> None:
    """The same subject is another person there."""
    row = single_sign_on(member, domains=(DOMAIN,), secret="s")
    other = single_sign_on(member)
    vera = factories.viewer(member)
    page, metadata = f"{LIST}{row.pk}/change/", SamlProvider().metadata

    def logins_after(**changes: Any) -> bool:
        SocialAccount.objects.all().delete()
        for of in (row, other):
            SocialAccount.objects.create(user=vera, provider=of.key, uid="17")
        sent = {"is_active": "on"} | changes
        response = save(desk, page, **sent)
        assert response.status_code == 302, problems(response)
        assert SocialAccount.objects.filter(provider=other.key).exists()
        left = SocialAccount.objects.filter(provider=row.key).exists()
        shown = text_of(desk.get(LIST))
        assert ("so 1 connected login was deleted" in shown) is not left
        return left

    assert logins_after(issuer="https://login.brand.example/")
    assert not logins_after(issuer="https://elsewhere.example")
    assert not logins_after(client_id="another")  # some providers give each client other subjects
    saml = {"kind": "saml", "issuer": "", "client_id": ""}
    assert not logins_after(**saml, metadata=metadata)
    assert logins_after(metadata=SamlProvider().metadata)  # a new certificate
    assert not logins_after(metadata=metadata.replace("/idp", "/another"))


def test_connected_logins_can_be_deleted_but_not_written(desk: Client, member: Member) -> None:
    vera = factories.viewer(member)
    login = SocialAccount.objects.create(user=vera, provider="key", uid="subject")
    page = reverse("admin:socialaccount_socialaccount_delete", args=[login.pk])
    assert desk.get(reverse("admin:socialaccount_socialaccount_add")).status_code == 403
    assert desk.post(page, {"post": "yes"}).status_code == 302
    assert not SocialAccount.objects.exists()


def test_only_superusers_set_up_providers(member: Member) -> None:
    """The provider of a domain can log in as its people, which an admin must not be able to do."""
    row = single_sign_on(member, domains=(DOMAIN,))
    admin = browser_of(factories.user(is_staff=True))
    page = admin.get(f"{LIST}{row.pk}/change/")
    assert page.status_code == 200
    assert 'name="issuer"' not in text_of(page)
    domain = row.domains.get()
    for url in (f"{LIST}add/", f"{LIST}{row.pk}/change/", f"{LIST}{row.pk}/delete/"):
        assert admin.post(url, {"is_active": "on", "post": "yes"}).status_code == 403
    for url in ("add/", f"{domain.pk}/change/", f"{domain.pk}/delete/"):
        assert admin.post(f"/admin/members/logindomain/{url}", {"post": "yes"}).status_code == 403
    admin.post(LIST, {"action": "test", "_selected_action": [row.pk]})
    row.refresh_from_db()
    assert row.tested_at is None
