"""Single sign-on with the identity providers of members, by OpenID Connect and SAML, on top of django-allauth.

:mod:`.adapter` gives allauth the providers, :mod:`.oidc` and :mod:`.saml` exchange messages with them, and
:mod:`members.services.single_sign_on` decides who may log in.
"""
