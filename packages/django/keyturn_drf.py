"""Knows people in Django REST framework by the access tokens of a Keyturn. Copy this file into your project.

It needs djangorestframework and PyJWT with cryptography. README.md beside it says what KEYTURN in your settings holds.
"""

import base64
import json
import logging
import math
import os
import random
import threading
import time
from datetime import datetime
from email.utils import parsedate_to_datetime
from http.client import HTTPException
from urllib.error import HTTPError
from urllib.parse import quote_plus, urlencode
from urllib.request import HTTPRedirectHandler, Request, build_opener

import jwt
from django.conf import settings as django_settings
from django.core.exceptions import ImproperlyConfigured
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import APIException, AuthenticationFailed
from rest_framework.permissions import BasePermission

log = logging.getLogger("keyturn")

SECRET_ALGORITHMS = ["HS256", "HS384", "HS512"]
PUBLIC_KEY_ALGORITHMS = [
    *("ES256", "ES384", "ES512", "EdDSA"),
    *("RS256", "RS384", "RS512", "PS256", "PS384", "PS512"),
]
MAX_TOKEN_CHARACTERS = 8192


class Person:
    """Who is calling: `id` is theirs for ever, whatever becomes of their address."""

    is_authenticated = True
    is_active = True
    is_anonymous = False

    def __init__(self, claims):
        self.id = self.pk = claims["sub"]
        self.session_id = claims["sid"]
        self.claims = claims


class KeyturnAuthentication(BaseAuthentication):
    """Verifies access tokens without asking Keyturn for each call.

    `request.user` is a `Person`, `request.auth` the token. What is refused is 401; 503 says that keys or ended sessions
    are not known at the moment, so that nobody throws a good token away.
    """

    def authenticate(self, request):
        scheme, _, token = get_authorization_header(request).decode("latin-1").partition(" ")
        if scheme.lower() != "bearer":
            return None
        try:
            claims = verifier().verify(token.strip())
        except TokenRefused as refused:
            if refused.code in ("stale", "unavailable"):
                raise KeyturnAway({"detail": str(refused), "code": refused.code}) from refused
            reason = {"reason": refused.reason} if refused.reason else {}
            raise AuthenticationFailed({"detail": str(refused), "code": refused.code, **reason}) from refused
        return self.person(claims), token

    def person(self, claims):
        """Who a good token is of. Yours to override, if you have users of your own."""
        return Person(claims)

    def authenticate_header(self, request):
        return "Bearer"


class StillLoggedIn(BasePermission):
    """Asks Keyturn whether the session lives, this very moment: for what must not happen after a log-out.

    Says no where Keyturn can't be reached.
    """

    message = "Log in again."

    def has_permission(self, request, view):
        body = json.dumps({"token": request.auth, "live": True}).encode()
        headers = {"Content-Type": "application/json"}
        try:
            return send(f"{settings.url}/api/token/verify", headers, body, timeout_seconds=5)[0] == 200
        except Unreachable:
            return False


class KeyturnAway(APIException):
    """503: it can't be said at the moment whether the caller's token is good."""

    status_code = 503
    wait = 1


def lag_seconds():
    """How long ago Keyturn last said that no ended session is missing; None without REVOCATIONS.

    Up to half of STALE_AFTER_SECONDS while all is well, infinite before the first time in this process.
    """
    revocations = verifier().revocations
    return revocations.lag_seconds() if revocations else None


def verifier():
    """This process's verifier, which begins to hear of ended sessions when it is first asked for.

    A process that is forked begins anew, since threads are not forked with it.
    """
    global _verifier
    if _verifier is None:
        with _lock:
            if _verifier is None:
                made = Verifier(settings)
                made.start()
                _verifier = made
    return _verifier


class TokenRefused(Exception):
    """`code` is `invalid`, `expired`, `revoked`, `stale` or `unavailable`; `reason` how a session ended."""

    SENTENCES = {
        "invalid": "This is no access token for this service.",
        "expired": "The access token has run out.",
        "revoked": "The session of this access token has ended.",
        "stale": "Whether the session of this access token lives is not known at the moment.",
        "unavailable": "The keys that access tokens are verified with can't be read at the moment.",
    }

    def __init__(self, code, reason=None):
        super().__init__(self.SENTENCES[code])
        self.code = code
        self.reason = reason


