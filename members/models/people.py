"""Users and their roles at members."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rules.permissions import permissions

from alliance.lib import clock
from alliance.lib.history import tracked
from members.models.organisation import Member


class UserManager(BaseUserManager["User"]):
    """Creates users with lower-case email addresses, so that an address belongs to one user."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email=(username or "").strip().lower())


@tracked(exclude=("password", "last_login"))
class User(AbstractBaseUser, PermissionsMixin):
    """A user, identified by email address.

    Permissions follow from memberships (brand staff), ``is_moderator`` (moderators), an officer record (liaison
    officers) or ``is_staff`` (admins of the alliance).
    """

    email = models.EmailField(_("email address"), unique=True)
    name = models.CharField(_("name"), max_length=150)
    is_active = models.BooleanField(_("active"), default=True)
    is_staff = models.BooleanField(_("admin"), default=False, help_text=_("May use the admin."))
    is_moderator = models.BooleanField(
        _("moderator"), default=False, help_text=_("May triage cases of all members.")
    )
    # Empty until the user chooses one. The browser's language and the installation's time zone then apply.
    language = models.CharField(_("language"), max_length=10, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=60, blank=True)
    uses_shortcuts = models.BooleanField(
        _("keyboard shortcuts"),
        default=True,
        help_text=_("Single keys press buttons on pages that have shortcuts."),
    )
    date_joined = models.DateTimeField(_("date joined"), default=timezone.now)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="user_email_once_in_any_case",
                violation_error_message=_("Another account has this email address."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} <{self.email}>"

    @property
    def needs_second_factor(self) -> bool:
        """Whether the role gives access beyond a member: moderator, officer or admin."""
        return self.is_moderator or self.is_staff or self.is_superuser or hasattr(self, "officer")

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """Return whether the user has ``perm``. Unlike in Django, permissions follow from roles, in code.

        The portal's rules also apply to superusers: an admin is not a moderator. Admins have Django's permissions for
        every model; the admin classes restrict them.
        """
        if permissions.rule_exists(perm):
            return self.is_active and bool(permissions.test_rule(perm, self, obj))
        if self.is_active and self.is_staff and _is_model_permission(perm):
            return True
        return super().has_perm(perm, obj)

    def has_module_perms(self, app_label: str) -> bool:
        """Return whether the user may see the app in the admin: admins see every app."""
        return (self.is_active and self.is_staff) or super().has_module_perms(app_label)

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name.split(" ")[0]


def _is_model_permission(perm: str) -> bool:
    """Return whether ``perm`` is one of Django's default model permissions."""
    action, _underscore, model = perm.partition(".")[2].partition("_")
    return bool(model) and action in ("view", "add", "change", "delete")


# Roles that may file cases. Viewers only read.
FILING_ROLES = ("owner", "filer")


class MembershipQuerySet(models.QuerySet["Membership"]):
    def in_force(self) -> MembershipQuerySet:
        """Return roles that are valid today, at active or suspended members.

        A role of an agent is valid on the days of the agent's authorisations.
        """
        today = clock.today()
        # Authorisations refer to users, so their module imports this one.
        authorisations: Any = apps.get_model("members", "Authorisation")
        authorised = models.Exists(
            authorisations.objects.in_force().filter(
                agent=models.OuterRef("user"), member=models.OuterRef("member")
            )
        )
        return self.filter(
            models.Q(valid_until=None) | models.Q(valid_until__gte=today),
            models.Q(is_agent=False) | authorised,
            valid_from__lte=today,
            member__status__in=Member.READING,
        )

    def members_of(self, user: User) -> Any:
        """Return the keys of the members at which ``user`` has a role today, for a subquery."""
        return self.in_force().filter(user=user).values("member")

    def may_file(self) -> MembershipQuerySet:
        """Return roles that may file cases today: owners and filers of active members."""
        return self.in_force().filter(
            role__in=FILING_ROLES,
            member__status__in=Member.WRITING,
        )


@tracked()
class Membership(models.Model):
    """A user's role at a member. An agent, such as a law firm, has a role at each member it acts for.

    The role of an agent has no end. Its authorisations (:class:`members.models.Authorisation`) say on which days it
    gives access. An agent is never an owner.
    """

    class Role(models.TextChoices):
        OWNER = "owner", _("Owner")
        FILER = "filer", _("Filer")
        VIEWER = "viewer", _("Viewer")

    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    member = models.ForeignKey(Member, models.CASCADE, related_name="memberships")
    role = models.CharField(_("role"), max_length=10, choices=Role.choices)
    is_agent = models.BooleanField(
        _("agent"),
        default=False,
        help_text=_(
            "Acts for the member from outside, for example a law firm. Has access while an authorisation that an owner "
            "has recorded is in force."
        ),
    )
    valid_from = models.DateField(_("valid from"), default=clock.today)
    valid_until = models.DateField(_("valid until"), null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [
            models.UniqueConstraint(
                fields=("user", "member"), name="one_role_per_person_and_member"
            ),
            models.CheckConstraint(
                name="membership_ends_after_it_starts",
                violation_error_message=_("The role cannot end before it begins."),
                condition=models.Q(valid_until=None)
                | models.Q(valid_until__gte=models.F("valid_from")),
            ),
            models.CheckConstraint(
                name="agent_is_not_an_owner",
                violation_error_message=_("An agent cannot be an owner."),
                condition=models.Q(is_agent=False) | ~models.Q(role="owner"),
            ),
            models.CheckConstraint(
                name="agent_has_no_end_of_its_own",
                violation_error_message=_(
                    "The access of an agent ends with its authorisation. Leave “valid until” empty."
                ),
                condition=models.Q(is_agent=False) | models.Q(valid_until=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.member} ({self.get_role_display()})"

    @property
    def is_owner(self) -> bool:
        """Whether a valid role is that of an owner, who manages people and publishes the directory entry."""
        return self.role == self.Role.OWNER

    @property
    def may_file(self) -> bool:
        """Whether a valid role may file cases. The queryset's ``may_file`` also checks the dates."""
        return self.role in FILING_ROLES and self.member.may_write
