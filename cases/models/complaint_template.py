"""Complaints that a member keeps to start cases from."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from alliance.lib import clock
from alliance.lib.history import tracked
from cases.models.complaint import Complaint
from cases.states import ListingPart
from members.models import IPRight, Member, User


@tracked()
class ComplaintTemplate(Complaint):
    """A complaint with a name, from which the member's filers start cases.

    A case copies the values, so that later changes of the template do not change it. The brand is that of the right.
    """

    member = models.ForeignKey(
        Member, models.PROTECT, related_name="complaint_templates", verbose_name=_("member")
    )
    name = models.CharField(pgettext_lazy("complaint template", "name"), max_length=80)
    right = models.ForeignKey(IPRight, models.PROTECT, related_name="+", verbose_name=_("IP right"))
    created_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", verbose_name=_("created by")
    )
    created_at = models.DateTimeField(_("created on"), default=clock.now)

    class Meta:
        verbose_name = _("complaint template")
        verbose_name_plural = _("complaint templates")
        ordering = ("name", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=("member", "name"),
                name="template_name_once_per_member",
                violation_error_message=_("The member already has a template with this name."),
            ),
            models.CheckConstraint(
                name="template_infringement_in_known_parts",
                condition=Q(infringement_in__contained_by=ListingPart.values),
            ),
        ]

    def __str__(self) -> str:
        return self.name
