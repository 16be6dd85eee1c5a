"""The WSGI application that gunicorn serves: Django, and in front of it the memory of its pages."""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "archive_site.settings")
application = get_wsgi_application()
if settings.CACHE_MB and not settings.DEBUG:
    from archive_site.front import Front

    application = Front(application)  # type: ignore[assignment]
