"""The pages of single sign-on."""

from __future__ import annotations

from django.urls import reverse

from tests import factories
from tests.browser.form_pages import post
from tests.browser.visits import FormVisit, Visit
from tests.personas import Personas


def visits(cast: Personas) -> list[Visit | FormVisit]:
    """Return the form, the form with an error, and a response to no login of the browser."""
    provider = factories.single_sign_on(cast.member, domains=("alder.example",))
    return [
        Visit("anonymous", reverse("single_sign_on")),
        post("anonymous", "single_sign_on", login="vera@elsewhere.example"),
        Visit("anonymous", reverse("openid_connect_callback", args=[provider.key])),
    ]
