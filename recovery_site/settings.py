"""Every setting, driven by the environment. With no environment at all it runs on SQLite under var/."""

from datetime import time
from pathlib import Path

from django.utils.csp import CSP
from whitenoise.compress import Compressor

from recovery_site.database import database
from recovery_site.environment import PUSH_HOSTS as KNOWN_PUSH_HOSTS
from recovery_site.environment import (
    Env,
    broker_options,
    mailer,
    new_secret_key,
    new_vault_key,
    push_key,
    secret,
)
from recovery_site.logs import logging_settings

# Environment

env = Env()  # NAME_FILE, where a secret lies in a file
BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(env("DATA_DIR", default="var")).absolute()
DATA_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
HELP_DIR = Path(env("HELP_DIR", default=DATA_DIR))  # a proxy may read what is in it
STATIC_ROOT = Path(env("STATIC_ROOT", default=DATA_DIR / "static"))
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
DEBUG = env.bool("DEBUG", default=False)
DEMO = env.bool("DEMO", default=False)
PRODUCTION = not (DEBUG or DEMO)

# Core

# Without a server of its own the database lies here, and so do the keys, which are made once.
KEYS_IN = DATA_DIR if not PRODUCTION or "DATABASE_URL" not in env else None
SECRET_KEY = secret("SECRET_KEY", env("SECRET_KEY", default=""), new_secret_key, KEYS_IN)
VAULT_KEYS = secret("VAULT_KEYS", env("VAULT_KEYS", default=""), new_vault_key, KEYS_IN)
SITE_NAME = env("SITE_NAME", default="Stillwater")
SITE_URL = env("SITE_URL", default=f"http://localhost:{env('PORT', default='8000')}").rstrip("/")
NEUTRAL_URL = env("NEUTRAL_URL", default="https://en.wikipedia.org/wiki/Main_Page")
ROOT_URLCONF = "recovery_site.urls"
WSGI_APPLICATION = "recovery_site.wsgi.application"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# The program's figures. Clinical ones are for the program to confirm.

DAY_ENDS_AT_HOUR = 3  # K1, hour of the person's own clock
QUIET_FROM, QUIET_UNTIL = time(21), time(8)  # K4, the person's own clock
WEEKS_LAID_OUT = 12  # T5
CLAIM_LEASE_SECONDS = 60  # how long a sender may hold a message before another takes it
SILENT_AFTER_MINUTES = 10  # K8
INVITATION_DAYS = 7  # A1
SIGN_IN_CARD_MINUTES = 30  # a new card for somebody who is locked out
IDLE_MINUTES = {"client": 15, "clinician": 15, "editor": 10, "manager": 10}  # A4
LONGEST_HOURS = {"client": 12, "clinician": 10, "editor": 8, "manager": 8}  # A4
SHARED_DEVICE_IDLE_MINUTES = 5
EMERGENCY_ACCESS_HOURS, EMERGENCY_DAYS_SHOWN = 1, 7  # A10
ALUMNI_DAYS = 90  # A6: how long somebody who left can read, export and delete
BACKUP_DAYS = 35  # A8: how long a backup is kept

# Hosts

HOST = env("HOST", default="127.0.0.1")  # the address that the web process listens on
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1"])
CSRF_TRUSTED_ORIGINS = [SITE_URL]

# Apps

INSTALLED_APPS = [
    "recovery_site.home",
    "groups",
    "journal",
    "checkins",
    "faq",
    "accounts",
    "notifications",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
    "django.forms",
    "django_htmx",
    "django_linear_migrations",
    "django_prose_editor",
    "simple_history",
]

# Middleware

MIDDLEWARE = [
    "recovery_site.request_log.request_log",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "recovery_site.middleware.refuse_nul",
    "recovery_site.middleware.private_headers",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "accounts.sign_in.session_limits.AuthenticationMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "accounts.language.LanguageMiddleware",
    "recovery_site.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.sign_in.second_factor.gate.SecondFactorMiddleware",
    "recovery_site.middleware.BusyMiddleware",
    "recovery_site.middleware.UnprocessableMiddleware",
    "recovery_site.middleware.page_for_an_act",
]

# Templates

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "libraries": {"lucide": "recovery_site.icons", "once": "recovery_site.once"},
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.csp",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "recovery_site.context.site",
            ],
        },
    },
]

# Database

