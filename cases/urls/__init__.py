"""The URLs of cases, one file for each group of users."""

from django.urls import register_converter

from alliance.lib.converters import ReferenceConverter

register_converter(ReferenceConverter, "reference")
