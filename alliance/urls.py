"""The URLs of the site. Each one has a row in tests/matrix.py."""

from __future__ import annotations

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path

from alliance import api, health, views
from cases.liaison.delivery.pull import api as liaison_api
from cases.liaison.monitoring import metrics
from cases.views import documents
from members.views import addresses, invitation, profile, sessions

# The admin uses the portal's login page and two-factor authentication.
admin.autodiscover()
admin.site.login = login_not_required(secure_admin_login(admin.site.login))  # type: ignore[method-assign]

# Without view_on_site: it redirects to any object by content type, and the admin links to pages directly.
_admin_urls = [url for url in admin.site.get_urls() if getattr(url, "name", "") != "view_on_site"]

urlpatterns = [
    path("", include("cases.urls.public")),
    path("", include("alliance.page_urls")),
    path("members/", include("members.urls.directory")),
    path("join/", include("members.urls.join")),
    path("start/", views.start, name="start"),
    path("", include("cases.urls.desk")),
    path("notifications/", include("cases.urls.notifications")),
    path("triage/", include("cases.urls.triage")),
    path("liaison/", include("cases.urls.liaison")),
    path("api/v1/liaison/docs/", api.liaison_docs, name="liaison_api_docs"),
    path("api/v1/liaison/", liaison_api.urls),
    path("api/v1/docs/", api.docs, name="api_docs"),
    path("api/v1/", api.urls),
    path("people/", include("members.urls.people")),
    path("rights/", include("members.urls.rights")),
    path("imports/", include("members.urls.imports")),
    path("allow-list/", include("cases.urls.allow_list")),
    path("purchases/", include("cases.urls.purchases")),
    path("products/guides/", include("cases.urls.guides")),
    path("products/", include("members.urls.products")),
    path("access-tokens/", include("members.urls.tokens")),
    path("webhooks/", include("cases.urls.webhooks")),
    path("documents/<uuid:pk>/", documents.download, name="document"),
    path("accounts/invitation/<str:key>/", invitation.invitation, name="invitation"),
    path("accounts/profile/", profile.profile, name="profile"),
    path("accounts/profile/shortcuts/", profile.shortcuts, name="profile_shortcuts"),
    path("accounts/sessions/<int:pk>/end/", sessions.end, name="session_end"),
    # Before allauth's URLs of the same names.
    path("accounts/email/", addresses.Addresses.as_view(), name="account_email"),
    path("accounts/2fa/recovery-codes/", sessions.recovery_codes, name="mfa_view_recovery_codes"),
    path("accounts/sso/", include("members.urls.single_sign_on")),
    # Without allauth's pages for connecting and signing up with a provider.
    path("accounts/", include("allauth.account.urls")),
    path("accounts/2fa/", include("allauth.mfa.urls")),
    path("accounts/sessions/", include("allauth.usersessions.urls")),
    path("admin/", (_admin_urls, "admin", admin.site.name)),
    path("i18n/setlang/", views.set_language, name="set_language"),
    path("healthz", health.healthz, name="healthz"),
    path("metrics", metrics.metrics, name="metrics"),
    path("readyz", health.ReadyView.as_view(), name="readyz"),
]
