"""Is the process alive, and may traffic be sent to it?"""

from __future__ import annotations

import asyncio
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from health_check.views import HealthCheckView


@login_not_required
@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Answer 200 as long as the process answers at all; looks at nothing else."""
    return JsonResponse({"status": "ok"})


@method_decorator(login_not_required, name="dispatch")
class ReadyView(HealthCheckView):
    """Answer 200 when the portal can work, else 503, with a word for each check and no details.

    The liaison Redis is not among the checks: updates wait in PostgreSQL when it is away.
    """

    checks = ("health_check.checks.Database", "health_check.checks.Cache")

    async def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with self.get_executor() as executor:
            results = await asyncio.gather(*(c.get_result(executor) for c in self.get_checks()))
        states = {
            type(result.check).__name__.lower(): "failing" if result.error else "ok"
            for result in results
        }
        return JsonResponse(states, status=503 if "failing" in states.values() else 200)
