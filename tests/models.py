"""The portal's models, without the tables of their history."""

from __future__ import annotations

from django.apps import apps
from django.db.models import Model

OURS: list[type[Model]] = [
    model
    for label in ("members", "cases", "liaison")
    for model in apps.get_app_config(label).get_models()
    if not hasattr(model, "pgh_tracked_model")
]


def model_label(model: type[Model]) -> str:
    return model._meta.label
