"""The settings: the environment is read here, once, and nowhere else.

A missing or example value stops the process at once, with the sentence that mends it.
The README's table lists every name that is read here; a test holds the two together.
"""

from importlib.util import find_spec
from ipaddress import ip_network
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import environ
import structlog
from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured

from bridgeproject.secret_files import with_secret_files
from interconnections.store import address as redis_address

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
env.ENVIRON = with_secret_files(env.ENVIRON)
# What `{env: NAME}` of a configuration file names.  A callable: no error page prints what it knows.
SECRET_OF_ENVIRONMENT = env.ENVIRON.get

EXAMPLES = ("change-me", "changeme", "example", "django-insecure")


def required(name: str, mend: str) -> str:
    """A value that must be set and must not be one of the documentation's examples."""
    value = env.str(name, default="").strip()
    if not value:
        raise ImproperlyConfigured(f"{name} is not set. {mend}")
    if value.lower().startswith(EXAMPLES):
        raise ImproperlyConfigured(f"{name} still has an example value. {mend}")
    return value


def whole_number(name: str, default: int) -> int:
    value = env.str(name, default=str(default))
    if not value.isdecimal():
        raise ImproperlyConfigured(f"{name} is {value!r}; it must be a whole number.")
    return int(value)


def on_or_off(name: str) -> bool:
    return one_of(name, "0", ("0", "1", "true", "false", "True", "False", "on", "off")) in ("1", "true", "True", "on")


def sentinel(address: str) -> tuple[str, int]:
    host, _, port = address.rpartition(":")
    if not host or not port.isdecimal():
        raise ImproperlyConfigured(f"REDIS_SENTINELS: {address!r} is not host:port.")
    return host, int(port)


def proxies(names: list[str]) -> list[str]:
    for name in names:
        try:
            if name != "unix":
                ip_network(name)
        except ValueError:
            raise ImproperlyConfigured(
                f"TRUSTED_PROXIES: {name!r} is not an address like 10.0.0.5, a network like 10.0.0.0/24, or unix."
            ) from None
    return names


def one_of(name: str, default: str, allowed: tuple[str, ...]) -> str:
    value = env.str(name, default=default)
    if value not in allowed:
        raise ImproperlyConfigured(f"{name} is {value!r}; it must be one of {', '.join(allowed)}.")
    return value


# Who we are and who may call us

SECRET_KEY = required("SECRET_KEY", "Make one: python -c 'import secrets; print(secrets.token_urlsafe(50))'")
ENCRYPTION_KEYS = required(
    "ENCRYPTION_KEYS",
    "Make a key: python -c 'from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())'"
    " (several, separated by commas: the first encrypts, all decrypt).",
).split(",")
for position, key in enumerate(ENCRYPTION_KEYS, 1):
    try:
        Fernet(key.strip())
    except ValueError:
        raise ImproperlyConfigured(
            f"ENCRYPTION_KEYS: key {position} is not a Fernet key (32 bytes, url-safe base64)."
        ) from None

DEBUG = on_or_off("DEBUG")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
PUBLIC_URL = env.str("PUBLIC_URL", default="").rstrip("/")  # where platforms reach our webhooks
if PUBLIC_URL and not urlsplit(PUBLIC_URL).netloc:
    raise ImproperlyConfigured(
        f"PUBLIC_URL is {PUBLIC_URL!r}; it must be a whole address like https://bridge.example.org"
    )

# Proxies of ours: from them alone X-Forwarded-For is believed, which is how log-ins are counted by their address.
TRUSTED_PROXIES = proxies([name.strip() for name in env.list("TRUSTED_PROXIES", default=[]) if name.strip()])

# Redis: the truth for conversations

REDIS_URL = env.str("REDIS_URL", default="")
_sentinels = [sentinel(address) for address in env.list("REDIS_SENTINELS", default=[])]
if wrong := redis_address.mistake(REDIS_URL, bool(_sentinels)):
    raise ImproperlyConfigured(wrong)
