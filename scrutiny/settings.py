"""Settings, read from the environment only. What is missing or wrong stops the start with a sentence.

DEVELOPMENT=1           a trial on one's own machine: a made-up secret key, local addresses, no HTTPS
SECRET_KEY              required otherwise
ALLOWED_HOSTS           required otherwise: the host names the site answers to, with commas between
DATABASE_URL            postgres://user:password@host/name; an embedded SQLite file under var/ if not given
DATABASE_POOL           least, most and patience: connections kept by each process, seconds to wait for one (1,8,5)
REPLICA_URL             a streaming replica of the same PostgreSQL, from which pages are read (none)
DATA_DIR                where the SQLite file, uploads and imports live (var/)
COUNCIL_NAME            the name in the header
CONTACT_EMAIL           where people report problems, shown in the accessibility statement
SECURITY_CONTACT        where people report security problems: an e-mail or https address (CONTACT_EMAIL, or EMAIL_FROM)
SITE_ADDRESS            required outside a trial: where this site is, for the links in messages
EMAIL_URL               the mail server, submission://user:password@host:587; required outside a trial
EMAIL_FROM              the address that messages come from; required outside a trial
CLAMD                   where ClamAV listens, a socket's path or host:port, to look through every file that is sent
LOG_FORMAT              text, or json for one JSON object in each line of the log (text)
SECOND_STEP             a second step of signing in for whoever can write or see what is not published (1; 0 in a trial)
TOTP_KEY                required outside a trial: encrypts the secrets of authenticator apps; several with commas
                        between, the newest first
SESSION_IDLE_MINUTES    somebody who did nothing for so long signs in again (30)
SESSION_ABSOLUTE_MINUTES  somebody who signed in so long ago signs in again (720)
TRUSTED_PROXIES         how many servers of your own a request passes on its way here (1; 0 in a trial)
OIDC_SERVER             the council's directory, by OpenID Connect; then also OIDC_CLIENT_ID, OIDC_SECRET and OIDC_NAME
SMALL_NUMBER_THRESHOLD  counts of children and incidents below this are not shown (5)
"""

from pathlib import Path

from cryptography.fernet import Fernet, MultiFernet
from django.core.exceptions import ImproperlyConfigured
from environs import Env, EnvError, validate

env = Env()

BASE_DIR = Path(__file__).resolve().parent.parent


def required(name, why, parse=env.str, trial=None):
    """The setting `name`, or `trial` in development; stops the start with `why` when neither is there."""
    if DEVELOPMENT:
        return parse(name, default=trial)
    try:
        value = parse(name)
    except EnvError as error:
        raise ImproperlyConfigured(f"Set {name} in the environment: {why}") from error
    if not value:
        raise ImproperlyConfigured(f"{name} is empty. Set it in the environment: {why}")
    return value


def wrong(name, error, what_to_do):
    return ImproperlyConfigured(f"{name} cannot be used ({error}). {what_to_do}")


try:
    DEVELOPMENT = env.bool("DEVELOPMENT", default=False)
    DEBUG = env.bool("DEBUG", default=False)
except EnvError as error:
    raise wrong("DEVELOPMENT or DEBUG", error, "Use 1 or 0.") from error

SECRET_KEY = required(
    "SECRET_KEY",
    "a long random text that nobody else knows. One is made by: "
    "python -c 'import secrets; print(secrets.token_urlsafe(50))'. "
    "To try the product on your own machine, set DEVELOPMENT=1 instead.",
    trial="only-for-a-trial-on-ones-own-machine-and-never-for-real-records",
)
ALLOWED_HOSTS = required(
    "ALLOWED_HOSTS",
    "the host names this site answers to, with commas between, for example scrutiny.example.gov.uk.",
    parse=env.list,
    trial=["127.0.0.1", "localhost", "[::1]", "testserver"],
)
DATA_DIR = Path(env.str("DATA_DIR", default=str(BASE_DIR / "var")))

COUNCIL_NAME = env.str("COUNCIL_NAME", default="Borough of Exampleton")
CONTACT_EMAIL = env.str("CONTACT_EMAIL", default="")
PRODUCT_NAME = "Scrutiny follow-up"