class Settings:
    """KEYTURN as it is worked with. Raises ImproperlyConfigured, naming what is missing or can't be meant."""

    def __init__(self, given):
        if not isinstance(given, dict):
            raise ImproperlyConfigured("KEYTURN must be a dictionary.")
        self.issuer = text_of(given, "ISSUER")
        self.url = address_of(given if "URL" in given else {"URL": self.issuer}, "URL")
        audience = given.get("AUDIENCE")
        self.audience = [audience] if isinstance(audience, str) else list(audience or []) or None
        keys = text_of(given, "KEYS")
        self.keys_url = keys if keys.lower().startswith(("http:", "https:")) else None
        self.secret = None if self.keys_url else keys.encode()
        if "-----BEGIN " in keys:
            raise ImproperlyConfigured(
                "KEYTURN: KEYS can't be a key in PEM: anyone who knows a public key could sign with it."
            )
        feed = given.get("REVOCATIONS")
        self.revocations = None if feed is None else RevocationSettings(feed)


class RevocationSettings:
    """REVOCATIONS of KEYTURN as it is worked with."""

    def __init__(self, given):
        if not isinstance(given, dict):
            raise ImproperlyConfigured("KEYTURN: REVOCATIONS must be a dictionary.")
        base = address_of(given, "URL")
        if base.endswith("/api/revocations"):
            base = base[: -len("/api/revocations")]
        self.feed_url = f"{base}/api/revocations"
        self.introspection_url = f"{base}/oauth/introspect"
        # Both halves are form-encoded first (RFC 6749 §2.3.1).
        pair = ":".join(quote_plus(text_of(given, name)) for name in ("ID", "SECRET"))
        self.authorization = f"Basic {base64.b64encode(pair.encode()).decode()}"
        self.when_stale = given.get("WHEN_STALE")
        if self.when_stale not in ("refuse", "accept", "ask"):
            raise ImproperlyConfigured(
                'KEYTURN: WHEN_STALE must be chosen: "refuse", "accept" or "ask" while ended sessions are not known.'
            )
        self.stale_after_seconds = given.get("STALE_AFTER_SECONDS", 30)
        if not isinstance(self.stale_after_seconds, (int, float)) or not self.stale_after_seconds > 0:
            raise ImproperlyConfigured("KEYTURN: STALE_AFTER_SECONDS must be a number of seconds.")


def text_of(given, name):
    value = given.get(name)
    if not isinstance(value, str) or not value:
        raise ImproperlyConfigured(f"KEYTURN: {name} must be a text that is not empty.")
    return value


def address_of(given, name):
    value = text_of(given, name).rstrip("/")
    if not value.lower().startswith(("http://", "https://")):
        raise ImproperlyConfigured(f"KEYTURN: {name} must be an address that begins with https:// or http://.")
    return value


class Verifier:
    """Decides whether an access token is good. `now` gives seconds since the epoch; tests move it."""

    def __init__(self, settings, now=time.time):
        self._settings = settings
        self._now = now
        self._keys = PublishedKeys(settings.keys_url, now) if settings.keys_url else None
        feed = settings.revocations
        self.revocations = Revocations(feed, now) if feed else None
        self._asker = Asker(feed, now) if feed else None

    def start(self):
        """Begins to hear of ended sessions, in a daemon thread."""
        if self.revocations:
            self.revocations.start()

    def verify(self, token):
        """The claims of a good access token.

        Raises TokenRefused:

        1. a wrong algorithm, signature, issuer or audience, or no access token → `invalid` (RFC 8725 §3.1, §3.11)
        2. keys that have never been read → `unavailable`
        3. past `exp` → `expired` (RFC 7519 §4.1.4)
        4. its session is known to have ended → `revoked`
        5. ended sessions are not known → as WHEN_STALE says
        """
        claims = self._read(token)
        if self.revocations:
            self._check_session(token, claims)
        return claims

    def _read(self, token):
        if len(token) > MAX_TOKEN_CHARACTERS:
            raise TokenRefused("invalid")
        try:
            key, algorithms = self._key_for(token)
            claims = jwt.decode(
                token,
                key,
                algorithms=algorithms,
                issuer=self._settings.issuer,
                audience=self._settings.audience,
                options={
                    "require": ["exp", "iss", "sub", "sid"],
                    **{name: False for name in ("verify_exp", "verify_nbf", "verify_iat")},
                },
            )
            now = self._now()
            if not is_access(claims) or claims.get("nbf", 0) > now:
                raise TokenRefused("invalid")
            expired = not claims["exp"] > now
        except (jwt.PyJWTError, ValueError, TypeError, RecursionError) as fault:
            raise TokenRefused("invalid") from fault
        if expired:
            raise TokenRefused("expired")
        return claims

    def _key_for(self, token):
        if self._keys is None:
            return self._settings.secret, SECRET_ALGORITHMS
        algorithm, key = self._keys.find(jwt.get_unverified_header(token).get("kid"))
        return key, [algorithm]

    def _check_session(self, token, claims):
        feed = self._settings.revocations
        self.revocations.wait_for_first()
        reason = self.revocations.reason_for(claims)
        if reason is not None:
            raise TokenRefused("revoked", reason)
        if self.revocations.lag_seconds() <= feed.stale_after_seconds or feed.when_stale == "accept":
            return
        active = self._asker.is_active(token) if feed.when_stale == "ask" else None
        if active is None:
            raise TokenRefused("stale")
        if not active:
            raise TokenRefused("revoked")


