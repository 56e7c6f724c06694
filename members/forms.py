"""Forms of the admin for the roles of people."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext

from members import roles
from members.models import Member, Membership, User


class RoleForm(forms.ModelForm):
    """A role with a ``user``. Nobody gives, changes or takes over a role of their own."""

    # The person at the form. The admin sets it on a subclass for each request.
    acting: ClassVar[User | None] = None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.acting is None or not self.has_changed():
            return cleaned
        chosen = cleaned.get("user")
        if self.acting.pk in (self.instance.user_id, chosen.pk if chosen else None):
            raise forms.ValidationError(own_role())
        return cleaned


class MembershipForm(RoleForm):
    """A role at a member. The last owner of a member is not demoted."""

    # An inline checks all its rows together.
    alone: ClassVar[bool] = True

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.alone and self.instance.pk and self.has_changed() and (role := self.as_role()):
            refuse_without_owner(roles.left_without_owner(replaced=[self.instance.pk], by=[role]))
        return cleaned

    def as_role(self) -> Membership | None:
        """Return the role as it was entered, unsaved; ``None`` if a field is missing or wrong."""
        names = ("user", "member", "role", "valid_from", "valid_until")
        values = {name: self.cleaned_data[name] for name in names if name in self.cleaned_data}
        if not all(values.get(name) for name in names[:-1]):
            return None
        return Membership(**values)


class InlineMembershipForm(MembershipForm):
    alone = False


class RoleFormSet(forms.BaseInlineFormSet):
    """Roles beneath a member, an agency or a person."""

    acting: ClassVar[User | None] = None

    def clean(self) -> None:
        super().clean()
        mine = self.acting.pk if self.acting else None
        if any(form.instance.user_id == mine for form in self.removed()):
            raise forms.ValidationError(own_role())

    def removed(self) -> list[Any]:
        """Return the forms of saved rows that are marked for deletion."""
        marked: Any = self._should_delete_form  # type: ignore[attr-defined]  # unknown to the stubs
        return [form for form in self.initial_forms if marked(form)]


class MembershipFormSet(RoleFormSet):
    """Roles at members, checked together: one owner may be replaced by another."""

    def clean(self) -> None:
        super().clean()
        removed = self.removed()
        changed = [f for f in self.initial_forms if f not in removed and f.has_changed()]
        added = [f for f in self.extra_forms if f.has_changed()]
        forms_entered: list[Any] = [*changed, *added]
        entered = [form.as_role() for form in forms_entered if form.is_valid()]
        refuse_without_owner(
            roles.left_without_owner(
                replaced=[form.instance.pk for form in [*removed, *changed]],
                by=[role for role in entered if role is not None],
            )
        )


def own_role() -> str:
    """Return why somebody cannot change a role of their own."""
    return gettext("You cannot change a role of your own. Ask another admin.")


def needs_owner(members: list[Member]) -> str:
    """Return why the last owner of ``members`` stays."""
    names = ", ".join(member.name for member in members[:5])
    return gettext("%(members)s: a member needs an owner. Name another one first.") % {
        "members": names
    }


def refuse_without_owner(members: list[Member]) -> None:
    """Raise ``ValidationError`` if ``members`` would be without an owner."""
    if members:
        raise forms.ValidationError(needs_owner(members))
