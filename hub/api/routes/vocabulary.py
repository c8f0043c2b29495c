"""The vocabulary: what people call the codes of all other answers."""

from typing import Any

from hub.alerts.fact_words import LABELS
from hub.api import fact_schemas as shapes
from hub.api.access import MayRead
from hub.api.problems import answers
from hub.api.routing import api_router
from hub.model.words import WORDS

router = api_router(prefix="/v1/vocabulary", tags=["rules"], dependencies=[MayRead])


@router.get(
    "",
    operation_id="get_vocabulary",
    summary="What people call kinds, phases, gaps, states and facts, in German and English",
    response_model=shapes.Vocabulary,
    responses=answers("unauthorized", "forbidden"),
)
def get() -> Any:
    """For a tool that shows answers to people. It changes with the hub's version only."""
    facts = {
        f"{subject}.{name}": {"de": label.de, "en": label.en, "unit": label.unit}
        for subject, labels in LABELS.items()
        for name, label in labels.items()
    }
    return {"codes": WORDS, "facts": facts}
