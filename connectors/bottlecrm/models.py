"""What BottleCRM sends of each kind of object; `also` names what no mapping needs."""

from datetime import date, datetime
from typing import Any

from connectors.sdk import FreeText, Model

Named = dict[str, Any]


class Account(Model):
    also = (
        "annual_revenue assigned_to country_display created_by currency custom_fields is_active "
        "number_of_employees org rollups tags teams"
    )
    id: str
    description: FreeText
    name: str
    email: str | None
    phone: str | None
    website: str | None
    industry: str | None
    address_line: str | None
    city: str | None
    state: str | None
    postcode: str | None
    country: str | None
    created_at: datetime


class Contact(Model):
    also = (
        "account_detail assigned_to created_by custom_fields department do_not_call is_active "
        "linked_accounts linkedin_url org organization phone_e164 source source_detail source_ref "
        "state tags teams"
    )
    id: str
    description: FreeText
    first_name: str | None
    last_name: str | None
    email: str | None
    phone: str | None
    title: str | None
    account: str | None
    address_line: str | None
    city: str | None
    postcode: str | None
    country: str | None
    created_at: datetime
    updated_at: datetime


class Lead(Model):
    also = (
        "address_line assigned_to city close_date contacts country created_by custom_fields "
        "external_id external_source first_response_by first_response_by_details industry "
        "is_active is_sample is_unanswered kanban_order last_contacted last_enquiry_at "
        "last_outbound_at linkedin_url next_follow_up org phone_e164 postcode probability rating "
        "salutation source_detail source_ref stage state tags teams waiting_since"
    )
    id: str
    description: FreeText
    title: str | None
    first_name: str | None
    last_name: str | None
    email: str | None
    phone: str | None
    job_title: str | None
    company_name: str | None
    website: str | None
    status: str | None
    source: str | None
    opportunity_amount: str | None
    currency: str | None
    first_response_at: datetime | None
    created_at: datetime
    updated_at: datetime


class Deal(Model):
    also = (
        "aging_status amount_source assigned_to closed_by created_by created_on_arrow "
        "custom_fields days_in_stage is_active lead_source line_items line_items_total "
        "next_activity opportunity_type org pipeline source_detail source_ref stage_label tags "
        "teams"
    )
    id: str
    description: FreeText
    name: str
    account: Named | None
    contacts: list[Named]
    stage: str | None
    stage_kind: str | None
    stage_changed_at: datetime | None
    amount: str | None
    currency: str | None
    probability: int | None
    closed_on: date | None
    created_at: datetime


class Case(Model):
    also = (
        "assigned_to child_count closed_on created_by custom_fields escalation_count is_active "
        "is_problem is_sla_first_response_at_risk is_sla_first_response_breached "
        "is_sla_resolution_at_risk is_sla_resolution_breached last_escalation_fired_at org parent "
        "parent_summary sla_first_response_hours sla_paused_at sla_resolution_hours tags teams "
        "time_summary"
    )
    id: str
    description: FreeText
    name: str
    status: str
    priority: str | None
    case_type: str | None
    account: Named | None
    contacts: list[Named]
    first_response_at: datetime | None
    first_response_sla_deadline: datetime | None
    resolution_sla_deadline: datetime | None
    resolved_at: datetime | None
    created_at: datetime


class Invoice(Model):
    also = (
        "account_name amount_paid client_email client_name contact_name is_overdue line_items_count"
    )
    id: str
    invoice_number: str
    invoice_title: str | None
    status: str
    account: str | None
    contact: str | None
    project: str | None
    issue_date: date | None
    due_date: date | None
    total_amount: str
    amount_due: str
    currency: str
    created_at: datetime


class Project(Model):
    also = (
        "assigned_to hourly_rate retainer_carried_hours retainer_fee retainer_hours "
        "retainer_last_month retainer_next_month retainer_overage_rate retainer_rollover tags"
    )
    id: str
    name: str
    account: Named | None
    deal: Named | None
    status: str
    billing_type: str | None
    currency: str | None
    budget_amount: str | None
    budget_hours: str | None
    start_date: date | None
    due_date: date | None
    burn: dict[str, Any] | None
    created_at: datetime
    updated_at: datetime
