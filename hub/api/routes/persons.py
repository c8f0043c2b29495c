"""Persons: the people at customers, and customers who are people."""

from hub.api.routes.entities import Entities
from hub.api.routes.examples import PERSON

router = Entities("persons", "person", "person").router(PERSON)
