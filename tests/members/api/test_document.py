"""The OpenAPI document tells the truth: random requests find no server error and no answer outside of it."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import schemathesis
from django.db import connection
from django.test import Client
from django.urls import get_resolver
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from ninja import Schema
from schemathesis import GenerationMode
from schemathesis.specs.openapi import checks

from alliance.api import api
from alliance.wsgi import application
from members.models import User
from tests import factories
from tests.factories.api import Api, access_token
from tests.personas import Personas

pytestmark = pytest.mark.django_db

# More of them once by hand: API_EXAMPLES=300 pytest tests/members/api/test_document.py
EXAMPLES = int(os.environ.get("API_EXAMPLES", "3"))
CHECKS = [
    schemathesis.checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
    checks.response_headers_conformance,
    checks.negative_data_rejection,
]
MODES = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)


@pytest.fixture
def objects(personas: Personas) -> dict[str, Any]:
    """The keys of objects of the member, by the name of the path's parameter."""
    entry = factories.authorised_seller(brand=personas.brand)
    case = factories.draft_case(by=personas.filer, citing=personas.right)
    return {
        "right_id": factories.registered_right(personas.member, by=personas.filer).pk,
        "brand_id": factories.brand(personas.member, is_active=False).pk,
        "product_id": factories.product(personas.brand, by=personas.filer).pk,
        "seller_id": entry.pk,
        "reference": case.reference,
        "evidence_id": str(case.evidence.get().pk),
        "import_id": str(factories.import_job(personas.member, by=personas.filer).pk),
    }


def _schema() -> Any:
    """Return the served document, as if no operation needed a token: the requests of this test have one."""
    served = Client().get("/api/v1/openapi.json").json()
    for methods in served["paths"].values():
        for operation in methods.values():
            del operation["security"]
    schema = schemathesis.openapi.from_dict(served)
    schema.app = application
    return schema


def _uses(operation: Any, objects: dict[str, Any], api: Api) -> Callable[[Any], None]:
    """Return a function that makes a request about a stored object, with its present version."""

    def use(case: Any) -> None:
        for name in set(case.path_parameters) & set(objects):
            case.path_parameters[name] = objects[name]
            if "If-Match" in (case.headers or {}):
                found = api.get(operation.path.split("{")[0] + str(objects[name]))
                case.headers["If-Match"] = found.headers.get("ETag", '"gone"')

    return use


def test_random_requests(
    personas: Personas,
    objects: dict[str, Any],
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Outside of Django's test client, a request ends by closing the connection, with the test's transaction.
    monkeypatch.setattr(connection, "close_if_unusable_or_obsolete", lambda: None)
    settings.API_REQUESTS_PER_MINUTE = 10**6
    secret = access_token(personas.member, personas.owner)[1]
    schema = _schema()
    tried = set()
    for found in schema.get_all_operations():
        operation = found.ok()
        tried.add(f"{operation.method.upper()} {operation.path}")
        _check(operation, secret, _uses(operation, objects, Api(secret)))
    assert len(tried) == 41
    assert User.objects.filter(pk=personas.owner.pk).exists()


def _check(operation: Any, secret: str, use: Callable[[Any], None]) -> None:
    """Send :data:`EXAMPLES` valid and as many invalid requests, half of them about a stored object."""

    strategies = [operation.as_strategy(generation_mode=mode) for mode in MODES]

    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(data=st.data(), stored=st.booleans())
    def check(data: Any, stored: bool) -> None:
        for strategy in strategies:
            case = data.draw(strategy)
            if stored:
                use(case)
            answer = case.call(headers={"Authorization": f"Bearer {secret}"})
            excluded = [checks.negative_data_rejection] if stored else []
            case.validate_response(answer, checks=[one for one in CHECKS if one not in excluded])

    check()


def test_every_operation_is_in_the_document() -> None:
    paths = api.get_openapi_schema()["paths"]
    routes = {
        str(pattern.pattern)
        for resolver in get_resolver().url_patterns
        if str(resolver.pattern) == "api/v1/"
        for pattern in resolver.url_patterns  # type: ignore[union-attr]
    }
    documented = {
        path.removeprefix("/api/v1/").replace("{", "<").replace("}", ">") for path in paths
    }
    assert documented == routes - {"openapi.json", ""}
    for methods in paths.values():
        for operation in methods.values():
            assert {"400", "401", "403", "405", "422", "429", "500", "503"} <= {
                str(status) for status in operation["responses"]
            }
            assert operation["security"] == [{"BearerToken": []}]
            assert operation["description"]


def test_the_names_of_schemas_are_distinct() -> None:
    """Two schemas of one name would be one in the document."""
    found = Counter(
        kind.__name__
        for kind in _subclasses(Schema)
        if kind.__module__.startswith(("alliance.lib.api.", "cases.api.", "members.api."))
    )
    assert found["CaseIn"] == found["RightOut"] == 1
    assert [name for name, count in found.items() if count > 1] == []


def _subclasses(kind: type) -> Iterator[type]:
    for one in kind.__subclasses__():
        yield one
        yield from _subclasses(one)
