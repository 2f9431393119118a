# Inbound leads of a software company, qualified by telephone before sales sees them.
pact inbound_saas "How inbound leads become sales conversations" {
  version    "1"
  parties    marketing, telequalification, sales
  effective  2026-01-01
  time zone  "Europe/Madrid"
  labels     es, tr
}

term lead "A person who showed interest and is not yet qualified" {
  label es "prospecto", tr "müşteri adayı"
}
term qualified_lead "A lead that fits and is interested: worth a call by the telephone team" {
  label es "cliente potencial calificado", tr "nitelikli müşteri adayı"
}
term sales_lead "A lead that said on the telephone that it wants to talk to sales" {
  label es "prospecto listo para ventas", tr "satışa hazır müşteri adayı"
}

lead {
  id                   text   key
  name                 text?  pii
  email                text?  pii
  phone                text?  pii
  company              text?
  country              text?
  industry             text?
  title                text?
  number_of_employees  integer?
  plan_interest        one of starter, team, enterprise?
  lead_source one of trial, web, webinar, referral, paid_ads, social, trade_show,
      import default import
  has_need       bool? "Learned on the telephone"
  has_authority  bool?
  has_budget     bool?
  wants_meeting  bool?
  customer       bool  default false
  consent        bool  default false
}

activity trial_started, pricing_page_visit, docs_visit, demo_request, email_reply, unsubscribed
activity webinar_attended { title text }
activity feature_used     { feature text }
touch    call             { answered bool? }
touch    email

source hubspot "Contacts as the marketing system exports them" {
  blank "", "(No value)", "unknown"
  dates "%Y-%m-%d", "%d/%m/%Y"
  times "%Y-%m-%d %H:%M" in "Europe/Madrid"
  id                  = "Record ID"
  name                = "First Name" or "Full Name"
  email               = "Email"
  phone               = "Phone Number" or "Mobile Phone Number"
  company             = "Company Name"
  country             = "Country/Region"
  title               = "Job Title"
  number_of_employees = "Number of Employees"
  lead_source = "Original Source" {
    "Organic Search", "Direct Traffic" -> web
    "Paid Search"                      -> paid_ads
    "Organic Social"                   -> social
    "Referrals"                        -> referral
    otherwise import
  }
  event trial_started at "Trial Start Date"
}

list deciders            = "CEO", "CTO", "CIO", "Founder", "Head of Engineering", "VP Engineering"
list free_mail           from "free_mail.txt"
list excluded_industries = "gambling", "weapons"

param fit_needed      = 40 in staging 10
param interest_needed = 50 in staging 10

calendar phones "When the telephone team calls" {
  mon to thu  09:00 to 14:00, 15:00 to 18:30
  fri         09:00 to 15:00
  closed      2026-01-01, 2026-01-06, 2026-05-01, 2026-12-25
}
