from django.urls import path

from cases.views.desk import guides

app_name = "guides"
urlpatterns = [
    path("<int:pk>/", guides.guide, name="brand"),
    path("<int:pk>/disclosure/", guides.change_guide, name="change"),
    path("products/<int:pk>/disclosure/", guides.disclose, name="disclose"),
]
