"""`python3 -m unittest` in this folder, with djangorestframework, PyJWT and cryptography installed."""

import base64
import json
import logging
import os
import threading
import unittest
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from unittest import mock
from urllib.parse import parse_qs, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings as django_settings
from django.core.exceptions import ImproperlyConfigured

ISSUER = "https://login.example.com"
SECRET = "what Keyturn and this service share, and nobody else"
NOON = 1_795_780_800
FEED = "/api/revocations"
KEYS = "/.well-known/jwks.json"
INTROSPECTION = "/oauth/introspect"

django_settings.configure(
    KEYTURN={"ISSUER": ISSUER, "KEYS": SECRET},
    ROOT_URLCONF=__name__,
    ALLOWED_HOSTS=["testserver"],
    LOGGING_CONFIG=None,
    INSTALLED_APPS=["rest_framework"],
    REST_FRAMEWORK={
        "DEFAULT_AUTHENTICATION_CLASSES": ["keyturn_drf.KeyturnAuthentication"],
        "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
        "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
        "UNAUTHENTICATED_USER": None,
    },
)

import django  # noqa: E402

django.setup()

for name in ("keyturn", "django.request"):
    logging.getLogger(name).addHandler(logging.NullHandler())

import keyturn_drf  # noqa: E402
from django.urls import path  # noqa: E402
from keyturn_drf import Settings, TokenRefused, Verifier  # noqa: E402
from rest_framework.decorators import api_view  # noqa: E402
from rest_framework.response import Response  # noqa: E402
from rest_framework.test import APIClient  # noqa: E402


@api_view(["GET"])
def orders(request):
    return Response({"person": request.user.id, "session": request.user.session_id})


urlpatterns = [path("orders", orders)]

CLAIMS = {
    "iss": ISSUER,
    "token_type": "access",
    "sub": "ada",
    "sid": "phone",
    "iat": NOON - 300,
    "exp": NOON + 1500,
}


def without(name):
    return {key: value for key, value in CLAIMS.items() if key != name}


def ended(sid, **changed):
    times = {"at": "2026-11-27T12:00:00.400Z", "until": "2026-11-27T12:30:00.000Z"}
    return {"sid": sid, "sub": sid and "ada", "user_id": sid and "ada", "reason": "logged_out", **times, **changed}


class Clock:
    def __init__(self):
        self.at = NOON

    def __call__(self):
        return self.at

    def move(self, seconds):
        self.at += seconds


