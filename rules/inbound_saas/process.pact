pipeline inbound "From a sign-up to a conversation with sales" {
  for leads where not customer

  stage inquiry "Showed interest" {
    owner  marketing
    label  es "prospecto", tr "müşteri adayı"
    status hubspot "lead"
    expect "Warm it up until it fits and is interested"
    on enter  enroll welcome
    move to archived  when never_fits
    move to telephone when qualified
  }

  stage telephone "The telephone team calls" {
    owner  telequalification
    status hubspot "marketingqualifiedlead"
    expect "Call; ask about need, authority, budget and timing"
    move to archived when disposition = junk
    move to meeting  when sales_ready
  }

  stage meeting "Sales meets the customer" {
    owner  sales
    label  es "oportunidad de ventas", tr "satış fırsatı"
    status hubspot "salesqualifiedlead"
    expect "Meet within a week, then answer"
    on enter  convert to account, contact
    move to won  when disposition = won
    move to lost when disposition = lost
  }

  stage won      "Customer"           { owner sales      final }
  stage lost     "No deal"            { owner sales      final }
  stage archived "We cannot serve it" { owner marketing  final  status hubspot "other" }
}

disposition recycle "Not now; marketing keeps in touch" { reason one of timing, budget, no_need }
disposition junk            "Never will be a lead"
disposition unable_to_reach "Nobody answers"
disposition won             "Signed"       { amount money EUR }
disposition lost            "Did not sign" { reason text }

# Everything goes to the one desk that answers the telephone; from there by size.
# A lead of the evening or of the weekend waits until the telephone team is at work.
route to_telephone {
  otherwise to team callers single contact wait for hours
}

route to_sales {
  to queue enterprise   when number_of_employees >= 500 or plan_interest = enterprise
  to queue fast_lane    when urgency = first
  to queue spanish_desk when country in "ES", "MX", "AR"
  otherwise to queue inside_sales
}

team callers "The telephone team" {
  single contact marta
  member marta, capacity 60, hours phones
  member deniz, capacity 60, hours mon to fri 09:00 to 13:00, away 2026-08-03 to 2026-08-21
  clock phones
}

handoff inquiry to telephone {
  route by to_telephone
  carry name, phone, email, company, fit, interest, urgency, activities in last 60 days, reasons
  need  phone is present as "A telephone number"
  alert assignee
}

handoff telephone to meeting {
  route by to_sales
  carry name, phone, email, title, has_need, has_authority, has_budget, activities
      in last 90 days, reasons
  alert assignee, queue
}

sla call_back on telephone "We call while the lead is warm" {
  owner     telequalification
  agreed by marketing, telequalification
  clock     phones
  first touch                       within 2 business hours
  at least 4 touches by call, email within 5 business days, 3 hours apart
  outcome recorded                  within 10 days
  warn at 50%, 90%         { alert assignee }
  on breach of first touch { alert telequalification  reassign }
  on breach of outcome     { dispose as unable_to_reach }
}

sla meet on meeting "Sales meets the customer within a week" {
  owner     sales
  agreed by telequalification, sales
  clock     phones
  first touch within 5 business days
  on breach { alert sales }
}

sla answers on meeting "Nobody who writes waits for a day" {
  owner     sales
  agreed by telequalification, sales
  clock     phones
  reply within 4 business hours to email_reply, demo_request
  on breach { alert sales }
}

sla supply "Marketing keeps the telephone team busy" {
  owner marketing
  at least 400 leads entering telephone per quarter
}

program welcome      "What we do and for whom" { kind notify }
program slow_nurture "A letter each month"     { kind nurture }
program experts      "For those in the know"   { kind expert }

recycle not_now "Right lead, wrong moment" {
  from telephone, meeting
  when disposition = recycle
  to   inquiry
  rest 60 days
  enroll slow_nurture
  keep 50% of interest
  at most 3 times, then archived
}

recycle nobody_answers "Could not be reached" {
  from telephone
  when disposition = unable_to_reach
  to   inquiry
  rest 30 days
  enroll experts
  at most 2 times, then archived
}

metric calls           = leads entering telephone
metric meetings        = leads entering meeting
metric won_deals       = leads entering won
metric revenue         = sum of won.amount
metric answer_time     = median time from entering telephone to first touch, in phones hours
metric call_to_meeting = telephone -> meeting

target marketing         calls       >= 400 per quarter
target telequalification answer_time <= 2 business hours
target sales             won_deals   >= 30 per quarter

watch call_to_meeting "Does the definition of qualified still hold?" {
  compare last 4 weeks with the 4 weeks before
  alert when it changes by 20% or more
  review qualified, call_back
}

digest call_list for telequalification {
  every weekday at 08:45
  top 10 leads in telephone by interest where urgency = first
  top 30 leads in telephone by interest
  leads in telephone near breach of call_back
  leads in inquiry that miss one fact for qualified
}

review fortnight every 2 weeks {
  calls, meetings, call_to_meeting, revenue by lead_source
}
