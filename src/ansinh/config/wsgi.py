"""The people's screens as a WSGI application, for Granian."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ansinh.config.django")
application = get_wsgi_application()
