"""Settings, read from environment variables (listed in docs/operations.md).

The defaults are for production. Secrets have no default.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import environ
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _
from kombu import Queue

from alliance.accounts import ACCOUNT_SETTINGS
from alliance.lib.countries import MAINLAND_CHINA_NAMES
from alliance.lib.queues import (
    HARD_LIMIT_SECONDS,
    OCR,
    SOFT_LIMIT_SECONDS,
    VISIBILITY_SECONDS,
    queue_names,
    transport_options,
)
from alliance.logs import configuration as log_configuration
from alliance.schedule import BEAT_SCHEDULE

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()
environ.Env.read_env(BASE_DIR / ".env")

# --- Installation ----------------------------------------------------------------------------
SECRET_KEY = env.str("SECRET_KEY")
SECRET_KEY_FALLBACKS: list[str] = env.list("SECRET_KEY_FALLBACKS", default=[])
DEBUG = env.bool("DEBUG", default=False)
ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS", default=[])
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", default=[])
SITE_URL = env.str("SITE_URL", default="http://localhost:8000").rstrip("/")
DEMO = env.bool("DEMO", default=False)
# The operator of the installation and its contact address, for the public pages and security.txt.
CONTACT_EMAIL = env.str("CONTACT_EMAIL", default="contact@demo.example" if DEMO else "")
OPERATOR_NAME = env.str("OPERATOR_NAME", default="")
OPERATOR_ADDRESS = env.str("OPERATOR_ADDRESS", default="", multiline=True)
REQUIRE_SECOND_FACTOR = env.bool("REQUIRE_SECOND_FACTOR", default=True)

# --- Applications ----------------------------------------------------------------------------
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
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.socialaccount.providers.saml",
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
    "alliance.middleware.problems_for_programs",
    "alliance.middleware.utf_8_only",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "alliance.middleware.private_pages",
    "django_structlog.middlewares.RequestMiddleware",
    "alliance.middleware.recover_forms",
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
# The portal is served at the root of its host. A WSGI server may take SCRIPT_NAME from a request header.
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
                "alliance.templatetags.icons",
                "alliance.templatetags.links",
                "alliance.templatetags.separators",
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
# Detect a lost PostgreSQL host within half a minute instead of a quarter of an hour.
DATABASES["default"]["OPTIONS"] = {
    "connect_timeout": 5,
    "keepalives": 1,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,
} | DATABASES["default"].get("OPTIONS", {})
# The first limit ends the session of a process that hangs within a transaction, so that it does not lock a channel or
# a case forever. The other two limit a statement and its wait for locks; gunicorn.conf.py sets them for web processes.
# 0 means no limit. Set all three to 0 behind a connection pooler that rejects the options.
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
# The Redis of the agencies' streams. In production a separate instance with append-only file and noeviction.
LIAISON_REDIS_URL = env.str("LIAISON_REDIS_URL")
# The public URL of that Redis without credentials, for example rediss://streams.portal.example:6380/0. It is shown
# together with an agency's password. Leave it empty to send it by other means.
LIAISON_REDIS_PUBLIC_URL = env.str("LIAISON_REDIS_PUBLIC_URL", default="")
# Recipients of channel alerts. Empty: every active admin.
LIAISON_ALERT_EMAILS: list[str] = env.list("LIAISON_ALERT_EMAILS", default=[])
# The token for /metrics. Without a token, /metrics returns 404.
METRICS_TOKEN = env.str("METRICS_TOKEN", default="")
PROMETHEUS_LATENCY_BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
# Allow webhooks to private addresses and over plain HTTP. For tests and trials only.
WEBHOOK_ALLOW_PRIVATE = env.bool("WEBHOOK_ALLOW_PRIVATE", default=False)
# Retry intervals and circuit breaker of the channels. docs/reliability.md has the values of the fault tests.
LIAISON_RETRY_SECONDS = env.float("LIAISON_RETRY_SECONDS", default=10.0)
LIAISON_RETRY_MAX_SECONDS = env.float("LIAISON_RETRY_MAX_SECONDS", default=7200.0)
LIAISON_DEAD_AFTER_ATTEMPTS = env.int("LIAISON_DEAD_AFTER_ATTEMPTS", default=22)
LIAISON_PROBE_SECONDS = env.float("LIAISON_PROBE_SECONDS", default=5.0)
LIAISON_PROBE_MAX_SECONDS = env.float("LIAISON_PROBE_MAX_SECONDS", default=600.0)
LIAISON_STREAM_RETRY_MAX_SECONDS = env.float("LIAISON_STREAM_RETRY_MAX_SECONDS", default=60.0)
WEBHOOK_READ_SECONDS = env.float("WEBHOOK_READ_SECONDS", default=10.0)
# Retention in days. docs/operations.md has the reasons.
LIAISON_KEEP_FAILED_ATTEMPTS_DAYS = env.int("LIAISON_KEEP_FAILED_ATTEMPTS_DAYS", default=365)
LIAISON_KEEP_NOTICES_DAYS = env.int("LIAISON_KEEP_NOTICES_DAYS", default=365)
LIAISON_KEEP_FORMER_STREAM_DAYS = env.int("LIAISON_KEEP_FORMER_STREAM_DAYS", default=30)
LIAISON_KEEP_ACKNOWLEDGED_STREAM_DAYS = env.int("LIAISON_KEEP_ACKNOWLEDGED_STREAM_DAYS", default=30)
LIAISON_KEEP_TESTS_DAYS = env.int("LIAISON_KEEP_TESTS_DAYS", default=90)
KEEP_MAILS_DAYS = env.int("KEEP_MAILS_DAYS", default=365)
IMPORT_KEEP_DAYS = env.int("IMPORT_KEEP_DAYS", default=30)
CACHES = {
    "default": {
        "BACKEND": "alliance.lib.cache.FallbackCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "portal",
    }
}

# Evidence is not in a served folder. A view with access control serves it.
EVIDENCE_ROOT = Path(env.str("EVIDENCE_ROOT"))
# "folder", or "s3" for a bucket with object lock (docs/operations.md).
EVIDENCE_STORE = env.str("EVIDENCE_STORE", default="folder")
EVIDENCE_S3_BUCKET = env.str("EVIDENCE_S3_BUCKET", default="")
EVIDENCE_S3_ENDPOINT = env.str("EVIDENCE_S3_ENDPOINT", default="")
EVIDENCE_S3_LOCK_DAYS = env.int("EVIDENCE_S3_LOCK_DAYS", default=0)
# Days that a member has to reply to an information request, and days before the deadline of the reminder.
INFORMATION_ANSWER_DAYS = env.int("INFORMATION_ANSWER_DAYS", default=7)
INFORMATION_REMINDER_DAYS = env.int("INFORMATION_REMINDER_DAYS", default=2)
# Days that a member has to reply to a counter-notice. After that, moderators decide without the reply.
COUNTER_NOTICE_ANSWER_DAYS = env.int("COUNTER_NOTICE_ANSWER_DAYS", default=3)
# Days in which late evidence reopens a rejected case: the six months of Art. 20(1) of Regulation (EU) 2022/2065.
LATE_EVIDENCE_DAYS = env.int("LATE_EVIDENCE_DAYS", default=184)
EVIDENCE_MAX_BYTES = env.int("EVIDENCE_MAX_BYTES", default=25 * 1024 * 1024)
EVIDENCE_MAX_RECORDING_BYTES = env.int("EVIDENCE_MAX_RECORDING_BYTES", default=200 * 1024 * 1024)
# Default evidence quota of a member, which the admin can override, and maximum number of its open drafts.
EVIDENCE_QUOTA_MB = env.int("EVIDENCE_QUOTA_MB", default=50 * 1024)
MAX_OPEN_DRAFTS = env.int("MAX_OPEN_DRAFTS", default=100)
MAX_OPEN_INVITATIONS = env.int("MAX_OPEN_INVITATIONS", default=100)
# Days that the files of a discarded draft are kept, and the percentage of free space below which an alert is sent.
EVIDENCE_KEEP_DISCARDED_DAYS = env.int("EVIDENCE_KEEP_DISCARDED_DAYS", default=7)
EVIDENCE_LOW_SPACE_PERCENT = env.int("EVIDENCE_LOW_SPACE_PERCENT", default=10)
# Whether workers read contacts of sellers in pictures of evidence, with the packages of requirements-ocr.txt.
OCR_ENABLED = env.bool("OCR_ENABLED", default=False)
LISTINGS_PER_CASE = 300
# Seconds in which a moderator can undo a decision before it takes effect. With 0 it takes effect at once.
DECISION_UNDO_SECONDS = env.int("DECISION_UNDO_SECONDS", default=60)
API_REQUESTS_PER_MINUTE = env.int("API_REQUESTS_PER_MINUTE", default=300)
# Large enough for thousands of pasted URLs, so that the form can show an error.
DATA_UPLOAD_MAX_MEMORY_SIZE = 8 * 1024 * 1024
FILE_UPLOAD_HANDLERS = [
    "alliance.lib.uploads.BoundedUploadHandler",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000  # a case with 300 listings posts several hundred fields

# --- People ----------------------------------------------------------------------------------
AUTH_USER_MODEL = "members.User"
AUTHENTICATION_BACKENDS = [
    "rules.permissions.ObjectPermissionBackend",
    "members.backends.ModelBackend",
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
vars().update(ACCOUNT_SETTINGS)
ACCOUNT_EMAIL_SUBJECT_PREFIX = "[Alliance Portal] "
# The number of proxies that append to X-Forwarded-For, to find the client's address. With 0 behind a proxy, all
# clients have the proxy's address and share its rate limits; `check --deploy` warns.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=0)
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_ISSUER = "Alliance Portal"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEBUG or DEMO
USERSESSIONS_TRACK_ACTIVITY = False  # it would write a row for every request
# The time for one request to a member's identity provider.
SINGLE_SIGN_ON_SECONDS = env.float("SINGLE_SIGN_ON_SECONDS", default=5.0)

# --- Languages and time ----------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("zh-hans", _("Simplified Chinese"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
# “Hong Kong, China” (中国香港) instead of “Hong Kong” (香港), likewise Macao and Taiwan.
COUNTRIES_OVERRIDE = MAINLAND_CHINA_NAMES if env.bool("MAINLAND_CHINA_NAMES", default=False) else {}
TIME_ZONE = env.str("TIME_ZONE", default="UTC")
# Templates group numbers with a filter (alliance.templatetags.figures), so keys and URLs are not grouped.
USE_THOUSAND_SEPARATOR = False
FORMAT_MODULE_PATH = ["alliance.formats"]

# --- Static files and mail -------------------------------------------------------------------
STATIC_URL = "static/"
# No CORS header: only the portal loads its static files.
WHITENOISE_ALLOW_ALL_ORIGINS = False
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
_STATIC = "alliance.lib.static_files.CompressedHashedFiles"
if DEMO:  # compression takes ten seconds and gains nothing on one machine
    _STATIC = "alliance.lib.static_files.HashedFiles"
if DEBUG:
    _STATIC = "django.contrib.staticfiles.storage.StaticFilesStorage"
STORAGES: dict[str, dict[str, Any]] = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": EVIDENCE_ROOT, "base_url": None},
    },
    "staticfiles": {"BACKEND": _STATIC},
}
vars().update(env.email_url("EMAIL_URL"))
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.str(
    "DEFAULT_FROM_EMAIL", default="Alliance Portal <no-reply@portal.example>"
)
SERVER_EMAIL = DEFAULT_FROM_EMAIL
# Recipients of error emails. Empty: none.
ADMINS = [("", address) for address in env.list("ERROR_EMAILS", default=[])]
EMAIL_SUBJECT_PREFIX = ACCOUNT_EMAIL_SUBJECT_PREFIX

# --- Security --------------------------------------------------------------------------------
# SECURE_SSL=0 serves plain HTTP, for the demo, development and tests.
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
# Client addresses and user agents are personal data; the logs have ids only.
DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = False

# --- Celery ----------------------------------------------------------------------------------
# Tasks carry ids only. A task may run twice, late or not at all: a sweep finds its row (docs/operations.md).
CELERY_BROKER_URL = env.str("CELERY_BROKER_URL", default="") or REDIS_URL
CELERY_BROKER_TRANSPORT_OPTIONS = transport_options(
    CELERY_BROKER_URL,
    visibility_seconds=env.int("CELERY_VISIBILITY_TIMEOUT", default=VISIBILITY_SECONDS),
    sentinel_master=env.str("CELERY_SENTINEL_MASTER", default=""),
)
CELERY_TASK_QUEUES = [Queue(name, routing_key=name) for name in queue_names(ocr=OCR_ENABLED)]
CELERY_BROKER_CONNECTION_TIMEOUT = 5
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_CONSUMER = "alliance.consumer:Consumer"
# Effectively unlimited: alliance/celery.py closes database connections.
CELERY_DB_REUSE_MAX = 2**62
# A task takes up to 20 s, for webhooks 35 s. Longer ones are stopped before the broker redelivers them.
CELERY_TASK_SOFT_TIME_LIMIT = SOFT_LIMIT_SECONDS
CELERY_TASK_TIME_LIMIT = HARD_LIMIT_SECONDS
# After SIGQUIT a worker waits this long for its tasks, then returns them to the queue.
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = env.float("CELERY_SOFT_SHUTDOWN_SECONDS", default=10.0)
CELERY_TASK_DEFAULT_QUEUE = "default"
# Sending to an unknown queue raises an error, instead of waiting in a queue without a worker.
CELERY_TASK_CREATE_MISSING_QUEUES = False
CELERY_TASK_ROUTES = {
    "cases.liaison.tasks.push_webhook_channel": {"queue": "webhook"},
    "cases.liaison.tasks.push_member_webhook": {"queue": "member_webhook"},
    "cases.liaison.tasks.push_email_channel": {"queue": "mail"},
    "cases.liaison.tasks.*": {"queue": "stream"},
    "cases.tasks.send_mail*": {"queue": "mail"},
    "cases.tasks.read_pictures": {"queue": OCR if OCR_ENABLED else "default"},
}
# One process. Deliveries and emails do not depend on it: every worker finds them (cases/background/sweeper.py).
CELERY_BEAT_SCHEDULE = BEAT_SCHEDULE
