"""The profile page, and the browser's time zone as the first guess."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from alliance.lib import clock, time_zones
from members.models import Membership, User
from tests import factories
from tests.forms import form_data
from tests.personas import Personas


def log_in(client: Client, user: User, zone: str = "") -> None:
    """Log in with the login form, as a browser in ``zone``."""
    user.set_password("correct horse")
    user.save()
    if zone:
        client.cookies[time_zones.COOKIE] = zone
    url = reverse("account_login")
    client.post(url, form_data(client.get(url), url, login=user.email, password="correct horse"))
    assert client.session.get("_auth_user_id") == str(user.pk)


def save(client: Client, **changes: str) -> Any:
    """Change the fields of the profile page and send its form."""
    url = reverse("profile")
    return client.post(url, form_data(client.get(url), url, **changes))


@pytest.mark.parametrize(
    ("stored", "browser", "expected"),
    [
        ("", "Asia/Shanghai", "Asia/Shanghai"),
        ("Europe/Paris", "Asia/Shanghai", "Europe/Paris"),
        ("", "../../etc/passwd", ""),
        ("", "Europe/Nowhere", ""),
        ("", "", ""),
    ],
)
def test_browser_zone_is_the_first_guess(
    client: Client, db: None, stored: str, browser: str, expected: str
) -> None:
    user = factories.user(time_zone=stored)
    log_in(client, user, browser)
    user.refresh_from_db()
    assert user.time_zone == expected


def test_times_are_in_the_stored_zone_and_the_footer_names_it(
    client: Client, personas: Personas, settings: Any
) -> None:
    settings.TIME_ZONE = "Asia/Tokyo"
    client.force_login(personas.filer)
    for stored, shown in (("", "Asia/Tokyo"), ("Europe/Paris", "Europe/Paris")):
        User.objects.filter(pk=personas.filer.pk).update(time_zone=stored)
        assert f"Times are shown in {shown}." in client.get(reverse("desk:home")).text


def test_profile_is_saved(client: Client, personas: Personas) -> None:
    client.force_login(personas.filer)
    client.cookies["portal_language"] = "en"
    response = save(client, name="Zoë Ng", language="zh-hans", time_zone="Asia/Kathmandu")
    assert response.status_code == 302
    personas.filer.refresh_from_db()
    filer = personas.filer
    assert (filer.name, filer.language, filer.time_zone) == ("Zoë Ng", "zh-hans", "Asia/Kathmandu")
    page = client.get(reverse("profile"))
    assert page["Content-Language"] == "zh-hans"
    assert "Kathmandu (UTC+5:45)" in page.text


@pytest.mark.parametrize(
    "wrong",
    [{"name": " "}, {"name": "\u200b"}, {"time_zone": "Mars/Olympus"}, {"language": "tlh"}],
)
def test_errors_keep_what_was_typed(
    client: Client, personas: Personas, wrong: dict[str, str]
) -> None:
    client.force_login(personas.filer)
    before = personas.filer.name
    response = save(client, **{"name": "Someone Else", "time_zone": "Asia/Tokyo"} | wrong)
    assert response.status_code == 422
    kept = form_data(response, reverse("profile"))
    assert kept["name"] == wrong.get("name", "Someone Else")
    assert before in response.text  # in the header, which shows the saved name
    personas.filer.refresh_from_db()
    assert personas.filer.name == before


def test_other_fields_cannot_be_posted(client: Client, personas: Personas) -> None:
    client.force_login(personas.filer)
    sent = form_data(client.get(reverse("profile")), reverse("profile"))
    client.post(reverse("profile"), sent | {"is_staff": "on", "email": "x@y.example"})
    filer = User.objects.get(pk=personas.filer.pk)
    assert (filer.is_staff, filer.email) == (False, personas.filer.email)


def test_another_zone_of_the_browser_is_mentioned(client: Client, personas: Personas) -> None:
    User.objects.filter(pk=personas.filer.pk).update(time_zone="Europe/Paris")
    client.force_login(personas.filer)
    client.cookies[time_zones.COOKIE] = "Asia/Tokyo"
    assert "This browser’s time zone: Asia/Tokyo" in client.get(reverse("profile")).text


def test_every_choice_is_a_zone_and_has_its_offset() -> None:
    names = [name for _area, zones in time_zones.choices() for name, _label in zones]
    assert len(names) == len(set(names)) > 300
    assert all(time_zones.named(name).key == name for name in names)
    with clock.at(datetime(2026, 7, 1, tzinfo=UTC)):
        labels = {name: label for _area, zones in time_zones.choices() for name, label in zones}
    assert labels["Asia/Kolkata"] == "Kolkata (UTC+5:30)"
    assert labels["America/New_York"] == "New York (UTC-4)"
    assert labels["UTC"] == "UTC"


def test_roles_begin_at_midnight_of_the_installation(personas: Personas, settings: Any) -> None:
    settings.TIME_ZONE = "Asia/Shanghai"
    midnight = datetime(2026, 11, 29, 16, 0, tzinfo=UTC)  # 30 November, 00:00 in Shanghai
    Membership.objects.filter(user=personas.filer).update(valid_from=datetime(2026, 11, 30))
    role = Membership.objects.filter(user=personas.filer)
    with clock.at(midnight - timedelta(seconds=1)):
        assert not role.in_force().exists()
    with clock.at(midnight):
        assert role.in_force().exists()
