"""Signs Schemathesis in, anew every minute: what it does may end the session it has."""

import json
import os
import re
import subprocess
import urllib.request

import schemathesis

ORIGIN = os.environ["CAMPAIGN_ORIGIN"]


def new_link():
    """The token of a fresh one-time link for the operator, from the command line tool."""
    command = [os.environ["CAMPAIGN_NODE"], "bootstrap.mjs", "trading", "links"]
    output = subprocess.run(
        command, cwd=os.environ["CAMPAIGN_ROOT"], capture_output=True, text=True, check=True
    ).stdout
    return re.search(r"operator\s+http\S+/([\w-]+)", output).group(1)


@schemathesis.auth(refresh_interval=60)
class SignIn:
    def get(self, case, context):
        request = urllib.request.Request(
            f"{ORIGIN}/api/v1/auth/link",
            data=json.dumps({"token": new_link()}).encode(),
            headers={"Content-Type": "application/json", "Sec-Fetch-Site": "same-origin"},
        )
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)["accessToken"]

    def set(self, case, data, context):
        case.headers = case.headers or {}
        case.headers["Authorization"] = f"Bearer {data}"
        # As from a page of ours: what a cookie may do is asked for too.
        case.headers["Sec-Fetch-Site"] = "same-origin"
