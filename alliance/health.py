"""Is the process alive, and may traffic be sent to it?"""

from __future__ import annotations

import asyncio
from typing import Any

from asgiref.sync import sync_to_async
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from health_check.views import HealthCheckView

from alliance.lib import disk


@login_not_required
@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Answer 200 as long as the process answers at all; looks at nothing else."""
    return JsonResponse({"status": "ok"})


@method_decorator(login_not_required, name="dispatch")
class ReadyView(HealthCheckView):
    """Answer 200 when the portal can work, else 503, with a word for each check and no details.

    An evidence store that is low on space is reported and takes no machine out of service either: everything but
    uploads works. A cache that is away is told and takes no machine out of service: pages do without it, and every other
    machine would be in the same case. The liaison Redis is not asked: updates wait in PostgreSQL.
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
        space = disk.space(settings.EVIDENCE_ROOT)
        is_low = space is None or space.is_below(settings.EVIDENCE_LOW_SPACE_PERCENT)
        states["evidence"] = "low" if is_low else "ok"
        states["cache"] = "away" if is_unreachable else "ok"
        return JsonResponse(states, status=503 if "failing" in states.values() else 200)
