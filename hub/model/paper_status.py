"""Which statuses of tickets, invoices and contracts say that something still runs, or is over."""

OPEN_TICKET = ("open", "waiting_customer", "waiting_internal")
DONE_TICKET = ("solved", "closed")
OVER_INVOICE = ("draft", "void", "paid", "written_off")
IN_FORCE = ("active", "notice_given")
"""Of a contract: one that was terminated binds both sides until its end."""
UNTOLD = ("unknown", "partly_paid")
"""Of an invoice: those that do not tell how much is still owed."""
