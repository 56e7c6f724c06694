"""How Django draws forms here: with the portal's own field, form and error-list templates.

`FORM_RENDERER = "alliance.lib.form_renderer.PortalRenderer"` together with `"django.forms"` in
INSTALLED_APPS makes `{{ form }}` and `{{ form.field.as_field_group }}` use them. The admin has its own.
"""

from django.forms.renderers import TemplatesSetting


class PortalRenderer(TemplatesSetting):
    """Templates come from the project's TEMPLATES setting, Django's own widgets included."""

    form_template_name = "_components/form.html"
    field_template_name = "_components/field.html"
