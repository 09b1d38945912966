"""Django's settings, derived from the platform's own (`ansinh.foundation.settings`)."""

from __future__ import annotations

import secrets

from ansinh.database.urls import django_databases
from ansinh.foundation.settings import settings

_settings = settings()

ROOMS = ["audit", "places", "notices", "access", "people", "participation", "cards", "reporting"]
INSTALLED_APPS = [f"ansinh.{room}" for room in ROOMS]

# Two doors to one database: `default` runs, `owner` migrates.
DATABASES = django_databases(_settings)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# No page is served yet; sessions will need a kept key, which belongs to the secrets folder.
SECRET_KEY = secrets.token_urlsafe(50)
DEBUG = False
ALLOWED_HOSTS = ["127.0.0.1", "localhost"]

USE_TZ = True
TIME_ZONE = "Asia/Ho_Chi_Minh"
LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", "Tiếng Việt"), ("en", "English")]
USE_I18N = True
LOGGING_CONFIG = None