REDIS_SENTINEL_SERVICE = env.str("REDIS_SENTINEL_SERVICE", default="")
if _sentinels and not REDIS_SENTINEL_SERVICE:
    raise ImproperlyConfigured("REDIS_SENTINELS is set, so REDIS_SENTINEL_SERVICE must name the service.")
REDIS_SENTINELS = None
if _sentinels:
    REDIS_SENTINELS = redis_address.Sentinels(
        _sentinels,
        REDIS_SENTINEL_SERVICE,
        redis_address.sentinels_own(
            REDIS_URL,
            env.str("REDIS_SENTINEL_USERNAME", default=""),
            env.str("REDIS_SENTINEL_PASSWORD", default=""),
            on_or_off("REDIS_SENTINEL_TLS"),
        ),
    )

# How scripts reach it: over one connection that all share, or each over one of a pool.
REDIS_CLIENT = one_of("REDIS_CLIENT", "line", ("line", "pool"))

# Channels carries bells only; a lost one costs a sweep. The pub/sub layer with plain names:
# the core layer stalls behind one receive lock and fills up when a worker dies.
CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
        "CONFIG": {"hosts": [redis_address.channel_host(REDIS_URL, REDIS_SENTINELS)]},
    }
}
CACHES = {
    "default": {"BACKEND": "django_redis.cache.RedisCache", "KEY_PREFIX": "{bridge}:cache"}
    | redis_address.cache(REDIS_URL, REDIS_SENTINELS, SERIALIZER="django_redis.serializers.json.JSONSerializer")
}

# Conversations that are over stay this long for the supervisors.
SESSION_RETENTION_DAYS = whole_number("SESSION_RETENTION_DAYS", 30)
# What users and bots said before a chat is kept this long for the agent, bounded per user.
CONTEXT_HOURS = 24

# How the shores are spoken with. aiohttp: for a server that the fast client does not get on with.
HTTP_CLIENT = one_of("HTTP_CLIENT", "fast", ("fast", "aiohttp"))

# Traces, of so many of a hundred messages. Where they go is OpenTelemetry's to read: OTEL_EXPORTER_OTLP_ENDPOINT.
TRACES = whole_number("TRACES", 0)
if TRACES > 100:
    raise ImproperlyConfigured(f"TRACES is {TRACES}; it says how many of a hundred messages are traced.")
if TRACES and not find_spec("opentelemetry"):
    raise ImproperlyConfigured("TRACES is on, so install what it needs: pip install -r requirements-tracing.txt")
# OpenTelemetry's own name and default; read here, as what does not fit is counted.
OTEL_BSP_MAX_QUEUE_SIZE = whole_number("OTEL_BSP_MAX_QUEUE_SIZE", 2048)

# SQL: configuration, people and their rights

DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{BASE_DIR / 'var' / 'bridge.sqlite3'}")}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    if DATABASES["default"]["NAME"] == str(BASE_DIR / "var" / "bridge.sqlite3"):
        (BASE_DIR / "var").mkdir(exist_ok=True)
    # Web and workers open the same file: readers beside one writer, writers queue instead of failing.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,  # seconds
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
elif DATABASES["default"]["ENGINE"] == "django.db.backends.postgresql":
    # Every thread borrows a connection for one piece of work; a server that went away is dialled anew.
    DATABASES["default"] |= {"CONN_MAX_AGE": 0, "CONN_HEALTH_CHECKS": True, "DISABLE_SERVER_SIDE_CURSORS": True}
    DATABASES["default"]["OPTIONS"] = {
        "connect_timeout": 5,  # seconds
        "pool": {"min_size": 1, "max_size": 12, "timeout": 5, "reconnect_timeout": 60},
        **DATABASES["default"].get("OPTIONS", {}),
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# The application

INSTALLED_APPS = [
    "interconnections",  # before the admin, whose pages it changes
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "servestatic",
    "django.contrib.staticfiles",
    "channels",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "interconnections.http.content_policy.only_ours",
    "servestatic.middleware.ServeStaticMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "interconnections.http.database_away.DatabaseAway",
]
ROOT_URLCONF = "bridgeproject.urls"
ASGI_APPLICATION = "bridgeproject.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]
APPEND_SLASH = True
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024  # bytes; the gate in front refuses bodies over 3 MB with a sentence
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("es", "español"), ("pt-br", "português")]  # of the console, chosen by the browser
USE_I18N = True
TIME_ZONE = env.str("TIME_ZONE", default="UTC")  # of the console's pages; all that is stored is UTC
try:
    ZoneInfo(TIME_ZONE)
