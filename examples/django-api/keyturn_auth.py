"""Knows people by the access tokens of a Keyturn. Copy this file into your project."""

import json
from urllib.request import Request, urlopen

import jwt
from django.conf import settings
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import BasePermission

KEYTURN_URL = settings.KEYTURN_URL.rstrip("/")
keys = jwt.PyJWKClient(f"{KEYTURN_URL}/.well-known/jwks.json", cache_keys=True)


class Person:
    """Who is calling: `id` is theirs for ever, whatever becomes of their address."""

    is_authenticated = True

    def __init__(self, claims):
        self.id = self.pk = claims["sub"]
        self.session_id = claims["sid"]


class KeyturnAuthentication(BaseAuthentication):
    """Verifies by Keyturn's published keys, without asking Keyturn for each call."""

    def authenticate(self, request):
        scheme, _, token = get_authorization_header(request).decode("latin-1").partition(" ")
        if scheme.lower() != "bearer":
            return None
        try:
            claims = jwt.decode(
                token,
                keys.get_signing_key_from_jwt(token).key,
                algorithms=["ES256"],
                issuer=KEYTURN_URL,
                audience=getattr(settings, "KEYTURN_AUDIENCE", None),
                options={"require": ["exp", "iss", "sub", "sid"]},
            )
        except jwt.PyJWTError as fault:
            raise AuthenticationFailed("This token opens nothing.") from fault
        if claims.get("token_type") != "access":
            raise AuthenticationFailed("This is no access token.")
        return Person(claims), token

    def authenticate_header(self, request):
        return "Bearer"


class StillLoggedIn(BasePermission):
    """Asks Keyturn whether the session lives: for what must not happen after a log-out."""

    message = "Log in again."

    def has_permission(self, request, view):
        body = json.dumps({"token": request.auth, "live": True}).encode()
        asking = Request(
            f"{KEYTURN_URL}/api/token/verify", body, {"Content-Type": "application/json"}
        )
        try:
            with urlopen(asking, timeout=5) as answer:
                return answer.status == 200
        except OSError:
            return False
