"""Who may look: an API key in a cookie that is good for these pages alone."""

from urllib.parse import parse_qs, quote

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from hub.console.html import document, el
from hub.console.words import WORDS
from hub.errors import HubError
from hub.model.access import ApiKey, Scope
from hub.pipeline.telling import LANGUAGES, spoken
from hub.runtime import Runtime
from hub.store import api_keys

HOME = "/console"
COOKIE = "verbund_key"


class LockedError(HubError):
    """Nobody has signed in, or with a key that opens nothing here. why: a phrase's name."""

    def __init__(self, why: str | None = None) -> None:
        super().__init__("nobody has signed in")
        self.why = why


def runtime_of(request: Request) -> Runtime:
    """Return what the app was made with."""
    runtime: Runtime = request.app.state.runtime
    return runtime


def language_of(request: Request) -> str:
    """Return the language of a page: the one in its address, else the company's."""
    wished = request.query_params.get("language")
    company = runtime_of(request).loaded.config.company
    return wished if wished in LANGUAGES else spoken(company.language)


def let_in(request: Request) -> None:
    """Note whose key it is that looks. Raises LockedError."""
    token = request.cookies.get(COOKIE)
    if not token:
        raise LockedError
    request.state.key = _known(runtime_of(request), token)  # for the log


def _known(hub: Runtime, token: str) -> ApiKey:
    with hub.database.reading() as tx:
        key = api_keys.find(tx, token)
    if key is None:
        raise LockedError("key_wrong")
    if not key.may(Scope.READ):
        raise LockedError("key_small")
    return key


def sign_in(request: Request, body: bytes) -> Response:
    """Keep a key that may read in a cookie, and go where somebody wanted to. Raises LockedError.

    The cookie ends with the browser; no script reads it, no other site sends a form with it, and
    the API does not take it.
    """
    form = parse_qs(body.decode("utf-8", "replace"))
    token = form.get("key", [""])[0].strip()
    request.state.key = _known(runtime_of(request), token)
    answer = RedirectResponse(_inside(form.get("next", [HOME])[0]), 303)
    answer.set_cookie(
        COOKIE,
        token,
        path=HOME,
        httponly=True,
        samesite="lax",  # strict would ask again behind each link in a mail
        secure=request.url.scheme == "https",
    )
    return answer


def sign_out() -> Response:
    """Forget the key."""
    answer = RedirectResponse(HOME, 303)
    answer.delete_cookie(COOKIE, path=HOME)
    return answer


def door(request: Request, why: str | None) -> HTMLResponse:
    """Return the page that asks for a key, and remembers where somebody wanted to."""
    language = language_of(request)
    words = WORDS[language]
    wanted = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    form = el(
        "form",
        el("label", words["key"], for_="key"),
        el("input", id="key", name="key", type="password", required="", autocomplete="off"),
        el("input", name="next", type="hidden", value=_inside(wanted)),
        el("button", words["sign_in"]),
        class_="key",
        method="post",
        action=f"{HOME}/key?language={language}",
    )
    wrong = el("p", el("b", words[why], class_="late")) if why else ""
    hint = el("p", words["key_hint"], class_="quiet")
    body = el("main", el("h1", "Verbund"), wrong, form, hint)
    return document(words["sign_in"], language, body, status=401 if why != "key_small" else 403)


def _inside(wanted: str) -> str:
    """Return an address among these pages; home where it is none, or the door itself."""
    path = wanted.partition("?")[0]
    is_ours = path == HOME or path.startswith(f"{HOME}/")
    return quote(wanted, "/?&=%+:;,@!'()*~-._") if is_ours and path != f"{HOME}/key" else HOME
