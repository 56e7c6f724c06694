from django.urls import path

from members.views import product_parts, products

app_name = "products"
urlpatterns = [
    path("", products.home, name="home"),
    path("<slug:slug>/", products.product_list, name="list"),
    path("<slug:slug>/new/", products.create, name="create"),
    path("<slug:slug>/<int:pk>/", products.detail, name="detail"),
    path("<slug:slug>/<int:pk>/change/", products.change, name="change"),
    path("<slug:slug>/<int:pk>/retire/", products.retire, name="retire"),
    path("<slug:slug>/<int:pk>/restore/", products.restore, name="restore"),
    path("<slug:slug>/<int:pk>/features/new/", product_parts.add_feature, name="add_feature"),
    path(
        "<slug:slug>/<int:pk>/features/<int:part>/",
        product_parts.change_feature,
        name="change_feature",
    ),
    path(
        "<slug:slug>/<int:pk>/features/<int:part>/move/",
        product_parts.move_feature,
        name="move_feature",
    ),
    path(
        "<slug:slug>/<int:pk>/features/<int:part>/remove/",
        product_parts.remove_feature,
        name="remove_feature",
    ),
    path("<slug:slug>/<int:pk>/pictures/new/", product_parts.add_picture, name="add_picture"),
    path(
        "<slug:slug>/<int:pk>/pictures/<int:part>/",
        product_parts.describe_picture,
        name="describe_picture",
    ),
    path(
        "<slug:slug>/<int:pk>/pictures/<int:part>/move/",
        product_parts.move_picture,
        name="move_picture",
    ),
    path(
        "<slug:slug>/<int:pk>/pictures/<int:part>/remove/",
        product_parts.remove_picture,
        name="remove_picture",
    ),
]
