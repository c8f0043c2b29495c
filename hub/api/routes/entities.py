"""What customers, persons and projects have in common: a list, a view, a timeline, a why."""

from dataclasses import dataclass
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import JSONResponse, Response

from hub.api import review_schemas, schemas
from hub.api.access import Hub, MayRead
from hub.api.conditional import stored
from hub.api.paging import After, Limit, list_name, listed, page_answer
from hub.api.problems import answers
from hub.api.routing import api_router
from hub.api.view_schema import VIEWS
from hub.errors import NotFoundError
from hub.pipeline.explain import explain
from hub.pipeline.why import how
from hub.runtime import Runtime
from hub.store import documents, entities, evidence, judgements, rendering, search, views
from hub.store.database import Row, Tx

EntityId = Annotated[str, Path(alias="id", max_length=64, description="The entity's public id.")]
Words = Annotated[
    str | None,
    Query(
        min_length=1,
        max_length=200,
        description="Only what a search for this finds: at most the 200 best, ordered by name.",
        examples=["Mueller Logistik"],
    ),
]
MOVED: dict[int | str, dict[str, Any]] = {
    301: {"model": schemas.Moved, "description": "It was merged into another one"}
}


@dataclass(frozen=True)
class Entities:
    """The routes of one noun. noun: customers; one: customer; kind: organization."""

    noun: str
    one: str
    kind: schemas.EntityKind

    def router(self, example: dict[str, Any]) -> APIRouter:
        """Return the noun's routes; example: how one of its views may look."""
        errors = answers("bad-cursor", "unauthorized", "forbidden", "not-found", "invalid")
        router = api_router(
            prefix=f"/v1/{self.noun}", tags=[self.noun], dependencies=[MayRead], responses=errors
        )
        self._add_views(router, example)
        self._add_evidence(router)
        return router

    def _add_views(self, router: APIRouter, example: dict[str, Any]) -> None:
        """Add what is told of them: the list, a view, its timeline."""
        content = {"application/json": {"example": example}}
        view = {"model": VIEWS[self.kind], "description": "The stored view", "content": content}
        router.get(
            "",
            operation_id=f"list_{self.noun}",
            summary=f"List {self.noun} by name",
            response_model=schemas.PageOf[schemas.EntityRow],
        )(self.list_all)
        router.get(
            "/{id}",
            operation_id=f"get_{self.one}",
            summary=f"The whole {self.one}: one document from every department",
            response_model=None,
            responses={200: view, **MOVED, **NOT_MODIFIED},
        )(self.get)
        router.get(
            "/{id}/timeline",
            operation_id=f"get_{self.one}_timeline",
            summary=f"What happened with the {self.one}, newest first",
            response_model=schemas.PageOf[schemas.TimelineItem],
            responses={**MOVED},
        )(self.timeline)

    def _add_evidence(self, router: APIRouter) -> None:
        """Add how they came together."""
        router.get(
            "/{id}/why",
            operation_id=f"get_{self.one}_why",
            summary=f"Which records are this {self.one}, and on what evidence",
            response_model=schemas.Why,
            responses={**MOVED},
        )(self.why)
        router.get(
            "/{id}/how",
            operation_id=f"get_{self.one}_how",
            summary=f"How the {self.one} came together, merge by merge",
            response_model=review_schemas.How,
            responses={**MOVED},
        )(self.how)

    def list_all(
        self,
        hub: Hub,
        q: Words = None,
        country: Annotated[str | None, Query(pattern="^[A-Z]{2}$", examples=["DE"])] = None,
        city: Annotated[str | None, Query(max_length=200, examples=["Regensburg"])] = None,
        has_alerts: Annotated[bool | None, Query(description="Whether any alert fires.")] = None,
        limit: Limit = 50,
        after: After = None,
    ) -> Any:
        """All of them by name, or those a search and filters leave."""
        name = list_name(self.noun, q, country, city, has_alerts)
        position = listed(name, after)
        with hub.database.reading() as tx:
            page = views.page(
                tx,
                self.kind,
                ids=self._found(tx, q),
                country=country,
                city=city,
                firing=has_alerts,
                after=position,
                limit=limit,
            )
        return page_answer(name, page)

    def _found(self, tx: Tx, q: str | None) -> set[str] | None:
        if q is None:
            return None
        return {hit.item for hit in search.search(tx, q, kinds=[self.kind], limit=200)}

    def get(self, request: Request, hub: Hub, entity_id: EntityId) -> Any:
        """The stored view as it is. Send its ETag as If-None-Match to be told 304 if it stands."""
        with hub.database.reading() as tx:
            view = views.get(tx, entity_id)
            if view is None or view.kind != self.kind:
                return self._elsewhere(tx, entity_id)
        return stored(request, view.document, view.etag)

    def timeline(
        self,
        hub: Hub,
        entity_id: EntityId,
        kind: Annotated[list[schemas.TimelineKind] | None, Query(examples=[["ticket"]])] = None,
        limit: Limit = 50,
        after: After = None,
    ) -> Any:
        """Everything from the first lead to the last payment, newest first."""
        kinds = kind or rendering.DOCUMENT_KINDS
        name = list_name(entity_id, *sorted(kinds))
        position = listed(name, after)
        with hub.database.reading() as tx:
            if evidence.kind_of(tx, entity_id) != self.kind:
                return self._elsewhere(tx, entity_id, "/timeline")
            page = documents.timeline_page(tx, entity_id, kinds=kinds, after=position, limit=limit)
        return page_answer(name, page)

    def why(self, hub: Hub, entity_id: EntityId) -> Any:
        """The records behind it, the evidence between them in bits, and people's judgements."""
        with hub.database.reading() as tx:
            if evidence.kind_of(tx, entity_id) != self.kind:
                return self._elsewhere(tx, entity_id, "/why")
            members = evidence.members(tx, entity_id)
            return {
                "id": entity_id,
                "kind": self.kind,
                "members": members,
                "evidence": self._evidence(hub, tx, members),
                "judgements": judgements.standing(tx, [member.ref for member in members]),
                "former": entities.history(tx, entity_id),
                "events": [_event(row) for row in entities.events(tx, entity_id)],
            }

    def how(self, hub: Hub, entity_id: EntityId) -> Any:
        """The merges that made it, in order; records that say the same come first."""
        with hub.database.reading() as tx:
            if evidence.kind_of(tx, entity_id) != self.kind:
                return self._elsewhere(tx, entity_id, "/how")
            refs = entities.records_of(tx, [entity_id]).get(entity_id, [])
            steps = how(tx, self.kind, hub.street.models[self.kind], refs)
        return {"id": entity_id, "kind": self.kind, "records": refs, "steps": steps}

    def _evidence(
        self, hub: Runtime, tx: Tx, members: list[evidence.Member]
    ) -> list[dict[str, Any]]:
        pairs = evidence.pairs_within(tx, members)
        explained = explain(tx, self.kind, hub.street.models[self.kind], pairs)
        return [
            {
                "left": pair.left,
                "right": pair.right,
                "bits": pair.bits,
                "probability": pair.probability,
                "prior": one.prior if one else None,
                "comparisons": one.evidence if one else (),
                "would_turn": one.turning if one else (),
            }
            for pair, one in zip(pairs, explained, strict=True)
        ]

    def _elsewhere(self, tx: Tx, entity_id: str, tail: str = "") -> Response:
        """Return 301 to what the id was merged into. Raises NotFoundError where it never was."""
        living = views.successor(tx, entity_id)
        if living is None or evidence.kind_of(tx, living) != self.kind:
            raise NotFoundError(f"There is no {self.one} {entity_id}.")
        location = f"/v1/{self.noun}/{living}{tail}"
        body = {"merged_into": living, "location": location}
        return JSONResponse(body, status_code=301, headers={"Location": location})


def _event(row: Row) -> dict[str, Any]:
    return {"type": row.type, "at": row.at, "detail": msgspec.json.decode(row.detail)}


NOT_MODIFIED: dict[int | str, dict[str, Any]] = {304: {"description": "What you have still stands"}}
