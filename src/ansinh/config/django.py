"""Django's settings, derived from the platform's own (`ansinh.foundation.settings`)."""

from __future__ import annotations

import secrets
from urllib.parse import urlsplit

from ansinh.database.urls import django_databases
from ansinh.foundation.settings import settings

_settings = settings()

ROOMS = [
    "audit",
    "places",
    "notices",
    "access",
    "registry",
    "people",
    "participation",
    "cards",
    "reporting",
    "portal",
    "config",
]
INSTALLED_APPS = ["django.contrib.staticfiles", *(f"ansinh.{room}" for room in ROOMS)]

# Two doors to one database: `default` runs, `owner` migrates.
DATABASES = django_databases(_settings)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Nothing is signed with it yet; sessions will need a kept key, which belongs to the secrets folder.
SECRET_KEY = secrets.token_urlsafe(50)
DEBUG = False
ALLOWED_HOSTS = ["127.0.0.1", "localhost", urlsplit(_settings.public_url).hostname or "localhost"]
ROOT_URLCONF = "ansinh.config.urls"
MIDDLEWARE = ["ansinh.config.headers.with_headers", "django.middleware.common.CommonMiddleware"]
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}]
# The server hands these files out itself, from each face's own folder.
STATIC_URL = "/static/"

USE_TZ = True
TIME_ZONE = "Asia/Ho_Chi_Minh"
LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", "Tiếng Việt"), ("en", "English")]
USE_I18N = True
LOGGING_CONFIG = None
