# Customers stay leads: what they use tells when there is more to sell, and when to listen.
pact upsell "How existing customers are offered more" {
  version    "1"
  parties    customer_success, account_management, marketing
  effective  2026-01-01
  time zone  "Europe/Istanbul"
  language   tr
  labels     en
}

term upsell     "More of the same for a customer" { label en "upsell" }
term cross_sell "Something else for a customer"   { label en "cross-sell" }

lead {
  id                text   key
  name              text?  pii
  email             text?  pii
  company           text
  city              text?
  customer          bool   default false
  owner_id          text?  "The account manager"
  plan              one of starter, team, enterprise?
  seats             integer?
  seats_used        integer?
  renewal_on        date?
  monthly_revenue   money TRY?
  satisfaction      number? "The last answer to the yearly question, 0 to 10"
  budget_confirmed  bool?
}

activity limit_reached, feature_request, newsletter_click
activity support_ticket { severity one of low, high }
touch    call, meeting

score usage 0 to 100 "How close the customer is to needing more" {
  give 40 when seats_used / seats >= 0.9
  give 20 when seats_used / seats between 0.7 and 0.89
  give 20 per limit_reached   in last 30 days, at most 40
  give 10 per feature_request in last 90 days, at most 20
}

score risk 0 to 100 "What speaks against asking now" {
  give 30 per support_ticket where severity = high in last 60 days, at most 60
  give 40 when satisfaction < 6
}

criteria ready_for_more "Uses what it has, and is content" {
  agreed by customer_success, account_management
  need usage >= 40 as "Uses what it has"
  need risk < 30 as "Has no open wound"
  not  plan = enterprise
}

criteria renewal_near "The contract ends within a quarter" {
  agreed by customer_success, account_management
  need renewal_on - today <= 90 days
  need renewal_on >= today
}

criteria offer_makes_sense "The customer can decide and pay" {
  agreed by account_management
  need budget_confirmed or monthly_revenue >= 50k TRY
}

pipeline growth "More for those who are customers already" {
  for leads where customer

  stage customer_base "A customer, and content" {
    owner  customer_success
    label  en "customer"
    expect "Watch the usage; keep the customer content"
    move to conversation when ready_for_more
    move to conversation when renewal_near and satisfaction >= 8
    move to care         when risk >= 40
  }

  stage care "Listen first" {
    owner  customer_success
    expect "Solve what hurts before anything is offered"
    move to customer_base when risk < 30
  }

  stage conversation "The account manager talks to the customer" {
    owner  account_management
    expect "Talk about what the customer wants to reach"
    on enter  enroll success_stories
    move to offer         when offer_makes_sense
    move to customer_base when disposition = not_now
  }

  stage offer "Has an offer" {
    owner account_management
    on enter  convert to opportunity
    move to expanded      when disposition = accepted
    move to customer_base when disposition = declined
  }

  stage expanded "Took more" { owner account_management  final }
}

pipeline prospects "Everybody else stays with marketing" {
  for leads where not customer
  stage prospect "Not a customer yet" {
    owner marketing
    move to became_customer when disposition = accepted
  }
  stage became_customer "Signed" { owner marketing  final }
}

disposition accepted "Took the offer"  { amount money TRY }
disposition declined "Did not take it" { reason one of price, need, timing }
disposition not_now  "Ask again later"

route account_manager {
  to owner          when owner_id is present
  to queue istanbul when city in "İstanbul", "Kocaeli"
  otherwise to queue anadolu
}

handoff customer_base to conversation {
  route by account_manager
  carry name, email, plan, seats, seats_used, usage, activities in last 90 days, reasons
  alert assignee, customer_success
}

program success_stories "What others reached" {
  kind   expert
  starts 2026-01-12
  ends   2026-12-18
}

sla talk_soon on conversation "Talk before the moment passes" {
  owner     account_management
  agreed by customer_success, account_management
  first touch within 5 days
  on breach of first touch { alert account_management }
}

recycle later "The customer asked to wait" {
  from conversation, offer
  when disposition = not_now
  to   customer_base
  rest 1 quarter
  at most 4 times, then customer_base
}

metric expansions        = leads entering expanded
metric expansion_revenue = sum of accepted.amount
metric talk_to_offer     = conversation -> offer
target account_management expansions >= 10 per quarter
