"""Customers: the organisations the company deals with."""

from hub.api.routes.entities import Entities
from hub.api.routes.examples import CUSTOMER

router = Entities("customers", "customer", "organization").router(CUSTOMER)
