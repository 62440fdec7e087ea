"""Asks as an operator: signed in anew every minute, since what is asked may end the session, and about what is there."""

import itertools
import json
import os
import random
import re
import secrets
import threading
import time
import typing
import urllib.error
import urllib.request

import schemathesis
from schemathesis.generation.meta import TestPhase

ORIGIN = os.environ["CAMPAIGN_ORIGIN"]
UUID = re.compile(r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$", re.I)
PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="

# Where the ids of a path are listed.
LISTS = {
    "backtestId": "/backtests",
    "comparisonId": "/comparisons",
    "seriesId": "/series",
    "taskId": "/data-tasks",
    "tokenId": "/users/me/tokens",
    "passkeyId": "/users/me/passkeys",
    "sessionId": "/users/me/sessions",
    "userId": "/admin/users",
    "mailId": "/admin/mails",
    "announcementId": "/announcements",
    "invitationId": "/admin/invitations",
}
known = {}
chance = random.Random(1)


class Browser(typing.NamedTuple):
    """What the operator's browser shows; its session renews nothing, so that the cookie stays the one of the token."""

    token: str
    cookie: str

    def headers(self):
        return {"Authorization": f"Bearer {self.token}", "Cookie": self.cookie}


def sign_in(link):
    with send("/auth/link", {"token": link}) as answer:
        cookie = answer.headers["Set-Cookie"].split(";")[0]
        return Browser(json.loads(answer.read())["accessToken"], cookie)


def send(path, body=None, browser=None, method=None):
    headers = {"Content-Type": "application/json", "Sec-Fetch-Site": "same-origin"}
    if browser is not None:
        headers |= browser.headers()
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(
        f"{ORIGIN}/api/v1{path}", data=data, headers=headers, method=method
    )
    return urllib.request.urlopen(request)


def ask(path, body=None, browser=None, method=None):
    """The answer, or nothing where it was refused: what is asked in between may have taken away what it needs."""
    try:
        with send(path, body, browser, method) as answer:
            return json.loads(answer.read() or b"{}") or {}
    except urllib.error.HTTPError:
        return {}


def make_things(browser):
    """Something of each kind that has an id, so that requests reach more than a 404."""
    strategies = ask("/strategies", browser=browser).get("items", [])
    known["strategies"] = [(one["name"], one["version"]) for one in strategies]
    series = [one for one in ask("/series?pageSize=200", browser=browser).get("items", []) if one["rows"] > 0]
    for one in series[:2]:
        candles = {"kind": "series", "seriesId": one["id"]}
        made = {"strategy": "sma-crossover", "timeframe": "4h", "candles": candles}
        ask("/backtests", made, browser)
    backtests = [one["id"] for one in ask("/backtests", browser=browser).get("items", [])]
    if len(backtests) > 1:
        ask("/comparisons", {"title": "two", "backtestIds": backtests[:2]}, browser)
    ask("/users/me/tokens", {"name": "program", "scopes": ["read"]}, browser)
    ask("/admin/invitations", {}, browser)
    far_off = "9000-01-01T00:00:00.000Z"
    ask("/downloads", {"exchange": "kraken", "symbol": "BTC/USD", "timeframe": "1d", "from": "2024-01-01T00:00:00.000Z", "to": far_off}, browser)
    notice = {"text": "A notice of the campaign", "tone": "info", "endsAt": far_off, "reason": "campaign"}
    ask("/admin/announcements", notice, browser)
    ask("/admin/mail-test", browser=browser, method="POST")
    ask("/admin/logo", {"image": PIXEL, "reason": "campaign"}, browser, "PUT")
    if "made" not in known:
        ask("/users/me/country", {"country": "PT"}, browser, "PUT")
        for kind in ("terms", "privacy", "risk"):
            ask(f"/admin/legal/{kind}", {"text": "A text that people agree to.", "reason": "campaign"}, browser)
        known["made"] = True


def note_ids(browser):
    own = ask("/users/me", browser=browser).get("id")
    for name, path in LISTS.items():
        listed = ask(path, browser=browser).get("items", [])
        known[name] = [
            one["id"] for one in listed if one.get("id") not in (None, own) and not one.get("isCurrent")
        ]
    read = [one["id"] for one in ask("/exchanges", browser=browser).get("items", []) if one.get("marketsAt")]
    known["markets"] = [
        (exchange, one["symbol"])
        for exchange in read[:3]
        for one in ask(f"/exchanges/{exchange}/markets?pageSize=20", browser=browser).get("items", [])
    ]


class Session:
    """The operator's browser, good for ten minutes unless what is asked ends it; another one before that."""

    def __init__(self):
        self.lock = threading.Lock()
        self.browser, self.until, self.given = None, 0.0, set()
        # The campaign has made one-time links for the operator, one for each number.
        self.links = (f"{os.environ['CAMPAIGN_LINKS']}{number}" for number in itertools.count())

    def current(self):
        with self.lock:
            if time.monotonic() >= self.until:
                self.browser = sign_in(next(self.links))
                make_things(self.browser)
                note_ids(self.browser)
                self.given.add(self.browser.headers()["Authorization"])
                self.until = time.monotonic() + 60
            return self.browser

    def end(self, header):
        with self.lock:
            if self.browser is not None and header == self.browser.headers()["Authorization"]:
                self.until = 0.0


session = Session()


def show(case, browser):
    """The cookie where it is asked for, and not where it would end or renew the session by itself."""
    shown = browser.headers()
    case.headers["Authorization"] = shown["Authorization"]
    if not case.path.startswith("/api/v1/auth/"):
        case.headers["Cookie"] = shown["Cookie"]


@schemathesis.auth(refresh_interval=None)
class SignIn:
    def get(self, case, context):
        return session.current()

    def set(self, case, data, context):
        case.headers = case.headers or {}
        show(case, data)
        # As from a page of ours: what a cookie may do is asked for too.
        case.headers["Sec-Fetch-Site"] = "same-origin"


@schemathesis.hook
def after_call(context, case, response):
    if response.status_code == 401 and b'"not-signed-in"' in response.content:
        session.end((case.headers or {}).get("Authorization"))


@schemathesis.hook
def before_call(context, case, **kwargs):
    """Cases are made long before they are sent: the token becomes the one of now, and most ids ones that are there."""
    if (case.headers or {}).get("Authorization") in session.given:
        show(case, session.current())
    own = case.body if case.method == "PATCH" and case.path == "/api/v1/users/me" else None
    if isinstance(own, dict) and re.match(r"^[a-z0-9][\w.-]{2,31}$", str(own.get("name")), re.I | re.A):
        own["name"] = "operator"  # By this name they sign in again.
    values = case.body.get("values") if case.path.endswith("/admin/settings") and isinstance(case.body, dict) else None
    if isinstance(values, dict):
        # The site stays open, also to the operator, who says to live in Portugal.
        if values.get("registration") in ("invitation", "closed"):
            values["registration"] = "open"
        if isinstance(values.get("blockedCountries"), list):
            values["blockedCountries"] = ["ES" if one == "PT" else one for one in values["blockedCountries"]]
    # In a sequence the ids are those of the answer before.
    if chance.random() < 1 / 3 or (case.meta and case.meta.phase.name == TestPhase.STATEFUL):
        return
    name_what_is_there(case, case.path_parameters or {})
    if isinstance(case.body, dict):
        fill_body(case.path, case.body)


def name_what_is_there(case, parameters):
    if "/strategies/{name}" in case.path and known.get("strategies"):
        name, version = chance.choice(known["strategies"])
        if "version" in parameters:
            parameters["version"] = version
        parameters["name"] = name
    if case.path.endswith("/{exchange}/live") and known.get("markets") and case.query:
        if isinstance(case.query.get("symbol"), str):
            parameters["exchange"], case.query["symbol"] = chance.choice(known["markets"])
    if case.path.endswith("/backtests/compare") and len(known.get("backtestId", [])) > 1 and case.query:
        if "," in str(case.query.get("ids")):
            case.query["ids"] = ",".join(known["backtestId"][:2])
    if case.path.endswith("/dead-jobs/{jobId}/retry"):
        # As the campaign put it beside the queues of the workers.
        parameters["queue"], parameters["jobId"] = "campaign", "1"
    for name, value in parameters.items():
        if known.get(name) and UUID.match(str(value)):
            parameters[name] = chance.choice(known[name])


def fill_body(path, body):
    """Where a body is well-formed, what it names is there and its password is one that nobody guesses."""
    password = body.get("password")
    if isinstance(password, str) and 12 <= len(password) <= 256:
        body["password"] = secrets.token_hex(12)
    if path.endswith("/comparisons") and len(known.get("backtestId", [])) > 1:
        if isinstance(body.get("backtestIds"), list) and all(UUID.match(str(one)) for one in body["backtestIds"]):
            body["backtestIds"] = known["backtestId"][:2]
    candles = body.get("candles")
    if isinstance(candles, dict) and UUID.match(str(candles.get("seriesId"))) and known.get("seriesId"):
        candles["seriesId"] = chance.choice(known["seriesId"])
