"""Addresses of authors."""

from django.urls import path

from articles import feeds
from authors import views

urlpatterns = [
    path("authors/", views.author_list, name="author-list"),
    path("authors/letter/<str:letter>/", views.author_letter, name="author-letter"),
    path("authors/<str:slug>/", views.author_detail, name="author"),
    path("authors/<str:slug>/feed.atom", feeds.of_author, name="author-feed"),
]