class Keyturn:
    """One on loopback: its keys, its log of ended sessions, and introspection. A call that waits doesn't wait."""

    def __init__(self, page_size=1000):
        self.private_key = ec.generate_private_key(ec.SECP256R1())
        numbers = self.private_key.public_key().public_numbers()
        x, y = (
            base64.urlsafe_b64encode(part.to_bytes(32, "big")).rstrip(b"=").decode() for part in (numbers.x, numbers.y)
        )
        self.keys = [{"kty": "EC", "crv": "P-256", "x": x, "y": y, "kid": "one", "alg": "ES256", "use": "sig"}]
        self.log = []
        self.oldest = 0
        self.active = True
        self.instead = {}
        self.calls = []
        self.page_size = page_size
        keyturn = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                keyturn.answer(self)

            do_POST = do_GET

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def answer(self, handler):
        parts = urlsplit(handler.path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        body = handler.rfile.read(int(handler.headers.get("Content-Length") or 0)).decode()
        self.calls.append((parts.path, query, handler.headers.get("Authorization"), body))
        status, headers, answer = self.instead.get(parts.path) or (200, {}, self.body(parts.path, query))
        text = answer if isinstance(answer, str) else json.dumps(answer)
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(text.encode())

    def body(self, path, query):
        if path == KEYS:
            return {"keys": self.keys}
        if path == INTROSPECTION:
            return {"active": self.active}
        begin = int(query.get("after", 0))
        results = self.log[begin : begin + self.page_size]
        complete = "after" not in query or begin >= self.oldest
        return {"results": results, "next": str(begin + len(results)), "complete": complete}

    def calls_to(self, path):
        return [call for call in self.calls if call[0] == path]

    def sign(self, claims=CLAIMS, kid="one", key=None):
        return jwt.encode(claims, key or self.private_key, "ES256", {"kid": kid} if kid else None)

    def stop(self):
        self.server.shutdown()
        self.server.server_close()


class Case(unittest.TestCase):
    def setUp(self):
        self.keyturn = Keyturn()
        self.addCleanup(self.keyturn.stop)
        self.clock = Clock()

    def verifier(self, revocations=None, **given):
        given = {"ISSUER": ISSUER, "KEYS": f"{self.keyturn.url}{KEYS}", **given}
        if revocations is not None:
            whole = {"URL": self.keyturn.url, "ID": "a shop: 1", "SECRET": "s3cret/+&", "WHEN_STALE": "refuse"}
            given["REVOCATIONS"] = {**whole, **revocations}
        return Verifier(Settings(given), self.clock)

    def fate(self, verifier, token=None):
        """What becomes of somebody's token: "let in", or why not."""
        try:
            verifier.verify(self.keyturn.sign() if token is None else token)
            return "let in"
        except TokenRefused as refused:
            return refused.reason or refused.code

    def fate_of(self, verifier, **claims):
        return self.fate(verifier, self.keyturn.sign({**CLAIMS, **claims}))


class AnAccessToken(Case):
    def test_lets_a_person_in_by_the_published_keys(self):
        self.assertEqual(self.verifier().verify(self.keyturn.sign()), CLAIMS)

    def test_lets_a_person_in_under_a_shared_secret(self):
        for algorithm in ("HS256", "HS384", "HS512"):
            token = jwt.encode(CLAIMS, SECRET, algorithm)
            self.assertEqual(self.verifier(KEYS=SECRET).verify(token), CLAIMS)

    def test_has_run_out_from_the_second_that_it_names(self):
        verifier = self.verifier()
        self.clock.move(1499)
        self.assertEqual(self.fate(verifier), "let in")
        self.clock.move(1)
        self.assertEqual(self.fate(verifier), "expired")

    def test_may_come_from_a_clock_that_is_ahead(self):
        self.assertEqual(self.fate_of(self.verifier(), iat=NOON + 5), "let in")


class AnAttacker(Case):
    def test_is_refused_with_what_is_signed_for_something_else(self):
        for claims in (
            {**without("token_type"), "aud": "client"},
            {**CLAIMS, "token_type": "refresh"},
            {**CLAIMS, "iss": "https://login.example.net"},
            {**CLAIMS, "aud": "other-api"},
            {**CLAIMS, "sub": ""},
            {**CLAIMS, "sid": 7},
            {**CLAIMS, "exp": "never"},
            {**CLAIMS, "nbf": NOON + 1},
            *(without(name) for name in ("iss", "exp", "sub", "sid")),
        ):
            with self.subTest(claims=claims):
                self.assertEqual(self.fate(self.verifier(), self.keyturn.sign(claims)), "invalid")
                shared = self.verifier(KEYS=SECRET)
                self.assertEqual(self.fate(shared, jwt.encode(claims, SECRET, "HS256")), "invalid")

    def test_is_refused_with_a_signature_of_their_own(self):
        own = ec.generate_private_key(ec.SECP256R1())
        self.assertEqual(self.fate(self.verifier(), self.keyturn.sign(key=own)), "invalid")

    def test_is_refused_without_a_signature(self):
        header, payload, _ = self.keyturn.sign().split(".")
        unsigned = jwt.encode(CLAIMS, None, "none", {"kid": "one"})
        for token in (unsigned, f"{header}.{payload}."):
            self.assertEqual(self.fate(self.verifier(), token), "invalid")

    def test_is_refused_with_the_public_key_as_if_it_were_a_secret(self):
        public = self.keyturn.private_key.public_key()
        der = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        for secret in (der, json.dumps(self.keyturn.keys[0]), self.keyturn.keys[0]["x"]):
            token = jwt.encode(CLAIMS, secret, "HS256", {"kid": "one"})
            self.assertEqual(self.fate(self.verifier(), token), "invalid")

    def test_is_refused_with_an_algorithm_that_is_not_the_keys(self):
        payload = self.keyturn.sign().split(".")[1]
        for alg in ("RS256", "PS256", "EdDSA", "ES512", "none", "", 7, None, ["ES256"]):
            header = base64.urlsafe_b64encode(json.dumps({"alg": alg, "kid": "one"}).encode()).decode().rstrip("=")
            self.assertEqual(self.fate(self.verifier(), f"{header}.{payload}.c2ln"), "invalid")

    def test_is_refused_with_what_is_no_token(self):
        deep = base64.urlsafe_b64encode(b"[" * 5000).decode().rstrip("=")
        strange = base64.urlsafe_b64encode(b'{"alg":"ES256","kid":{}}').decode().rstrip("=")
        for token in ("", "none", "a.b.c", "..", "é.é.é", "a" * 100_000, f"{deep}.e30.c2ln", f"{strange}.e30.c2ln"):
            with self.subTest(token=token[:20]):
                self.assertEqual(self.fate(self.verifier(), token), "invalid")


class AService(Case):
    def test_with_a_name_lets_in_who_comes_for_it(self):
        for audience in ("my-api", ["my-api", "my-old-api"]):
            verifier = self.verifier(AUDIENCE=audience)
            self.assertEqual(self.fate_of(verifier, aud=["other-api", "my-api"]), "let in")
            self.assertEqual(self.fate_of(verifier, aud="other-api"), "invalid")
            self.assertEqual(self.fate(verifier), "invalid")

    def test_is_told_of_a_mistake_in_its_settings_at_once(self):
        good = {"ISSUER": ISSUER, "KEYS": SECRET}
        feed = {"URL": ISSUER, "ID": "shop", "SECRET": "secret", "WHEN_STALE": "refuse"}
        for name, given in (
            ("KEYTURN", None),
            ("ISSUER", {"KEYS": SECRET}),
            ("URL", {**good, "ISSUER": "login.example.com"}),
            ("KEYS", {"ISSUER": ISSUER}),
            ("KEYS", {**good, "KEYS": "-----BEGIN PUBLIC KEY-----\nMFk"}),
            ("REVOCATIONS", {**good, "REVOCATIONS": ISSUER}),
            ("URL", {**good, "REVOCATIONS": {**feed, "URL": "login.example.com"}}),
            ("ID", {**good, "REVOCATIONS": {**feed, "ID": ""}}),
            ("SECRET", {**good, "REVOCATIONS": {**feed, "SECRET": None}}),
            ("WHEN_STALE", {**good, "REVOCATIONS": {**feed, "WHEN_STALE": "reject"}}),
            ("STALE_AFTER_SECONDS", {**good, "REVOCATIONS": {**feed, "STALE_AFTER_SECONDS": 0}}),
        ):
            with self.subTest(name=name), self.assertRaisesRegex(ImproperlyConfigured, name):
                Settings(given)


class Keys(Case):
    def test_are_not_read_for_each_token_of_a_stranger_that_names_an_unknown_one(self):
        verifier = self.verifier()
        for round in range(3):
            for count in range(20):
                self.assertEqual(self.fate(verifier, self.keyturn.sign(kid=f"{round} {count}")), "invalid")
            self.assertEqual(len(self.keyturn.calls_to(KEYS)), round + 1)
            self.clock.move(10)

    def test_that_are_new_are_found_by_the_first_token_that_names_them(self):
        verifier = self.verifier()
        self.assertEqual(self.fate(verifier), "let in")
        self.keyturn.keys.append({**self.keyturn.keys[0], "kid": "two"})
        self.clock.move(10)
        self.assertEqual(self.fate(verifier, self.keyturn.sign(kid="two")), "let in")

    def test_that_were_withdrawn_are_forgotten_within_ten_minutes(self):
        verifier = self.verifier()
        self.assertEqual(self.fate(verifier), "let in")
        self.keyturn.keys[0]["kid"] = "two"
        self.clock.move(600)
        self.assertEqual(self.fate(verifier), "invalid")

    def test_that_are_known_go_on_while_they_cant_be_read(self):
        verifier = self.verifier()
        self.assertEqual(self.fate(verifier), "let in")
        for answer in ((500, {}, ""), (200, {}, "<html>"), (200, {}, {"keys": 7}), (302, {"Location": "/keys"}, "")):
            self.keyturn.instead[KEYS] = answer
            self.clock.move(660)
            for _ in range(5):
                self.assertEqual(self.fate_of(verifier, exp=NOON + 10_000), "let in")
        self.assertLess(len(self.keyturn.calls_to(KEYS)), 6)

    def test_that_were_never_read_are_no_fault_of_the_callers(self):
        verifier = self.verifier()
        self.keyturn.instead[KEYS] = (500, {}, "")
        for _ in range(5):
            self.assertEqual(self.fate(verifier), "unavailable")
        self.assertEqual(len(self.keyturn.calls_to(KEYS)), 1)
        del self.keyturn.instead[KEYS]
        self.clock.move(10)
        self.assertEqual(self.fate(verifier), "let in")

    def test_that_this_service_cant_use_are_passed_over(self):
        secret = {"kty": "oct", "k": "c2VjcmV0", "alg": "HS256", "kid": "secret"}
        self.keyturn.keys[:0] = [{"kty": "new"}, secret, {"kty": "EC", "alg": "ES256", "kid": "half"}]
        verifier = self.verifier()
        self.assertEqual(self.fate(verifier), "let in")
        token = jwt.encode(CLAIMS, "secret", "HS256", {"kid": "secret"})
        self.assertEqual(self.fate(verifier, token), "invalid")


def catch_up(verifier):
    while verifier.revocations.read_on() == 0:
        pass


class APersonWhoLogsOut(Case):
    def test_is_refused_as_soon_as_the_service_hears_of_it(self):
        verifier = self.verifier({})
        catch_up(verifier)
        self.assertEqual(self.fate(verifier), "let in")
        self.keyturn.log += [ended("phone", reason="revoked_by_owner"), ended("phone", reason="revoked_by_owner")]
        catch_up(verifier)
        self.assertEqual(self.fate(verifier), "revoked_by_owner")
        self.assertEqual(self.fate_of(verifier, sid="tablet"), "let in")

    def test_lets_in_who_logs_in_after_everybody_was_logged_out(self):
        verifier = self.verifier({})
        self.keyturn.log += [ended(None, reason="revoked_by_admin"), ended(None, at="2026-11-27T11:00:00Z")]
        catch_up(verifier)
        self.assertEqual(self.fate(verifier), "revoked_by_admin")
        self.assertEqual(self.fate_of(verifier, iat=NOON), "revoked_by_admin")
        self.assertEqual(self.fate(verifier, self.keyturn.sign(without("iat"))), "revoked_by_admin")
        self.assertEqual(self.fate_of(verifier, iat=NOON + 1), "let in")

    def test_is_forgotten_when_the_last_token_has_run_out(self):
        verifier = self.verifier({})
        self.keyturn.log.append(ended("phone"))
        catch_up(verifier)
        self.clock.move(1860)
        catch_up(verifier)
        self.assertEqual(verifier.revocations.reason_for(CLAIMS), "logged_out")
        self.clock.move(61)
        catch_up(verifier)
        self.assertIsNone(verifier.revocations.reason_for(CLAIMS))


class TheLog(Case):
    def queries(self):
        return [query for _, query, _, _ in self.keyturn.calls_to(FEED)]

    def test_is_read_whole_before_anybody_is_let_in(self):
        self.keyturn.page_size = 2
        self.keyturn.log += [ended(sid) for sid in "abcd"]
        verifier = self.verifier({})
        for _ in range(2):
            self.assertEqual(verifier.revocations.read_on(), 0)
            self.assertEqual(verifier.revocations.lag_seconds(), float("inf"))
            self.assertEqual(self.fate(verifier), "stale")
        catch_up(verifier)
        self.assertEqual(verifier.revocations.lag_seconds(), 0)
        self.assertEqual([self.fate_of(verifier, sid=sid) for sid in "abcd"], ["logged_out"] * 4)
        self.assertEqual(self.queries(), [{}, {"after": "2"}, {"after": "4"}, {"after": "4", "wait": "15"}])

    def test_is_asked_for_with_the_applications_credentials(self):
        catch_up(self.verifier({}))
        basic = base64.b64encode(b"a+shop%3A+1:s3cret%2F%2B%26").decode()
        self.assertEqual({call[2] for call in self.keyturn.calls_to(FEED)}, {f"Basic {basic}"})

    def test_is_found_under_either_address(self):
        for end in (FEED, "/", f"{FEED}/"):
            catch_up(self.verifier({"URL": f"{self.keyturn.url}{end}"}))

    def test_is_read_anew_after_longer_than_keyturn_remembers(self):
        verifier = self.verifier({})
        catch_up(verifier)
        self.keyturn.log += [ended("phone"), ended("tablet")]
        self.keyturn.oldest = 1
        self.assertEqual(verifier.revocations.read_on(), 0.1)
        catch_up(verifier)
        self.assertEqual(self.queries()[2:4], [{"after": "0", "wait": "15"}, {}])
        self.assertEqual(self.fate(verifier), "logged_out")

    def test_is_read_anew_where_keyturn_refuses_the_cursor(self):
        verifier = self.verifier({})
        catch_up(verifier)
        self.keyturn.log.append(ended("phone"))
        self.keyturn.instead[FEED] = (400, {}, {"detail": "The cursor is not valid."})
        self.assertEqual(verifier.revocations.read_on(), 0.1)
        self.assertGreater(verifier.revocations.read_on(), 0)
        del self.keyturn.instead[FEED]
        catch_up(verifier)
        self.assertEqual(self.queries()[3], {})
        self.assertEqual(self.fate(verifier), "logged_out")

    def test_passes_no_entry_over_where_an_answer_cant_be_read_whole(self):
        good = ended("phone")
        for body in (
            "<html>Welcome</html>",
            [],
            None,
            {"next": "1", "complete": True},
            {"results": [], "next": "1"},
            {"results": [good], "complete": True},
            {"results": [], "next": 7, "complete": True},
            {"results": [None], "next": "1", "complete": True},
            {"results": [{"sid": "phone"}], "next": "1", "complete": True},
            {"results": [{**good, "sid": None}], "next": "1", "complete": True},
            {"results": [{**good, "at": "yesterday"}], "next": "1", "complete": True},
            {"results": [{**good, "until": None}], "next": "1", "complete": True},
        ):
            with self.subTest(body=body):
                verifier = self.verifier({})
                self.keyturn.log.clear()
                catch_up(verifier)
                self.keyturn.log.append(good)
                self.keyturn.instead[FEED] = (200, {}, body)
                with self.assertLogs("keyturn"):
                    self.assertLessEqual(verifier.revocations.read_on(), 0.1)
                del self.keyturn.instead[FEED]
                catch_up(verifier)
                self.assertEqual(self.fate(verifier), "logged_out")

    def test_leads_the_secret_nowhere_else(self):
        elsewhere = Keyturn()
        self.addCleanup(elsewhere.stop)
        verifier = self.verifier({})
        for status in (301, 302, 303, 307, 308):
            self.keyturn.instead[FEED] = (status, {"Location": f"{elsewhere.url}{FEED}"}, "")
            self.assertGreater(verifier.revocations.read_on(), 0)
        self.assertEqual(elsewhere.calls, [])


class WhileKeyturnIsAway(Case):
    def test_it_is_asked_after_growing_pauses_and_told_of_once(self):
        verifier = self.verifier({})
        catch_up(verifier)
        self.keyturn.instead[FEED] = (502, {}, "")
        with self.assertLogs("keyturn") as told:
            for longest in (0.1, 0.2, 0.4, 0.8, 1, 1, 1):
                pause = verifier.revocations.read_on()
                self.assertTrue(longest / 2 <= pause <= longest, pause)
        self.assertEqual(len(told.output), 1)
        self.keyturn.log.append(ended("phone"))
        del self.keyturn.instead[FEED]
        catch_up(verifier)
        self.assertEqual(self.fate(verifier), "logged_out")

    def test_a_busy_one_is_left_alone_as_long_as_it_asks_for(self):
        for status in (429, 503):
            for header, seconds in (("7", 7), ("Fri, 27 Nov 2026 12:00:07 GMT", 7), ("86400", 300), ("soon", 0)):
                self.keyturn.instead[FEED] = (status, {"Retry-After": header}, "")
                pause = self.verifier({}).revocations.read_on()
                self.assertTrue(seconds < pause <= seconds + 0.1, (header, pause))

    def test_wrong_credentials_are_told_once_and_tried_again_slowly(self):
        verifier = self.verifier({})
        self.keyturn.instead[FEED] = (401, {}, "")
        with self.assertLogs("keyturn") as told:
            for _ in range(3):
                self.assertGreater(verifier.revocations.read_on(), 30)
        self.assertEqual(len(told.output), 1)
        self.assertIn("SECRET", told.output[0])

    def test_refuse_lets_nobody_in(self):
        verifier = self.verifier({"WHEN_STALE": "refuse"})
        self.assertEqual(self.fate(verifier), "stale")
        catch_up(verifier)
        self.clock.move(30)
        self.assertEqual(self.fate(verifier), "let in")
        self.clock.move(1)
        self.assertEqual(self.fate(verifier), "stale")
        catch_up(verifier)
        self.clock.move(-60)
        self.assertEqual(self.fate(verifier), "stale")

    def test_accept_lets_in_whose_session_isnt_known_to_have_ended(self):
        verifier = self.verifier({"WHEN_STALE": "accept"})
        self.assertEqual(self.fate(verifier), "let in")
        self.keyturn.log.append(ended("phone"))
        catch_up(verifier)
        self.clock.move(60)
        self.assertEqual(self.fate(verifier), "logged_out")
        self.assertEqual(self.fate_of(verifier, sid="tablet"), "let in")

    def test_ask_lets_in_whom_keyturn_knows_to_be_logged_in(self):
        verifier = self.verifier({"WHEN_STALE": "ask"})
        catch_up(verifier)
        self.assertEqual(self.fate(verifier), "let in")
        self.assertEqual(self.keyturn.calls_to(INTROSPECTION), [])
        self.clock.move(31)
        self.assertEqual(self.fate(verifier), "let in")
        self.assertIn("token=", self.keyturn.calls_to(INTROSPECTION)[0][3])
        self.keyturn.active = False
        self.assertEqual(self.fate(verifier), "revoked")

    def test_ask_lets_nobody_in_where_no_answer_comes_and_asks_again_after_a_second(self):
        for status, body in ((500, ""), (401, ""), (200, "<html>"), (200, None), (200, {"active": "yes"})):
            verifier = self.verifier({"WHEN_STALE": "ask"})
            self.keyturn.instead[INTROSPECTION] = (status, {}, body)
            before = len(self.keyturn.calls_to(INTROSPECTION))
            for _ in range(5):
                self.assertEqual(self.fate(verifier), "stale")
            self.assertEqual(len(self.keyturn.calls_to(INTROSPECTION)), before + 1)
            del self.keyturn.instead[INTROSPECTION]
            self.clock.move(1)
            self.assertEqual(self.fate(verifier), "let in")


class ARequest(Case):
    """Through Django REST framework."""

    def get(self, verifier, *authorization):
        headers = {"HTTP_AUTHORIZATION": authorization[0]} if authorization else {}
        with mock.patch.object(keyturn_drf, "_verifier", verifier):
            return APIClient().get("/orders", **headers)

    def test_is_somebodys(self):
        for scheme in ("Bearer", "bearer"):
            answer = self.get(self.verifier(), f"{scheme} {self.keyturn.sign()}")
            self.assertEqual((answer.status_code, answer.data), (200, {"person": "ada", "session": "phone"}))

    def test_is_nobodys(self):
        for authorization in ([], ["Basic YTpi"], ["Bearer"], ["Bearer a b"], ["Bearer none-of-ours"], ["Bearer é"]):
            answer = self.get(self.verifier(), *authorization)
            self.assertEqual((answer.status_code, answer["WWW-Authenticate"]), (401, "Bearer"))

    def test_of_who_was_logged_out_says_how(self):
        verifier = self.verifier({})
        self.keyturn.log.append(ended("phone", reason="password_changed"))
        catch_up(verifier)
        answer = self.get(verifier, f"Bearer {self.keyturn.sign()}")
        self.assertEqual((answer.status_code, answer.data["reason"]), (401, "password_changed"))

    def test_isnt_told_that_a_token_is_bad_while_that_cant_be_known(self):
        answer = self.get(self.verifier({}), f"Bearer {self.keyturn.sign()}")
        self.assertEqual((answer.status_code, answer["Retry-After"]), (503, "1"))
        self.assertFalse(answer.has_header("WWW-Authenticate"))


class AProcess(Case):
    """Whose verifier begins with its first request, in a thread of its own."""

    def setUp(self):
        super().setUp()
        settings = self.verifier({})._settings
        patched = mock.patch.object(keyturn_drf, "settings", settings)
        patched.start()
        self.addCleanup(patched.stop)
        keyturn_drf._forget_verifier()
        self.addCleanup(keyturn_drf._forget_verifier)

    def test_knows_what_has_ended_when_its_first_request_comes(self):
        self.keyturn.log.append(ended("phone", until="2100-01-01T00:00:00Z"))
        with self.assertRaises(TokenRefused) as caught:
            keyturn_drf.verifier().verify(self.keyturn.sign({**CLAIMS, "exp": 2**32}))
        self.assertEqual(caught.exception.reason, "logged_out")
        self.assertLess(keyturn_drf.lag_seconds(), 5)

    def test_begins_anew_after_a_fork(self):
        parents = keyturn_drf.verifier()
        self.assertIs(keyturn_drf.verifier(), parents)
        parents.revocations.wait_for_first()
        with keyturn_drf._lock:
            child = os.fork()
        if child == 0:
            try:
                own = keyturn_drf.verifier()
                own.revocations.wait_for_first()
                os._exit(0 if own is not parents and keyturn_drf.lag_seconds() < 5 else 1)
            finally:
                os._exit(2)
        self.assertEqual(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), 0)


if __name__ == "__main__":
    unittest.main()
