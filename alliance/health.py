"""Liveness and readiness endpoints."""

from __future__ import annotations

import asyncio
from typing import Any

from asgiref.sync import sync_to_async
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from health_check.views import HealthCheckView

from alliance.lib import private_files


@login_not_required
@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Return 200. Checks nothing but the process itself."""
    return JsonResponse({"status": "ok"})


@method_decorator(login_not_required, name="dispatch")
class ReadyView(HealthCheckView):
    """Return 200 if the database is reachable, else 503, with the state of each check and no details.

    Low space in the evidence store and an unreachable cache are reported, but do not make the machine unready:
    everything except uploads works without space, and pages work without the cache. The liaison Redis is not
    checked, because updates wait in PostgreSQL.
    """

    checks = ("health_check.checks.Database",)

    async def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with self.get_executor() as executor:
            results = await asyncio.gather(*(c.get_result(executor) for c in self.get_checks()))
        states = {
            type(result.check).__name__.lower(): "failing" if result.error else "ok"
            for result in results
        }
        is_unreachable = await sync_to_async(cache.is_unreachable, thread_sensitive=False)()  # type: ignore[attr-defined]
        states["evidence"] = "low" if private_files.is_low_on_space() else "ok"
        states["cache"] = "away" if is_unreachable else "ok"
        return JsonResponse(states, status=503 if "failing" in states.values() else 200)
