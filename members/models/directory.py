"""What a member publishes in the directory, besides its names, country and industries."""

from __future__ import annotations

from django.core.validators import RegexValidator, URLValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from alliance.lib import clock
from alliance.lib.history import tracked
from members.models.organisation import Member

is_web_address = URLValidator(schemes=["http", "https"])
_PHONE_NUMBER = _("Enter digits, for example +86 571 8502 2088.")
_IS_PHONE_NUMBER = RegexValidator(r"^\+?[0-9][0-9 ()./-]{3,38}[0-9]\Z", _PHONE_NUMBER)


@tracked()
class DirectoryEntry(models.Model):
    """The choices of a member for its public page. A member without an entry has the defaults.

    The descriptions and the website are fields of the member, the choice of brands is a field of each brand.
    ``published_by`` and ``published_at`` are of the latest change of any of them.
    """

    member = models.OneToOneField(
        Member, models.CASCADE, related_name="entry", verbose_name=_("member")
    )
    shows_website = models.BooleanField(_("show the website"), default=True)
    consumer_email = models.EmailField(_("email address for consumers"), blank=True)
    consumer_phone = models.CharField(
        _("phone number for consumers"), max_length=40, blank=True, validators=[_IS_PHONE_NUMBER]
    )
    consumer_url = models.URLField(
        _("web page for consumers"), blank=True, validators=[is_web_address]
    )
    published_by = models.ForeignKey(
        "members.User", models.PROTECT, related_name="+", verbose_name=_("published by")
    )
    published_at = models.DateTimeField(_("published on"), default=clock.now)

    class Meta:
        verbose_name = _("directory entry")
        verbose_name_plural = _("directory entries")
        constraints = [
            models.CheckConstraint(
                name="consumer_url_is_a_web_address",
                violation_error_message=_("Enter an address that starts with https://."),
                condition=Q(consumer_url="") | Q(consumer_url__iregex="^https?://"),
            ),
            models.CheckConstraint(
                name="consumer_phone_is_a_number",
                violation_error_message=_PHONE_NUMBER,
                condition=Q(consumer_phone="") | Q(consumer_phone__regex="^[+]?[0-9 ()./-]+$"),
            ),
        ]

    def __str__(self) -> str:
        return str(self.member)

    @property
    def has_contact(self) -> bool:
        """Whether the member publishes a contact for consumers."""
        return bool(self.consumer_email or self.consumer_phone or self.consumer_url)
