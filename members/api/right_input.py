"""What programs send of a right, checked by the form of the pages, so that the same rules apply."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field

from alliance.lib.api.problems import Problem
from members.api.common import Classes, Code, Day, Strict_, Truth, Whole, example
from members.forms.registration import RegistrationForm
from members.models import IPRight, Member

Text = Annotated[str, Field(min_length=1, max_length=200)]
Office = Annotated[str, Field(min_length=1, max_length=20)]
Number = Annotated[str, Field(min_length=1, max_length=60)]
Kind = Literal["trademark", "copyright", "design", "patent", "gi"]
Territory = Annotated[list[Code], Field(min_length=1, max_length=300)]

_TERRITORY = "ISO 3166-1 codes. EU, BX (Benelux) and OA (OAPI) stand for their member states."
_CLASSES = "Required for a trademark, and empty for other kinds."
# Fields of the form that programs do not send: the certificate has an operation of its own.
_NOT_SENT = ("certificate", "new_brand", "confirmed", "seen")


class RightIn(Strict_):
    """A new right."""

    model_config = example(
        brand_id=12,
        kind="trademark",
        title="VELMONDRA",
        registered_owner="Velmondra SA",
        office="EUIPO",
        number="018000001",
        territory=["EU"],
        nice_classes=[18, 25],
        registered_on="2020-05-04",
        expires_on="2030-05-04",
    )

    brand_id: Whole
    kind: Kind = Field(description="gi is a geographical indication.")
    title: Text = Field(description="The mark or title, as registered.")
    registered_owner: Text = Field(description="As in the office’s register.")
    office: Office = Field(description="For example CNIPA, EUIPO or WIPO.")
    number: Number = Field(description="The registration number.")
    territory: Territory = Field(description=_TERRITORY)
    nice_classes: Classes = Field(default_factory=list, description=_CLASSES)
    registered_on: Day
    expires_on: Day | None = Field(None, description="Null if the right does not expire.")


class RightChange(Strict_):
    """Fields to change; those that are not sent stay as they are."""

    brand_id: Whole = Field(default_factory=int)
    kind: Kind = Field(default_factory=lambda: "trademark")
    title: Text = Field(default_factory=str)
    registered_owner: Text = Field(default_factory=str)
    office: Office = Field(default_factory=str)
    number: Number = Field(default_factory=str)
    territory: Territory = Field(default_factory=list, description=_TERRITORY)
    nice_classes: Classes = Field(default_factory=list, description=_CLASSES)
    registered_on: Day = Field(default_factory=lambda: date.min)
    expires_on: Day | None = Field(None, description="Null if the right does not expire.")
    confirm_end_of_verification: Truth = Field(
        False, description="Required to change a verified right: moderators must verify it again."
    )


def checked(member: Member, sent: dict[str, Any], right: IPRight | None = None) -> dict[str, Any]:
    """Return the arguments for the service. Raises :class:`Problem` with the errors of the fields."""
    form = RegistrationForm(_data(sent, right), member=member, right=right)
    for name in _NOT_SENT:
        form.fields.pop(name, None)
    if not form.is_valid():
        raise Problem(422, errors=_errors(form))
    return form.values


def _data(sent: dict[str, Any], right: IPRight | None) -> dict[str, Any]:
    """Return what a browser would post: the stored values, replaced by those that were sent."""
    data = dict(RegistrationForm(None, member=right.member, right=right).initial) if right else {}
    data |= sent
    if "brand_id" in data:
        data["brand"] = str(data.pop("brand_id"))
    for name in ("territory", "nice_classes"):
        if name in sent:
            data[name] = ", ".join(map(str, sent[name]))
    return data


def _errors(form: RegistrationForm) -> list[tuple[str, str]]:
    names = {"brand": "brand_id", "__all__": ""}
    return [
        (names.get(name, name), str(text)) for name, texts in form.errors.items() for text in texts
    ]
