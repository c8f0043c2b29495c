"""Projects: what is done for a customer."""

from hub.api.routes.entities import Entities
from hub.api.routes.examples import PROJECT

router = Entities("projects", "project", "project").router(PROJECT)