SITE_ADDRESS = required(
    "SITE_ADDRESS",
    "where this site is, for the links in messages, for example https://scrutiny.example.gov.uk.",
    trial=f"http://127.0.0.1:{env.str('PORT', default='8000')}",
).rstrip("/")
EMAIL_URL = required(
    "EMAIL_URL",
    "the mail server that messages go through, for example submission://user:password@mail.example.gov.uk:587.",
    trial="dummy:",  # nothing leaves a trial machine: messages appear on a page of the site
)
DEFAULT_FROM_EMAIL = SERVER_EMAIL = required(
    "EMAIL_FROM",
    "the address that messages come from, for example scrutiny@example.gov.uk.",
    trial="scrutiny@exampleton.example",
)
SECURITY_CONTACT = env.str("SECURITY_CONTACT", default="") or CONTACT_EMAIL or DEFAULT_FROM_EMAIL
try:
    mail = env.dj_email_url("EMAIL_URL", default=EMAIL_URL)
    EMAIL_BACKEND = mail["EMAIL_BACKEND"]
except (EnvError, ValueError, KeyError) as error:
    raise wrong("EMAIL_URL", error, "Use a form like submission://user:password@host:587.") from error
EMAIL_HOST, EMAIL_PORT = mail["EMAIL_HOST"], mail["EMAIL_PORT"]
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = mail["EMAIL_HOST_USER"], mail["EMAIL_HOST_PASSWORD"]
EMAIL_USE_TLS, EMAIL_USE_SSL = mail["EMAIL_USE_TLS"], mail["EMAIL_USE_SSL"]
EMAIL_TIMEOUT = 30  # seconds

try:
    SMALL_NUMBER_THRESHOLD = env.int("SMALL_NUMBER_THRESHOLD", default=5, validate=validate.Range(min=3))
except EnvError as error:
    raise wrong(
        "SMALL_NUMBER_THRESHOLD", error, "Use a whole number from 3 up: “fewer than 2” would give away a 1."
    ) from error

try:
    SECOND_STEP = env.bool("SECOND_STEP", default=not DEVELOPMENT)
except EnvError as error:
    raise wrong("SECOND_STEP", error, "Use 1 or 0.") from error
TOTP_KEY = required(
    "TOTP_KEY",
    "a key for the secrets of authenticator apps. One is made by: python -c "
    "'from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())'.",
    parse=env.list,
    trial=["b25seS1mb3ItYS10cmlhbC1vbi1vbmVzLW93bi1tYWM="],
)
try:
    MultiFernet([Fernet(key) for key in TOTP_KEY])
except ValueError as error:
    raise wrong(
        "TOTP_KEY", error, "Use keys made by cryptography's Fernet.generate_key(), as they are."
    ) from error
try:
    SESSION_IDLE_MINUTES = env.int("SESSION_IDLE_MINUTES", default=30, validate=validate.Range(min=5))
    SESSION_ABSOLUTE_MINUTES = env.int(
        "SESSION_ABSOLUTE_MINUTES", default=720, validate=validate.Range(min=30)
    )
    TRUSTED_PROXIES = env.int(
        "TRUSTED_PROXIES", default=0 if DEVELOPMENT else 1, validate=validate.Range(min=0)
    )
except EnvError as error:
    raise wrong(
        "SESSION_IDLE_MINUTES, SESSION_ABSOLUTE_MINUTES or TRUSTED_PROXIES",
        error,
        "Use whole numbers, at least 5, 30 and 0.",
    ) from error

OIDC_SERVER = env.str("OIDC_SERVER", default="").rstrip("/")
OIDC_NAME = env.str("OIDC_NAME", default=f"{COUNCIL_NAME} account")
OIDC_APP = {"provider_id": "directory", "name": OIDC_NAME, "settings": {"server_url": OIDC_SERVER}}
if OIDC_SERVER:
    OIDC_APP["client_id"] = required(
        "OIDC_CLIENT_ID", "the name of this site in the directory.", trial="scrutiny"
    )
    OIDC_APP["secret"] = required("OIDC_SECRET", "what the directory knows this site by.", trial="secret")

INSTALLED_APPS = [
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "scrutiny",
    "reviews",
    "actions",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "django_filters",
    "crispy_forms",
    "simple_history",
]

# The order matters: headers around everything, then what machines ask, sessions before sign-in, and the write
# transaction last, right around the view.
MIDDLEWARE = [
    "scrutiny.toolkit.headers.PageHeaders",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "scrutiny.toolkit.health.health",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "scrutiny.toolkit.dates.Today",
    "scrutiny.toolkit.middleware.TolerantSessions",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "scrutiny.toolkit.sessions.SessionLimits",
    "scrutiny.kept_back.KeptBack",
    "django.contrib.messages.middleware.MessageMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "scrutiny.toolkit.middleware.KeepTypedText",
    "scrutiny.sign_in.second_step.SecondStep",
    "scrutiny.limits.Limits",
    "scrutiny.toolkit.middleware.AtomicWrites",
]

