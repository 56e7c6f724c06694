"""Settings of django-allauth that are the same in every installation. Read by the settings."""

from typing import Any

ACCOUNT_SETTINGS: dict[str, Any] = {
    "ACCOUNT_ADAPTER": "members.adapter.AccountAdapter",
    "ACCOUNT_USER_MODEL_USERNAME_FIELD": None,
    "ACCOUNT_LOGIN_METHODS": {"email"},
    "ACCOUNT_SIGNUP_FIELDS": ["email*", "password1*", "password2*"],
    "ACCOUNT_EMAIL_VERIFICATION": "mandatory",
    "ACCOUNT_UNIQUE_EMAIL": True,
    "ACCOUNT_PREVENT_ENUMERATION": True,
    "ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS": False,
    "ACCOUNT_FORMS": {
        "add_email": "members.forms.account.AddAddressForm",
        "reset_password": "members.forms.account.RequestPasswordForm",
    },
    # A password reset also logs the person in, after two-factor authentication. This works while login is rate limited.
    "ACCOUNT_LOGIN_ON_PASSWORD_RESET": True,
    # Limits for wrong passwords. "key" is client address and account in the first, the account in the second: see
    # members/adapter.py. allauth's other limits keep their defaults.
    "ACCOUNT_RATE_LIMITS": {
        "login_failed": "10/m/ip,5/5m/key",
        "login_failed_anywhere": "100/h/key",
        # The steps of single sign-on: the form, the start, which asks the provider, and the response.
        "single_sign_on": "60/m/ip",
        "single_sign_on_start": "60/m/ip",
        "single_sign_on_response": "60/m/ip",
    },
    "ACCOUNT_LOGOUT_ON_GET": False,
    # Changing the email address requires the password, because the address can reset it, or a second factor. People
    # with neither, whose account was created by single sign-on, are not asked. Where single sign-on is required, they
    # can change to addresses of its domains only.
    "ACCOUNT_REAUTHENTICATION_REQUIRED": True,
    "ACCOUNT_SESSION_REMEMBER": None,
    "SOCIALACCOUNT_ADAPTER": "members.single_sign_on.adapter.SingleSignOnAdapter",
    "SOCIALACCOUNT_PROVIDERS": {
        "openid_connect": {
            "provider_class": "members.single_sign_on.oidc.Provider",
            "OAUTH_PKCE_ENABLED": True,
        },
        "saml": {"provider_class": "members.single_sign_on.saml.Provider"},
    },
    # Accounts are linked by members/services/single_sign_on.py alone.
    "SOCIALACCOUNT_EMAIL_AUTHENTICATION": False,
    "SOCIALACCOUNT_STORE_TOKENS": False,
}
