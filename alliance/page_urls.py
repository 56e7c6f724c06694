from django.urls import path

from alliance import pages

app_name = "pages"
urlpatterns = [
    *(path(f"{name}/", pages.page, {"name": name}, name=name) for name in pages.NAMES),
    path(".well-known/security.txt", pages.security_txt, name="security_txt"),
]