ROOT_URLCONF = "scrutiny.urls"
WSGI_APPLICATION = "scrutiny.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "scrutiny.toolkit.views.page",
            ],
        },
    },
]
FORM_RENDERER = "scrutiny.toolkit.forms.Renderer"
CRISPY_ALLOWED_TEMPLATE_PACKS = "govuk"
CRISPY_TEMPLATE_PACK = "govuk"

SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",  # a writer waits its turn instead of failing half way
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
}
try:
    least, most, patience = env.list("DATABASE_POOL", default=[1, 8, 5], subcast=int)
    if not 0 <= least <= most or most < 1 or patience < 1:
        raise ValueError("the least is more than the most, or one is too small")
except (EnvError, ValueError) as error:
    raise wrong("DATABASE_POOL", error, "Use three whole numbers, for example 1,8,5.") from error
POSTGRESQL_OPTIONS = {
    # Given up after 2 seconds, a connection is tried anew by the next request; the pool's own pauses grow to minutes.
    "pool": {"min_size": least, "max_size": most, "timeout": patience, "reconnect_timeout": 2},
    "connect_timeout": 5,  # seconds
}
# The record comes first in what Django joins: to look for a better order among ten tables took longer than the page.
PLANNING = {"options": "-c join_collapse_limit=6"}  # a DATABASE_URL with options of its own has those
THIS_MACHINE = ("/", "localhost", "127.", "::1")  # how a socket's directory or an address of our own begins


def postgresql(name, config):
    """The options of a PostgreSQL, which is not spoken to over a network without knowing who answers."""
    options = PLANNING | config.get("OPTIONS", {}) | POSTGRESQL_OPTIONS
    is_here = not config["HOST"] or config["HOST"].startswith(THIS_MACHINE)
    if not (DEVELOPMENT or is_here) and options.get("sslmode") != "verify-full":
        raise wrong(
            name,
            "the connection to another machine is not verified",
            "Add ?sslmode=verify-full&sslrootcert=/path/to/the/authority.pem to it.",
        )
    return config | {"OPTIONS": options, "CONN_MAX_AGE": 0, "CONN_HEALTH_CHECKS": True}


def database(url):
    """Django's dictionary for one DATABASE_URL, with the options each engine needs to lose nothing."""
    try:
        config = env.dj_db_url("DATABASE_URL", default=url)
    except (EnvError, ValueError) as error:
        raise wrong("DATABASE_URL", error, "Use postgres://user:password@host:5432/name.") from error
    engine = config["ENGINE"].rsplit(".", 1)[-1]
    if engine not in ("postgresql", "sqlite3"):
        raise wrong("DATABASE_URL", engine, "Use PostgreSQL (postgres://...) or SQLite (sqlite:///...).")
    if engine == "sqlite3":
        DATA_DIR.mkdir(parents=True, exist_ok=True)
        return config | {"OPTIONS": SQLITE_OPTIONS, "CONN_MAX_AGE": 60}
    return postgresql("DATABASE_URL", config)


DATABASES = {"default": database(f"sqlite:///{DATA_DIR / 'scrutiny.sqlite3'}")}
if REPLICA_URL := env.str("REPLICA_URL", default=""):
    try:
        DATABASES["replica"] = postgresql("REPLICA_URL", env.dj_db_url("REPLICA_URL"))
    except (EnvError, ValueError) as error:
        raise wrong("REPLICA_URL", error, "Use postgres://user:password@host:5432/name.") from error
    if not all(each["ENGINE"].endswith("postgresql") for each in DATABASES.values()):
        raise wrong("REPLICA_URL", "a replica goes with PostgreSQL only", "Take it out.")
    DATABASES["replica"]["TEST"] = {"MIRROR": "default"}
    DATABASE_ROUTERS = ["scrutiny.toolkit.replicas.Router"]
    MIDDLEWARE.insert(
        MIDDLEWARE.index("scrutiny.toolkit.middleware.TolerantSessions"),
        "scrutiny.toolkit.replicas.reads_from_replica",
    )
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "scrutiny.User"
FORM_RECEIPT_MODEL = "scrutiny.FormReceipt"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "scrutiny.sign_in.passwords.GuessedFirst"},
]
PASSWORD_RESET_TIMEOUT = 60 * 60
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "sign-in"
SESSION_COOKIE_AGE = SESSION_ABSOLUTE_MINUTES * 60

