"""The addresses of cases, one file for each group of readers."""

from django.urls import register_converter

from alliance.lib.converters import ReferenceConverter

register_converter(ReferenceConverter, "reference")
