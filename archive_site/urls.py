"""All addresses of the site."""

from django.contrib import admin
from django.urls import include, path

from archive_site import views

urlpatterns = [
    path("admin/", admin.site.urls),
    path("robots.txt", views.robots, name="robots"),
    path("favicon.ico", views.favicon, name="favicon"),
    path("", include("authors.urls")),
    path("", include("articles.urls")),
]

handler400 = views.bad_request
handler403 = views.permission_denied
handler404 = views.not_found
handler500 = views.server_error
