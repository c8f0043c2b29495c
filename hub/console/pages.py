"""The pages: what fires by department, what is going on with somebody, one alert."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Annotated

import msgspec
from fastapi import APIRouter, Body, Depends, FastAPI, Query, Request
from fastapi.responses import RedirectResponse, Response

from hub.console.alert_page import alert_page
from hub.console.case_page import case_page
from hub.console.door import (
    HOME,
    LockedError,
    door,
    language_of,
    let_in,
    runtime_of,
    sign_in,
    sign_out,
)
from hub.console.html import document, el
from hub.console.overview import department_page, overview
from hub.console.parts import Voice, head, part
from hub.console.words import WORDS
from hub.errors import NotFoundError, StoreUnavailableError
from hub.pipeline.telling import tell
from hub.runtime import Runtime
from hub.store import search, views

KINDS = ("organization", "person", "project")
MOST_FOUND = 30


@dataclass(frozen=True, slots=True)
class Visit:
    """Somebody who may look, and how they are spoken to."""

    hub: Runtime
    voice: Voice


def _visit(request: Request) -> Visit:
    let_in(request)
    hub = runtime_of(request)
    company = hub.loaded.config.company
    chosen = "language" in request.query_params
    voice = Voice(language_of(request), company.zone, company.name, chosen)
    return Visit(hub, voice)


Visiting = Annotated[Visit, Depends(_visit)]
Asked = Annotated[str, Query(max_length=200)]
root = APIRouter(include_in_schema=False)
router = APIRouter(prefix=HOME, include_in_schema=False)


@root.get("/")
def begin() -> Response:
    """Whoever types the bare address wants to see something."""
    return RedirectResponse(HOME, 303)


@router.get("")
def home(visit: Visiting, q: Asked = "", department: Asked = "", after: Asked = "") -> Response:
    """What fires, by department, and how the sources are; with `q`, who is called like that; all
    that waits for a `department`, from behind an alert on."""
    hub, voice = visit.hub, visit.voice
    if q.strip():
        return _found(hub, voice, q.strip())
    with hub.database.reading() as tx:
        if department:
            title, body = department_page(hub, tx, voice, department, after)
        else:
            title, body = voice["title"], overview(hub, tx, voice)
    above = head(voice, "", department=department, after=after)
    return document(title, voice.language, above, body)


def _found(hub: Runtime, voice: Voice, q: str) -> Response:
    with hub.database.reading() as tx:
        hits = search.search(tx, q, KINDS, MOST_FOUND)
    rows = [
        el(
            "li",
            el("a", hit.title, href=voice.to(f"/of/{hit.item}")),
            el("span", f" · {voice.word('record_kinds', hit.kind)}", class_="quiet"),
        )
        for hit in hits
    ]
    title = voice["found"].format(q=q)
    body = el("ul", rows, class_="lines") if rows else el("p", voice["nobody"], class_="quiet")
    return document(title, voice.language, head(voice, "", q=q), el("main", el("h1", title), body))


@router.get("/of/{id}")
def of(visit: Visiting, id: str) -> Response:
    """What is going on with a customer, person or project."""
    hub, voice = visit.hub, visit.voice
    with hub.database.reading() as tx:
        view = views.get(tx, id)
        living = None if view else views.successor(tx, id)
    if living:
        return RedirectResponse(voice.to(f"/of/{living}"), 303)
    if view is None:
        raise NotFoundError("no such entity")
    now = hub.clock().astimezone(voice.zone)
    told = tell(msgspec.json.decode(view.document), voice.language, now)
    known = " · ".join(one for one in (told.kind, told.known) if one)
    parts = [part(voice, one) for one in told.parts]
    body = el("main", el("h1", told.name), el("p", known, class_="quiet"), parts)
    return document(told.name, voice.language, head(voice, f"/of/{id}"), body)


@router.get("/alerts/{id}")
def alert(visit: Visiting, id: str) -> Response:
    """One alert: why it is there, what ends it, its records and its course."""
    hub, voice = visit.hub, visit.voice
    with hub.database.reading() as tx:
        title, body = alert_page(hub, tx, voice, id)
    return document(title, voice.language, head(voice, f"/alerts/{id}"), body)


@router.get("/cases/{id}")
def case(visit: Visiting, id: str) -> Response:
    """One business case: phase, what it lacks, its papers."""
    hub, voice = visit.hub, visit.voice
    with hub.database.reading() as tx:
        title, body = case_page(hub, tx, voice, id)
    return document(title, voice.language, head(voice, f"/cases/{id}"), body)


@router.post("/key")
def enter(request: Request, body: Annotated[bytes, Body()] = b"") -> Response:
    """Take a key, and go where somebody wanted to."""
    return sign_in(request, body)


@router.post("/leave")
def leave() -> Response:
    """Forget the key."""
    return sign_out()


@router.get("/key")
def back() -> Response:
    """Whoever comes back to the form begins at home."""
    return RedirectResponse(HOME, 303)


Answer = Callable[[Request, Exception], Response]


def install(app: FastAPI, *, otherwise: Answer) -> None:
    """Let what goes wrong with a page be told as a page. otherwise: how the API answers it."""
    app.add_exception_handler(LockedError, _locked)
    for error_class, phrase, status in (
        (NotFoundError, "missing", 404),
        (StoreUnavailableError, "away", 503),
    ):
        app.add_exception_handler(error_class, partial(_told, otherwise, phrase, status))


def _locked(request: Request, error: Exception) -> Response:
    assert isinstance(error, LockedError)
    return door(request, error.why)


def _told(
    otherwise: Answer,
    phrase: str,
    status: int,
    request: Request,
    error: Exception,
) -> Response:
    if not request.url.path.startswith(f"{HOME}/") and request.url.path != HOME:
        return otherwise(request, error)
    language = language_of(request)
    words = WORDS[language]
    title, text = el("h1", words[phrase]), el("p", words[f"{phrase}_why"])
    back = el("p", el("a", "Verbund", href=HOME))
    return document(words[phrase], language, title, text, back, status=status)
