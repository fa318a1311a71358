import os
import sys
from pathlib import Path

# Your project has a copy of keyturn_drf.py instead.
sys.path.append(str(Path(__file__).resolve().parents[2] / "packages" / "django"))

KEYTURN_URL = os.environ.get("KEYTURN_URL", "http://localhost:3000")
KEYTURN = {
    "ISSUER": KEYTURN_URL,
    "KEYS": f"{KEYTURN_URL}/.well-known/jwks.json",
}
# With the credentials of a confidential application, people who log out are refused at once.
if "CLIENT_ID" in os.environ:
    KEYTURN["REVOCATIONS"] = {
        "URL": KEYTURN_URL,
        "ID": os.environ["CLIENT_ID"],
        "SECRET": os.environ["CLIENT_SECRET"],
        "WHEN_STALE": "refuse",
    }

SECRET_KEY = os.environ.get("DJANGO_SECRET_KEY", "for this example alone")
ALLOWED_HOSTS = ["localhost", "127.0.0.1"]
ROOT_URLCONF = "urls"
INSTALLED_APPS = ["rest_framework"]
USE_TZ = True

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["keyturn_drf.KeyturnAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "UNAUTHENTICATED_USER": None,
}
