"""The program printed in docs/members-api.md files a case."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from cases.models import Case
from tests import factories
from tests.factories.api import access_token, complaint_body
from tests.factories.files import png_bytes

PAGE = Path(settings.BASE_DIR) / "docs" / "members-api.md"


@pytest.mark.django_db(transaction=True)
def test_the_program_files_a_case(
    live_server: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    right, market = factories.right(), factories.marketplace()
    secret = access_token(right.brand.member, factories.filer(right.brand.member))[1]
    monkeypatch.setenv("TOKEN", secret)
    monkeypatch.setenv("PORTAL", live_server.url)
    [block] = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    names: dict[str, Any] = {}
    exec(compile(block, "file_case.py", "exec"), names)
    picture = tmp_path / "page.png"
    picture.write_bytes(png_bytes())
    complaint = complaint_body(right, market)
    references = {names["file_case"](complaint, picture, key="order-1") for _ in range(2)}
    case = Case.objects.get()
    assert references == {case.reference}
    assert case.status == "submitted"
    assert all("decides by" in text for text in names["still_up"](case.reference).values())
    with pytest.raises(SystemExit, match="right_id"):
        names["file_case"](complaint | {"right_id": 999_999}, picture)
    names["portal"].close()  # the server's thread keeps its connection to the database as long
