"""Django's settings, derived from the platform's own (`ansinh.foundation.settings`)."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.utils.functional import lazy

from ansinh.access.keys import kept_secret
from ansinh.database.urls import django_databases, secrets_folder
from ansinh.foundation.settings import settings

_settings = settings()

ROOMS = [
    "audit",
    "durable",
    "places",
    "notices",
    "documents",
    "screens",
    "access",
    "signin",
    "ceilings",
    "registry",
    "people",
    "participation",
    "mandates",
    "confirmations",
    "holders",
    "cards",
    "payments",
    "healthbook",
    "referrals",
    "overuse",
    "disclosure",
    "reckoning",
    "relief",
    "benefits",
    "lifeevents",
    "services",
    "rights",
    "reporting",
    "eid",
    "credentials",
    "portal",
    "workbench",
    "desk",
    "config",
]
INSTALLED_APPS = ["django.contrib.staticfiles", *(f"ansinh.{room}" for room in ROOMS)]

# Two doors to one database: `default` runs, `owner` migrates.
DATABASES = django_databases(_settings)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Read when something is first signed with it: most commands sign nothing and need no folder of secrets.
SECRET_KEY = lazy(lambda: kept_secret(secrets_folder(settings()), "screens"), str)()
DEBUG = False
_public = urlsplit(_settings.public_url)
_https = _public.scheme == "https"
ALLOWED_HOSTS = ["127.0.0.1", "localhost", _public.hostname or "localhost"]
ROOT_URLCONF = "ansinh.config.urls"
MIDDLEWARE = [
    "ansinh.config.headers.with_headers",
    # Pages are packed for slow lines; keys in forms are masked anew each time, so that lengths tell nothing of them.
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    # Before the check of keys, which reads a form whole.
    "ansinh.config.bodies.BoundedBodies",
    "django.middleware.csrf.CsrfViewMiddleware",
]

# Sessions are rows; the browser holds a key that scripts cannot read, that other sites' requests do not carry, and that ends with the browser or the day.
# Browsers accept the prefix __Host- over https alone, and it keeps neighbouring host names from planting a cookie.
SESSION_ENGINE = "ansinh.signin.sessions"
SESSION_COOKIE_NAME = "__Host-ansinh" if _https else "ansinh"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Strict"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _https
CSRF_COOKIE_NAME = "__Host-ansinh-form" if _https else "ansinh-form"
CSRF_COOKIE_AGE = None
CSRF_FAILURE_VIEW = "ansinh.config.urls.form_refused"
CSRF_TRUSTED_ORIGINS = [_settings.public_url]
PASSWORD_HASHERS = ["ansinh.signin.passwords.Hasher"]
DATA_UPLOAD_MAX_MEMORY_SIZE = 64 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 50
DATA_UPLOAD_MAX_NUMBER_FILES = 20
FILE_UPLOAD_HANDLERS = ["ansinh.config.bodies.NoFiles"]
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}]
# The server hands these files out itself, from each face's own folder.
STATIC_URL = "/static/"

USE_TZ = True
TIME_ZONE = "Asia/Ho_Chi_Minh"
LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", "Tiếng Việt"), ("en", "English")]
USE_I18N = True
LOGGING_CONFIG = None
