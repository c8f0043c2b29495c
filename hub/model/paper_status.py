"""Which statuses of tickets and invoices say that something is still open, or over."""

OPEN_TICKET = ("open", "waiting_customer", "waiting_internal")
DONE_TICKET = ("solved", "closed")
OVER_INVOICE = ("draft", "void", "paid", "written_off")
UNTOLD = ("unknown", "partly_paid")
"""Of an invoice: those that do not tell how much is still owed."""
