"""Asks as an operator: signed in anew every minute, since what is asked may end the session, and with ids that are there."""

import json
import os
import random
import re
import subprocess
import urllib.error
import urllib.request

import schemathesis
from schemathesis.generation.meta import TestPhase

ORIGIN = os.environ["CAMPAIGN_ORIGIN"]
UUID = re.compile(r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$", re.I)

# Where the ids of a path are listed. Sessions are left alone: the one that asks is among them.
LISTS = {
    "backtestId": "/backtests",
    "comparisonId": "/comparisons",
    "seriesId": "/series",
    "taskId": "/data-tasks",
    "tokenId": "/users/me/tokens",
    "userId": "/admin/users",
    "mailId": "/admin/mails",
    "announcementId": "/announcements",
    "invitationId": "/admin/invitations",
}
known = {}
chance = random.Random(1)


def new_link():
    """The token of a fresh one-time link for the operator, from the command line tool."""
    command = [os.environ["CAMPAIGN_NODE"], "bootstrap.mjs", "trading", "links"]
    output = subprocess.run(
        command, cwd=os.environ["CAMPAIGN_ROOT"], capture_output=True, text=True, check=True
    ).stdout
    return re.search(r"operator\s+http\S+/([\w-]+)", output).group(1)


def ask(path, body=None, token=None):
    """The answer, or nothing where it was refused: what is asked in between may have taken away what it needs."""
    headers = {"Content-Type": "application/json", "Sec-Fetch-Site": "same-origin"}
    if token is not None:
        headers["Authorization"] = f"Bearer {token}"
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"{ORIGIN}/api/v1{path}", data=data, headers=headers)
    try:
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)
    except urllib.error.HTTPError:
        return {}


def make_things(token):
    """Something of each kind that has an id, so that requests reach more than a 404."""
    strategies = ask("/strategies", token=token).get("items", [])
    known["strategies"] = [(one["name"], one["version"]) for one in strategies]
    series = [one for one in ask("/series?pageSize=200", token=token).get("items", []) if one["rows"] > 0]
    for one in series[:2]:
        candles = {"kind": "series", "seriesId": one["id"]}
        made = {"strategy": "sma-crossover", "timeframe": "4h", "candles": candles}
        ask("/backtests", made, token)
    backtests = [one["id"] for one in ask("/backtests", token=token).get("items", [])]
    if len(backtests) > 1:
        ask("/comparisons", {"title": "two", "backtestIds": backtests[:2]}, token)
    ask("/users/me/tokens", {"name": "program", "scopes": ["read"]}, token)
    ask("/admin/invitations", {}, token)


def note_ids(token):
    own = ask("/users/me", token=token).get("id")
    for name, path in LISTS.items():
        listed = ask(path, token=token).get("items", [])
        known[name] = [one["id"] for one in listed if one.get("id") not in (None, own)]


@schemathesis.auth(refresh_interval=60)
class SignIn:
    def get(self, case, context):
        token = ask("/auth/link", {"token": new_link()})["accessToken"]
        make_things(token)
        note_ids(token)
        return token

    def set(self, case, data, context):
        case.headers = case.headers or {}
        case.headers["Authorization"] = f"Bearer {data}"
        # As from a page of ours: what a cookie may do is asked for too.
        case.headers["Sec-Fetch-Site"] = "same-origin"


@schemathesis.hook
def before_call(context, case, **kwargs):
    """Two of three well-formed ids become ids of something that is there."""
    own = case.body if case.method == "PATCH" and case.path == "/api/v1/users/me" else None
    if isinstance(own, dict) and re.match(r"^[a-z0-9][\w.-]{2,31}$", str(own.get("name")), re.I | re.A):
        own["name"] = "operator"  # By this name they sign in again.
    parameters = case.path_parameters or {}
    # In a sequence the ids are those of the answer before.
    if chance.random() < 1 / 3 or (case.meta and case.meta.phase.name == TestPhase.STATEFUL):
        return
    if "/strategies/{name}" in case.path and known.get("strategies"):
        name, version = chance.choice(known["strategies"])
        if "version" in parameters:
            parameters["version"] = version
        parameters["name"] = name
    for name, value in parameters.items():
        if known.get(name) and UUID.match(str(value)):
            parameters[name] = chance.choice(known[name])