ACCOUNT_ADAPTER = "scrutiny.sign_in.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_EMAIL_VERIFICATION = "none"  # an administrator enters the address, and the invitation goes there
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_FORMS = {
    "login": "scrutiny.sign_in.forms.SignInForm",
    "change_password": "scrutiny.sign_in.forms.ChangePasswordForm",
    "reset_password": "scrutiny.sign_in.forms.ForgottenPasswordForm",
    "reset_password_from_key": "scrutiny.sign_in.forms.NewPasswordForm",
    "reauthenticate": "scrutiny.sign_in.forms.PasswordAgainForm",
}
ACCOUNT_RATE_LIMITS = {
    "login": "300/m/ip",
    "login_failed": "5/5m/key",
}  # of passwords: scrutiny/sign_in/lockout.py
MFA_ADAPTER = "scrutiny.sign_in.adapters.SecondStepAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEVELOPMENT
MFA_TOTP_ISSUER = PRODUCT_NAME
MFA_TOTP_TOLERANCE = 0  # a used code is remembered as long as it is valid, and no longer
MFA_FORMS = {
    "authenticate": "scrutiny.sign_in.forms.CodeForm",
    "reauthenticate": "scrutiny.sign_in.forms.CodeAgainForm",
    "activate_totp": "scrutiny.sign_in.forms.ActivateCodesForm",
    "add_webauthn": "scrutiny.sign_in.forms.AddPasskeyForm",
    "edit_webauthn": "scrutiny.sign_in.forms.EditPasskeyForm",
}
SOCIALACCOUNT_ADAPTER = "scrutiny.sign_in.adapters.DirectoryAdapter"
SOCIALACCOUNT_EMAIL_AUTHENTICATION = SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = (
    True  # the council's own
)
SOCIALACCOUNT_PROVIDERS = (
    {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [OIDC_APP]}} if OIDC_SERVER else {}
)

# Shared by all processes: failed tries and used codes. Entries are not pushed out by a flood of others.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "shared_cache",
        "OPTIONS": {"MAX_ENTRIES": 1_000_000},
    }
}

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_I18N = False
USE_TZ = True
FORMS_URLFIELD_ASSUME_HTTPS = True
FORMAT_MODULE_PATH = "scrutiny.formats"
FILTERS_EMPTY_CHOICE_LABEL = "Any"

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = DEVELOPMENT
WHITENOISE_ALLOW_ALL_ORIGINS = False
STORAGES = {
    "default": {
        "BACKEND": "scrutiny.toolkit.storage.WholeFiles",
        "OPTIONS": {"location": DATA_DIR / "files"},
    },
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEVELOPMENT
        else "whitenoise.storage.CompressedManifestStaticFilesStorage",
    },
}
CLAMD = env.str("CLAMD", default="")
DATA_UPLOAD_MAX_MEMORY_SIZE = 25 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000

SILENCED_SYSTEM_CHECKS = []
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "scrutiny.toolkit.errors.csrf_failure"
DEFAULT_EXCEPTION_REPORTER_FILTER = "scrutiny.toolkit.errors.PrivateReports"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not DEVELOPMENT
COOKIE_PREFIX = "" if DEVELOPMENT else "__Host-"  # browsers then take them from this very site only, by HTTPS
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}sessionid", f"{COOKIE_PREFIX}csrftoken"
MESSAGE_STORAGE = "scrutiny.toolkit.headers.Messages"
SECURE_SSL_REDIRECT = not DEVELOPMENT
SECURE_HSTS_SECONDS = 0 if DEVELOPMENT else 365 * 24 * 60 * 60
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = not DEVELOPMENT
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

LOG_FORMAT = env.str("LOG_FORMAT", default="text")
if LOG_FORMAT not in ("text", "json"):
    raise wrong("LOG_FORMAT", LOG_FORMAT, "Use text or json.")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "text": {"()": "scrutiny.toolkit.logs.Lines"},
        "json": {"()": "scrutiny.toolkit.logs.JsonLines"},
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {  # instead of Django's own, which mail error reports and print addresses
        "django": {"handlers": [], "level": "INFO"},
        "django.server": {"handlers": [], "level": "INFO", "propagate": True},
    },
}
