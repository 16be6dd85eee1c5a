"""All addresses of the site."""

from django.contrib import admin
from django.urls import include, path

from archive_site import views
from articles.views import site_pages

urlpatterns = [
    path("admin/", admin.site.urls),
    path("robots.txt", views.robots, name="robots"),
    path(".well-known/security.txt", views.security, name="security"),
    path("favicon.ico", views.favicon, name="favicon"),
    path("favicon.svg", views.icon, name="icon"),
    path("card.png", views.card, name="card"),
    path("", include("authors.urls")),
    path("", include("articles.urls")),
    # Last, since it takes any word.
    path("<str:slug>/", site_pages.site_page, name="page"),
]

handler400 = views.bad_request
handler403 = views.permission_denied
handler404 = views.not_found
handler500 = views.server_error
