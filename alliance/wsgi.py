"""The WSGI application that gunicorn serves."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "alliance.settings")
django.setup(set_prefix=False)

from alliance.handler import PortalHandler  # noqa: E402  (needs configured settings)

application = PortalHandler()