APP_DATABASE = env.db("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'db.sqlite3'}")
OWNERS_DATABASE = env.db("MIGRATION_DATABASE_URL") if "MIGRATION_DATABASE_URL" in env.ENVIRON else {}
DATABASES = {"default": database(APP_DATABASE, OWNERS_DATABASE, DATA_DIR)}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache_table"}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Auth

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home:today"
LOGOUT_REDIRECT_URL = ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
PASSWORD_HASHERS = [
    "accounts.sign_in.hashers.BoundedArgon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "accounts.sign_in.password_validators.ContextWordsValidator"},
]
ACCOUNT_ADAPTER = "accounts.sign_in.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "accounts.sign_in.forms.SignInForm",
    "reset_password": "accounts.sign_in.forms.ForgottenPasswordForm",
    "user_token": "accounts.sign_in.forms.ResetLinkForm",
}
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_UNIQUE_EMAIL = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_NOTIFICATIONS = ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_LOGIN_ON_PASSWORD_RESET = ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300  # seconds
PASSWORD_RESET_TIMEOUT = 3600  # seconds
ACCOUNT_RATE_LIMITS = {
    "login": None,  # the whole house sits behind one address; the hash, one at a time, is slow enough
    "login_failed": "5/5m/key,1000/5m/ip",  # in this order, or one name's tries would use up the house's
    "login_failed_person": "5/5m/key",
    "reset_password": "20/m/ip,3/h/key",
}
MFA_ADAPTER = "accounts.sign_in.second_factor.adapter.SecondFactorAdapter"
# Nobody signs up with another's address (A1), and an unproven one must not keep staff from a second step.
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_RATE_LIMITS = {"webauthn_login": "240/m/ip"}  # the house again; each sign-in asks twice
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"  # a face, a finger or a PIN, or a left key would do
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PRODUCTION  # http on localhost
REQUIRE_SECOND_FACTOR = env.bool("REQUIRE_SECOND_FACTOR", default=not DEMO)  # A3
SESSION_COOKIE_AGE = 12 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "accounts.views.unsent.stale_page"  # J4
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"  # no words in a cookie

# Internationalisation

LANGUAGE_CODE = "en-us"
LANGUAGES = [("en-us", "English"), ("es", "Español")]
FORMAT_MODULE_PATH = ["recovery_site.formats"]
TIME_ZONE = env("TIME_ZONE", default="America/New_York")
LOCALE_PATHS = [BASE_DIR / "locale"]

# Static files

STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_HASHED = env.bool("STATIC_HASHED", default=not DEBUG)
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = not STATIC_HASHED
# Compressing source maps takes longer than all the rest.
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = (*Compressor.SKIP_COMPRESS_EXTENSIONS, "map")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if STATIC_HASHED
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}

# Mail and web push

MAILERS = {"default": mailer(env("MAIL_URL", default="") or f"file://{DATA_DIR / 'mail'}")}
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env("MAIL_FROM", default="notices@localhost")
VAPID_PRIVATE_KEY = push_key(env("VAPID_PRIVATE_KEY", default=""), DATA_DIR if DEMO else None)
PUSH_HOSTS = env.list("PUSH_HOSTS", default=KNOWN_PUSH_HOSTS)

# Celery

CELERY_BROKER_URL = env("REDIS_URL", default="filesystem://localhost")
CELERY_TIMEZONE = TIME_ZONE
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT, CELERY_TASK_SOFT_TIME_LIMIT = 120, 100
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_DB_REUSE_MAX = 1000
CELERY_BEAT_SCHEDULER = "recovery_site.clock:Clock"
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "beat")
CELERY_BROKER_TRANSPORT_OPTIONS = broker_options(CELERY_BROKER_URL, DATA_DIR / "broker")
CELERY_BROKER_CHANNEL_ERROR_RETRY = True  # a disk that is full for a while, too, ends no worker

# Security

SECURE_CSP = {
    "default-src": [CSP.NONE],
    # The nonce serves one inline script, the import map of the editors' rich-text field.
    "script-src": [CSP.SELF, CSP.NONCE],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "object-src": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
    "manifest-src": [CSP.SELF],
    "worker-src": [CSP.SELF],
    "report-uri": ["/csp-report/"],
}
SECURE_REFERRER_POLICY = "same-origin"  # no-referrer would send "Origin: null", which the CSRF check refuses
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000  # bytes
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=0)
if PRODUCTION:
    SECURE_SSL_REDIRECT = SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True
    SECURE_HSTS_SECONDS = 63_072_000
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"
    if TRUSTED_PROXIES:
        SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
        ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES

# Operation

LOGGING = logging_settings(env("LOG_LEVEL", default="INFO"), as_json=PRODUCTION)
LOG_REQUESTS = PRODUCTION
METRICS_PORT = env.int("METRICS_PORT", default=0)  # counts nothing without
BACKUP_RECIPIENT = env("BACKUP_RECIPIENT", default="")  # age1…, whose identity is not on the server
BACKUP_FOLDER = env("BACKUP_FOLDER", default="")  # every night, where it is set
SENTRY_DSN = env("SENTRY_DSN", default="")