except (ZoneInfoNotFoundError, ValueError, OSError):
    raise ImproperlyConfigured(
        f"TIME_ZONE is {TIME_ZONE!r}; it must be a name like America/Mexico_City, or UTC."
    ) from None
USE_TZ = True
FORMAT_MODULE_PATH = "bridgeproject.formats"  # one way to write a moment, its zone said
STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "static"
SERVESTATIC_USE_FINDERS = True  # no collectstatic needed; run it anyway where many look at the admin
SERVESTATIC_AUTOREFRESH = False

# Behind TLS: what check --deploy asks for, on as soon as our public address is https.
if PUBLIC_URL.startswith("https://"):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = True  # of people; bots and probes do not come this way
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
SESSION_ENGINE = "django.contrib.sessions.backends.db"  # supervisors stay logged in while Redis is away
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# Logs: one line per thing that happened, facts in fields, to standard output.

LOG_LEVEL = one_of("LOG_LEVEL", "INFO", ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"))
LOG_FORMAT = one_of("LOG_FORMAT", "text", ("text", "json"))
_SHARED: list[structlog.types.Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.format_exc_info,
]
structlog.configure(
    processors=[*_SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
    logger_factory=structlog.stdlib.LoggerFactory(),
    wrapper_class=structlog.stdlib.BoundLogger,
    cache_logger_on_first_use=True,
)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": structlog.stdlib.ProcessorFormatter,
            "foreign_pre_chain": _SHARED,
            "processors": [
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer()
                if LOG_FORMAT == "json"
                else structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback),
            ],
        }
    },
    "filters": {
        "only tracebacks": {"()": "interconnections.http.log_filters.OnlyTracebacks"},
        "no addresses": {"()": "interconnections.http.log_filters.NoAddresses"},
    },
    "handlers": {"stdout": {"class": "logging.StreamHandler", "stream": "ext://sys.stdout", "formatter": "line"}},
    "root": {"handlers": ["stdout"], "level": LOG_LEVEL},
    "loggers": {
        # Libraries below WARNING print addresses with tokens and bodies: never, not even at DEBUG.
        **{
            name: {"level": "WARNING"}
            for name in (
                "aiohttp",
                "asyncio",
                "channels",
                "redis",
                "urllib3",
                "uvicorn.access",
            )
        },
        # A wrong Host header, or 1,001 parameters, are their sender's mistake, not a traceback of ours.
        "django.security": {"level": "CRITICAL"},
        # The bell tower says in a line what this says in a traceback a second while Redis is away.
        "channels_redis": {"level": "CRITICAL"},
        # That the database is away is said by who wanted it; the pool says it again with addresses.
        "psycopg.pool": {"level": "CRITICAL"},
        # A collector that is away: the batch that it did not get, without each try.
        "opentelemetry": {"level": "ERROR"},
        "django.request": {"level": "WARNING", "filters": ["only tracebacks"]},
        "uvicorn": {"handlers": [], "level": "INFO", "propagate": True},
        "uvicorn.error": {"filters": ["no addresses"]},
        "django.server": {"handlers": ["stdout"], "level": "WARNING", "propagate": False},
    },
}
