"""Settings of the portal, read from typed environment variables (README lists them).

No secret has a default; ``DEBUG`` is off unless asked for; what is not set is production.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import environ
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _
from kombu import Queue

from alliance.lib.countries import MAINLAND_CHINA_NAMES
from alliance.lib.queues import (
    HARD_LIMIT_SECONDS,
    NAMES,
    SOFT_LIMIT_SECONDS,
    VISIBILITY_SECONDS,
    transport_options,
)
from alliance.logs import configuration as log_configuration
from alliance.schedule import BEAT_SCHEDULE

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()
environ.Env.read_env(BASE_DIR / ".env")

# --- What this installation is ---------------------------------------------------------------
SECRET_KEY = env.str("SECRET_KEY")
SECRET_KEY_FALLBACKS: list[str] = env.list("SECRET_KEY_FALLBACKS", default=[])
DEBUG = env.bool("DEBUG", default=False)
ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS", default=[])
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", default=[])
SITE_URL = env.str("SITE_URL", default="http://localhost:8000").rstrip("/")
DEMO = env.bool("DEMO", default=False)
# Who runs the installation and how to reach them: on the public pages and in security.txt.
CONTACT_EMAIL = env.str("CONTACT_EMAIL", default="contact@demo.example" if DEMO else "")
OPERATOR_NAME = env.str("OPERATOR_NAME", default="")
OPERATOR_ADDRESS = env.str("OPERATOR_ADDRESS", default="", multiline=True)
REQUIRE_SECOND_FACTOR = env.bool("REQUIRE_SECOND_FACTOR", default=True)

# --- The house -------------------------------------------------------------------------------
INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "csp",
    "django_countries",
    "django_filters",
    "django_htmx",
    "django_structlog",
    "template_partials",
    "pgtrigger",
    "pghistory",
    "rules.apps.AutodiscoverRulesConfig",
    "alliance",
    "members",
    "cases",
    "cases.liaison",
]
MIDDLEWARE = [
    "django_prometheus.middleware.PrometheusBeforeMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "alliance.middleware.security_headers",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "alliance.middleware.utf_8_only",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "alliance.middleware.private_pages",
    "django_structlog.middlewares.RequestMiddleware",
    "alliance.middleware.keep_typed",
    "alliance.middleware.short_next",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "alliance.middleware.user_preferences",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "alliance.middleware.require_second_factor",
    "django_htmx.middleware.HtmxMiddleware",
    "alliance.middleware.HistoryMiddleware",
    "django_prometheus.middleware.PrometheusAfterMiddleware",
]
ROOT_URLCONF = "alliance.urls"
# The portal is served at the root of its host. Without this, Django prefixes every path with SCRIPT_NAME, which a
# WSGI server may take from a header of the request.
FORCE_SCRIPT_NAME = ""
WSGI_APPLICATION = "alliance.wsgi.application"
FORM_RENDERER = "alliance.lib.form_renderer.PortalRenderer"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.debug",
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "alliance.context.portal",
            ],
            "builtins": [
                "alliance.templatetags.figures",
                "alliance.templatetags.links",
                "alliance.templatetags.punctuation",
            ],
        },
    },
]

# --- Data ------------------------------------------------------------------------------------
DATABASES = {"default": env.db("DATABASE_URL")}
DATABASES["default"] |= {
    "CONN_MAX_AGE": env.int("CONN_MAX_AGE", default=60),
    "CONN_HEALTH_CHECKS": True,
}
# A PostgreSQL whose machine is gone without a word is noticed within half a minute, not after a quarter of an hour.
DATABASES["default"]["OPTIONS"] = {
    "connect_timeout": 5,
    "keepalives": 1,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,
} | DATABASES["default"].get("OPTIONS", {})
# A process that is frozen, or whose machine is gone, in the middle of a transaction must not hold a lane or a
# case for ever: PostgreSQL ends its session. The other two end what one statement takes, or waits for a lock;
# gunicorn.conf.py sets them for pages. 0 is no limit, and where a pooler refuses to pass the options on, all are 0.
_LIMITS = {
    "idle_in_transaction_session_timeout": env.int(
        "DATABASE_IDLE_IN_TRANSACTION_SECONDS", default=20
    ),
    "statement_timeout": env.int("DATABASE_STATEMENT_SECONDS", default=0),
    "lock_timeout": env.int("DATABASE_LOCK_SECONDS", default=0),
}
if any(_LIMITS.values()):
    DATABASES["default"]["OPTIONS"].setdefault(
        "options",
        " ".join(f"-c {name}={seconds}s" for name, seconds in _LIMITS.items() if seconds),
    )
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
PGHISTORY_APPEND_ONLY = True

REDIS_URL = env.str("REDIS_URL")
# The streams' Redis is not the broker's: in production an instance of its own, AOF on, noeviction.
LIAISON_REDIS_URL = env.str("LIAISON_REDIS_URL")
# The address at which agencies reach that Redis, without a user, e.g. rediss://streams.portal.example:6380/0:
# shown with the password of an agency's account. Empty: it is told by other means.
LIAISON_REDIS_PUBLIC_URL = env.str("LIAISON_REDIS_PUBLIC_URL", default="")
# Who is told by e-mail that a channel is behind; empty: every active admin.
LIAISON_ALERT_EMAILS: list[str] = env.list("LIAISON_ALERT_EMAILS", default=[])
# The password of Prometheus; without one there is no /metrics.
METRICS_TOKEN = env.str("METRICS_TOKEN", default="")
PROMETHEUS_LATENCY_BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
# Lets webhooks go to addresses of one's own network and over plain HTTP: tests and trials, never production.
WEBHOOK_ALLOW_PRIVATE = env.bool("WEBHOOK_ALLOW_PRIVATE", default=False)
# How patient lanes are with the other side; docs/reliability.md says what the fault harness sets.
LIAISON_RETRY_SECONDS = env.float("LIAISON_RETRY_SECONDS", default=10.0)
LIAISON_RETRY_AT_MOST_SECONDS = env.float("LIAISON_RETRY_AT_MOST_SECONDS", default=7200.0)
LIAISON_GIVE_UP_AFTER = env.int("LIAISON_GIVE_UP_AFTER", default=22)
LIAISON_PROBE_SECONDS = env.float("LIAISON_PROBE_SECONDS", default=5.0)
LIAISON_PROBE_AT_MOST_SECONDS = env.float("LIAISON_PROBE_AT_MOST_SECONDS", default=600.0)
LIAISON_STREAM_REST_AT_MOST_SECONDS = env.float("LIAISON_STREAM_REST_AT_MOST_SECONDS", default=60.0)
WEBHOOK_READ_SECONDS = env.float("WEBHOOK_READ_SECONDS", default=10.0)
# For how many days what only piles up is kept; docs/operations.md says why so long.
LIAISON_KEEP_FAILED_ATTEMPTS_DAYS = env.int("LIAISON_KEEP_FAILED_ATTEMPTS_DAYS", default=365)
LIAISON_KEEP_NOTICES_DAYS = env.int("LIAISON_KEEP_NOTICES_DAYS", default=365)
LIAISON_KEEP_FORMER_STREAM_DAYS = env.int("LIAISON_KEEP_FORMER_STREAM_DAYS", default=30)
LIAISON_KEEP_TESTS_DAYS = env.int("LIAISON_KEEP_TESTS_DAYS", default=90)
KEEP_MAILS_DAYS = env.int("KEEP_MAILS_DAYS", default=365)
CACHES = {
    "default": {
        "BACKEND": "alliance.lib.cache.EnduringCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "portal",
    }
}

# Evidence lies outside everything that is served; it leaves through a checked view only.
EVIDENCE_ROOT = Path(env.str("EVIDENCE_ROOT"))
# A member answers a question of the moderators within so many days, and is reminded so many days before the end.
INFORMATION_ANSWER_DAYS = env.int("INFORMATION_ANSWER_DAYS", default=7)
INFORMATION_REMINDER_DAYS = env.int("INFORMATION_REMINDER_DAYS", default=2)
# How long a member may answer a seller's counter-notice before moderators decide without the answer.
COUNTER_NOTICE_ANSWER_DAYS = env.int("COUNTER_NOTICE_ANSWER_DAYS", default=3)
EVIDENCE_MAX_BYTES = env.int("EVIDENCE_MAX_BYTES", default=25 * 1024 * 1024)
# What a member may store, unless its own row in the admin says otherwise; and what of it nobody reviews.
EVIDENCE_QUOTA_MB = env.int("EVIDENCE_QUOTA_MB", default=50 * 1024)
OPEN_DRAFTS_AT_MOST = env.int("OPEN_DRAFTS_AT_MOST", default=100)
# For how many days the files of a discarded draft are kept, and below which share free space is low.
EVIDENCE_KEEP_DISCARDED_DAYS = env.int("EVIDENCE_KEEP_DISCARDED_DAYS", default=7)
EVIDENCE_LOW_SPACE_PERCENT = env.int("EVIDENCE_LOW_SPACE_PERCENT", default=10)
LISTINGS_PER_CASE = 300
# Thousands of long addresses pasted at once get a sentence, not a bare error page: they must be read first.
DATA_UPLOAD_MAX_MEMORY_SIZE = 8 * 1024 * 1024
FILE_UPLOAD_HANDLERS = [
    "alliance.lib.uploads.BoundedUploadHandler",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
# A page with 300 listings sends some hundred fields; a form never needs thousands.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

# --- People ----------------------------------------------------------------------------------
AUTH_USER_MODEL = "members.User"
AUTHENTICATION_BACKENDS = [
    "rules.permissions.ObjectPermissionBackend",
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "start"
ACCOUNT_ADAPTER = "members.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_UNIQUE_EMAIL = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_FORMS = {"reset_password": "members.account_forms.RequestPasswordForm"}
# A mailed link logs in, after the second factor where there is one: also while passwords are limited.
ACCOUNT_LOGIN_ON_PASSWORD_RESET = True
# Wrong passwords. "key" is the client's address and the account together in the first, the account in the second:
# members/adapter.py. allauth's other limits hold as they are.
ACCOUNT_RATE_LIMITS = {
    "login_failed": "10/m/ip,5/5m/key",
    "login_failed_anywhere": "100/h/key",
}
ACCOUNT_LOGOUT_ON_GET = False
# The address is the way to a new password: a browser left open must not be enough to change it.
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_SESSION_REMEMBER = None
ACCOUNT_EMAIL_SUBJECT_PREFIX = "[Alliance Portal] "
# How many proxies add to X-Forwarded-For: the client's address is so many from its end. Behind a proxy with 0, all
# clients have the proxy's address and share its limits; `check --deploy` warns.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=0)
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Alliance Portal"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEBUG or DEMO
# Off: it would write a row with every request of every person, lists included.
USERSESSIONS_TRACK_ACTIVITY = False

# --- Languages and time ----------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("zh-hans", _("Simplified Chinese"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
# “Hong Kong, China” (中国香港) instead of “Hong Kong” (香港), likewise Macao and Taiwan.
COUNTRIES_OVERRIDE = MAINLAND_CHINA_NAMES if env.bool("MAINLAND_CHINA_NAMES", default=False) else {}
USE_I18N = True
TIME_ZONE = "UTC"
USE_TZ = True
# Figures are grouped where they are shown (alliance.templatetags.figures), never in keys or addresses.
USE_THOUSAND_SEPARATOR = False
FORMAT_MODULE_PATH = ["alliance.formats"]

# --- Static files and mail -------------------------------------------------------------------
STATIC_URL = "static/"
# The portal's own pages are the only ones that load its files.
WHITENOISE_ALLOW_ALL_ORIGINS = False
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES: dict[str, dict[str, Any]] = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": EVIDENCE_ROOT, "base_url": None},
    },
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
vars().update(env.email_url("EMAIL_URL"))
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.str(
    "DEFAULT_FROM_EMAIL", default="Alliance Portal <no-reply@portal.example>"
)
SERVER_EMAIL = DEFAULT_FROM_EMAIL
# Who is mailed about errors in the log; nobody unless named.
ADMINS = [("", address) for address in env.list("ERROR_EMAILS", default=[])]
EMAIL_SUBJECT_PREFIX = ACCOUNT_EMAIL_SUBJECT_PREFIX

# --- Security --------------------------------------------------------------------------------
# SECURE_SSL=0 is for a portal on plain HTTP on one's own machine: the demo, development, tests.
SECURE_SSL = env.bool("SECURE_SSL", default=True)
SECURE_SSL_REDIRECT = SECURE_SSL
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE_SSL else None
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if SECURE_SSL else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_SSL
SECURE_HSTS_PRELOAD = SECURE_SSL
SECURE_REFERRER_POLICY = "same-origin"
SESSION_ENGINE = "alliance.sessions"
SESSION_COOKIE_SECURE = SECURE_SSL
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_NAME = "portal_session"
CSRF_COOKIE_SECURE = SECURE_SSL
CSRF_COOKIE_NAME = "portal_csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "alliance.errors.csrf_failure"
LANGUAGE_COOKIE_NAME = "portal_language"
LANGUAGE_COOKIE_SAMESITE = "Lax"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}

# --- Logs ------------------------------------------------------------------------------------
LOGGING = log_configuration(
    as_json=env.str("LOG_FORMAT", default="json") == "json",
    level=env.str("LOG_LEVEL", default="INFO"),
    mail_errors=bool(ADMINS),
)
DJANGO_STRUCTLOG_CELERY_ENABLED = True
# An address and a browser are personal data; ids are what the logs keep.
DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = False

# --- Celery ----------------------------------------------------------------------------------
# Tasks carry ids and nothing else, and every one may run twice, late or never: what has to be done is a
# row in PostgreSQL, and a sweep finds it. docs/operations.md tells how the settings below were chosen.
CELERY_BROKER_URL = env.str("CELERY_BROKER_URL", default="") or REDIS_URL
CELERY_BROKER_TRANSPORT_OPTIONS = transport_options(
    CELERY_BROKER_URL,
    visibility_seconds=env.int("CELERY_VISIBILITY_TIMEOUT", default=VISIBILITY_SECONDS),
    sentinel_master=env.str("CELERY_SENTINEL_MASTER", default=""),
)
CELERY_TASK_QUEUES = [Queue(name, routing_key=name) for name in NAMES]
CELERY_BROKER_CONNECTION_TIMEOUT = 5
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_CONSUMER = "alliance.consumer:Consumer"
# Celery's own way is to close connections after so many tasks, whatever their state; ours: alliance/celery.py.
CELERY_DB_REUSE_MAX = 2**62
# No healthy task takes longer than a slice of 20 s and, for webhooks, the last answer's 15 s. What takes
# longer is told to end, then ended, before the broker gives it to another worker.
CELERY_TASK_SOFT_TIME_LIMIT = SOFT_LIMIT_SECONDS
CELERY_TASK_TIME_LIMIT = HARD_LIMIT_SECONDS
# Told to end at once (SIGQUIT), a worker still gives its tasks so long, then puts them back.
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = env.float("CELERY_SOFT_SHUTDOWN_SECONDS", default=10.0)
CELERY_TASK_DEFAULT_QUEUE = "default"
# A task for a queue that nobody reads would wait for ever: better an error where it is sent.
CELERY_TASK_CREATE_MISSING_QUEUES = False
CELERY_TASK_ROUTES = {
    # Webhooks wait for others' machines: never in a queue that somebody else's updates wait in.
    "cases.liaison.tasks.push_webhook_lane": {"queue": "webhook"},
    "cases.liaison.tasks.push_mail_lane": {"queue": "mail"},
    "cases.liaison.tasks.*": {"queue": "stream"},
    "cases.tasks.send_mail*": {"queue": "mail"},
}
# Celery's own beat sends these; one process of it runs. Lanes and e-mails do not depend on it: a thread in
# each worker finds those that are due (cases/background/sweeper.py).
CELERY_BEAT_SCHEDULE = BEAT_SCHEDULE