def is_access(claims):
    named = all(isinstance(claims.get(name), str) and claims[name] for name in ("sub", "sid"))
    return named and claims.get("token_type") == "access"


class PublishedKeys:
    """The keys that Keyturn publishes (RFC 7517).

    They are read when the first token comes, every ten minutes, and when a token names an unknown one; at most every
    ten seconds, whatever tokens come. While they can't be read, known keys go on.
    """

    FRESH_FOR_SECONDS = 600
    COOL_DOWN_SECONDS = 10
    TIMEOUT_SECONDS = 5

    def __init__(self, url, now):
        self._url = url
        self._now = now
        self._known = None
        self._read_at = self._tried_at = -math.inf
        self._failing = False
        self._lock = threading.Lock()

    def find(self, kid):
        """Algorithm and key. Raises TokenRefused: `unavailable` where none was ever read, else `invalid`."""
        if abs(self._now() - self._read_at) >= self.FRESH_FOR_SECONDS:
            if self._known is not None and self._failing:
                threading.Thread(target=self._read, daemon=True).start()
            else:
                self._read()
        if self._known is None:
            raise TokenRefused("unavailable")
        if self._named(kid) is None:
            self._read()
        found = self._named(kid)
        if found is None:
            raise TokenRefused("invalid")
        return found

    def _named(self, kid):
        if kid is None and len(self._known) == 1:
            return next(iter(self._known.values()))
        return self._known.get(kid)

    def _read(self):
        with self._lock:
            if abs(self._now() - self._tried_at) < self.COOL_DOWN_SECONDS:
                return
            self._tried_at = self._now()
            found = self._fetch()
            self._failing = found is None
            if found is not None:
                self._known = found
                self._read_at = self._now()

    def _fetch(self):
        try:
            status, _, text = send(self._url, {}, timeout_seconds=self.TIMEOUT_SECONDS)
            if status != 200:
                return None
            return dict(filter(None, map(read_key, json.loads(text)["keys"])))
        except (Unreachable, ValueError, TypeError, KeyError, RecursionError):
            return None


def read_key(jwk):
    """What a published key is called, its algorithm and itself; None for one that this service can't use."""
    try:
        if jwk["alg"] in PUBLIC_KEY_ALGORITHMS:
            return jwk.get("kid"), (jwk["alg"], jwt.PyJWK(jwk).key)
    except (jwt.PyJWTError, ValueError, TypeError, KeyError, AttributeError):
        pass
    return None


