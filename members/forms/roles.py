"""Admin forms for people's roles."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext

from alliance.lib import text
from members import roles
from members.models import Member, Membership, User


class RoleForm(forms.ModelForm):
    """A role of a ``user``. Users cannot add or change their own roles."""

    # The logged-in user. The admin sets it on a subclass for each request.
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
    """A role at a member. The last owner of a member cannot lose this role."""

    # False in an inline, whose formset checks all rows together.
    alone: ClassVar[bool] = True

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.alone and self.instance.pk and self.has_changed() and (role := self.as_role()):
            refuse_without_owner(roles.left_without_owner(replaced=[self.instance.pk], by=[role]))
        return cleaned

    def as_role(self) -> Membership | None:
        """Return an unsaved role with the entered values, or ``None`` if a field is missing or invalid."""
        names = ("user", "member", "role", "valid_from", "valid_until")
        values = {name: self.cleaned_data[name] for name in names if name in self.cleaned_data}
        if not all(values.get(name) for name in names[:-1]):
            return None
        return Membership(**values, is_agent=bool(self.cleaned_data.get("is_agent")))


class InlineMembershipForm(MembershipForm):
    alone = False


class RoleFormSet(forms.BaseInlineFormSet):
    """Roles as an inline of a member, an agency or a user."""

    acting: ClassVar[User | None] = None

    def clean(self) -> None:
        super().clean()
        mine = self.acting.pk if self.acting else None
        if any(form.instance.user_id == mine for form in self.removed()):
            raise forms.ValidationError(own_role())

    def removed(self) -> list[Any]:
        """Return the forms of saved rows that are marked for deletion."""
        marked: Any = self._should_delete_form  # type: ignore[attr-defined]  # missing in the stubs
        return [form for form in self.initial_forms if marked(form)]


class MembershipFormSet(RoleFormSet):
    """Roles at members, checked together, so that one owner can replace another."""

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
    """Return the error for a change of one's own role."""
    return gettext("You cannot change your own role. Ask another admin.")


def needs_owner(members: list[Member]) -> str:
    """Return the error for removing the last owner of ``members``."""
    names = text.join(member.name for member in members[:5])
    return gettext("%(members)s: a member must have an owner. Add another owner first.") % {
        "members": names
    }


def refuse_without_owner(members: list[Member]) -> None:
    """Raise ``ValidationError`` if ``members`` is not empty."""
    if members:
        raise forms.ValidationError(needs_owner(members))
