"""Fields that are computed from other fields of their object."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any

from django.db import models


class ComputedField(models.Field):
    """Sets its value whenever the object is saved. ``update()`` and ``bulk_update()`` do not change it."""

    @abstractmethod
    def compute(self, row: Any) -> Any:
        """Return the value for the object ``row``."""

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        value = self.compute(model_instance)
        setattr(model_instance, self.attname, value)
        return value