class Revocations:
    """The sessions that have ended, heard of as they end by one call after another that waits (contract §10).

    A call waits at most half of STALE_AFTER_SECONDS, so that one lost call makes nothing stale. What is known is kept
    until the session's last access token has run out.
    """

    LONGEST_WAIT_SECONDS = 25
    ANSWER_WITHIN_SECONDS = 5
    FIRST_PAUSE_SECONDS = 0.1
    # Short, so that a Keyturn that comes back is heard within it; one that is busy says Retry-After.
    LONGEST_PAUSE_SECONDS = 1
    CREDENTIALS_AGAIN_AFTER_SECONDS = 30
    # No answer may silence a service for longer.
    LONGEST_RETRY_AFTER_SECONDS = 300
    # What nothing to tell must have taken at least, else the next call is put off.
    SHORTEST_POLL_SECONDS = 0.5
    # How long the first callers of a process wait for the first answer.
    FIRST_ANSWER_WITHIN_SECONDS = 2
    # An entry outlives its last token by this much, so that a clock that is set back revives none.
    KEEP_LONGER_SECONDS = 60

    def __init__(self, settings, now):
        self._settings = settings
        self._now = now
        self._wait_seconds = min(self.LONGEST_WAIT_SECONDS, max(1, int(settings.stale_after_seconds / 2)))
        self._sessions = {}
        self._everyone = (-math.inf, "")
        self._cursor = None
        self._caught_up = False
        self._whole_at = -math.inf
        self._longest_page = 1
        self._failures = 0
        self._told = None
        self._swept_at = -math.inf
        self._known = threading.Event()
        self._first_until = -math.inf

    def start(self):
        self._first_until = time.monotonic() + self.FIRST_ANSWER_WITHIN_SECONDS
        threading.Thread(target=self._follow, name="keyturn revocations", daemon=True).start()

    def wait_for_first(self):
        if not self._known.is_set():
            self._known.wait(max(0, self._first_until - time.monotonic()))

    def lag_seconds(self):
        """Since nothing was missing. A clock that is set back makes it grow too, until the next answer."""
        return abs(self._now() - self._whole_at)

    def reason_for(self, claims):
        """How a token's session ended, None while nothing is known of that."""
        issued_by, reason = self._everyone
        iat = claims.get("iat")
        if (iat if isinstance(iat, (int, float)) else 0) <= issued_by:
            return reason
        return self._sessions.get(claims["sid"], (None, None))[0]

    def read_on(self):
        """Makes one call, and says how many seconds to pause before the next."""
        wait_seconds = self._wait_seconds if self._caught_up else 0
        query = {"after": self._cursor, "wait": wait_seconds or None}
        query = urlencode({name: value for name, value in query.items() if value is not None})
        headers = {"Authorization": self._settings.authorization}
        asked_at = self._now()
        try:
            status, answered, text = send(
                f"{self._settings.feed_url}?{query}".rstrip("?"),
                headers,
                timeout_seconds=wait_seconds + self.ANSWER_WITHIN_SECONDS,
            )
        except Unreachable as fault:
            return self._fail("unreachable", f"Keyturn can't be reached: {fault}")
        wait_for = retry_after_seconds(answered, self._now())
        if status in (401, 403):
            wait_for = max(wait_for, self.CREDENTIALS_AGAIN_AFTER_SECONDS)
            message = "Keyturn refuses ID and SECRET of REVOCATIONS: they must be a confidential application's."
            return self._fail("credentials", message, wait_for)
        if status == 400 and self._cursor is not None:
            return self._take([], None, False, asked_at)
        if status != 200:
            return self._fail("unreachable", f"Keyturn answers {status} at /api/revocations.", wait_for)
        page = read_page(text)
        if page is None:
            return self._fail("unreachable", "What answers at /api/revocations is no Keyturn.")
        return self._take(*page, asked_at)

    def _take(self, entries, after, complete, asked_at):
        """A page that is shorter than one before was not full, so nothing is missing behind it."""
        now = self._now()
        self._failures = 0
        self._told = None
        for sid, reason, at, until in entries:
            if sid is not None:
                self._sessions[sid] = (reason, until)
            elif math.floor(at) >= self._everyone[0]:
                self._everyone = (math.floor(at), reason)
        self._sweep(now)
        if not complete and self._cursor is not None:
            self._cursor = None
            self._caught_up = False
            return self.FIRST_PAUSE_SECONDS
        has_waited = self._caught_up
        self._cursor = self._cursor if after is None else after
        self._caught_up = len(entries) < self._longest_page
        self._longest_page = max(self._longest_page, len(entries))
        if not self._caught_up:
            return 0
        self._whole_at = now
        self._known.set()
        too_soon = has_waited and not entries and now - asked_at < self.SHORTEST_POLL_SECONDS
        return self.SHORTEST_POLL_SECONDS if too_soon else 0

    def _fail(self, code, message, wait_for_seconds=0):
        if self._told != code:
            log.error(message)
        self._told = code
        self._caught_up = False
        pause = min(self.LONGEST_PAUSE_SECONDS, self.FIRST_PAUSE_SECONDS * 2 ** min(self._failures, 10))
        self._failures += 1
        return min(wait_for_seconds, self.LONGEST_RETRY_AFTER_SECONDS) + pause * random.uniform(0.5, 1)

    def _sweep(self, now):
        if now - self._swept_at < 60:
            return
        self._swept_at = now
        ran_out = [sid for sid, (_, until) in self._sessions.items() if until + self.KEEP_LONGER_SECONDS < now]
        for sid in ran_out:
            del self._sessions[sid]

    def _follow(self):
        while True:
            try:
                pause = self.read_on()
            except Exception:
                log.exception("Ended sessions can't be followed; will try again.")
                pause = self.CREDENTIALS_AGAIN_AFTER_SECONDS
            if pause > 0:
                time.sleep(pause)


def read_page(text):
    """Entries, the next cursor and whether they are complete; None for an answer that can't be read whole."""
    try:
        page = json.loads(text)
        entries = [read_entry(**entry) for entry in page["results"]]
        after, complete = page.get("next"), page["complete"]
        usable = isinstance(after, str) or (after is None and not entries)
        return (entries, after, complete) if usable and isinstance(complete, bool) else None
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None


def read_entry(sid, sub, reason, at, until, **_):
    if not (isinstance(sid, str) or (sid is None and sub is None)):
        raise ValueError("an entry names a session, or everybody's")
    return sid, str(reason), seconds_of(at), seconds_of(until)


def seconds_of(instant):
    return datetime.fromisoformat(instant.replace("Z", "+00:00")).timestamp()


class Asker:
    """Asks Keyturn whether a token opens something now (RFC 7662)."""

    TIMEOUT_SECONDS = 2
    COOL_DOWN_SECONDS = 1

    def __init__(self, settings, now):
        self._settings = settings
        self._now = now
        self._not_before = -math.inf

    def is_active(self, token):
        """None where no answer comes, and for a second after that without asking."""
        if self._now() < self._not_before:
            return None
        wait_for = 0
        try:
            status, headers, text = send(
                self._settings.introspection_url,
                {
                    "Authorization": self._settings.authorization,
                    "Content-Type": "application/x-www-form-urlencoded",
                },
                urlencode({"token": token}).encode(),
                timeout_seconds=self.TIMEOUT_SECONDS,
            )
            wait_for = retry_after_seconds(headers, self._now())
            active = json.loads(text)["active"] if status == 200 else None
            if isinstance(active, bool):
                return active
        except (Unreachable, ValueError, TypeError, KeyError, RecursionError):
            pass
        self._not_before = self._now() + max(self.COOL_DOWN_SECONDS, min(wait_for, 60))
        return None


class Unreachable(Exception):
    """No answer came."""


class FollowsNoRedirect(HTTPRedirectHandler):
    """A redirect could lead a secret astray."""

    def redirect_request(self, *_):
        return None


_opener = build_opener(FollowsNoRedirect)


def send(url, headers, body=None, *, timeout_seconds):
    """Status, headers and text of an answer. Raises Unreachable."""
    try:
        request = Request(url, body, {"Accept": "application/json", **headers})
        with _opener.open(request, timeout=timeout_seconds) as answer:
            return answer.status, answer.headers, answer.read().decode()
    except HTTPError as answer:
        with answer:
            return answer.code, answer.headers, ""
    except (OSError, HTTPException, ValueError) as fault:
        raise Unreachable(str(fault)) from fault


def retry_after_seconds(headers, now):
    """How long an answer asks to be left alone, 0 where it doesn't say (RFC 9110 §10.2.3)."""
    text = (headers.get("Retry-After") or "").strip()
    try:
        return int(text) if text.isdecimal() else max(0, parsedate_to_datetime(text).timestamp() - now)
    except (ValueError, TypeError, IndexError):
        return 0


def _forget_verifier():
    global _verifier, _lock
    _verifier = None
    _lock = threading.Lock()


settings = Settings(getattr(django_settings, "KEYTURN", None))
_forget_verifier()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_verifier)
