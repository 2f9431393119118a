score potential 0 to 100 "What the account could be worth" {
  give 20 when number_of_employees between 100 and 499
  give 40 when number_of_employees >= 500
  give 20 when annual_revenue >= 50M THB
  give 40 if any site_survey_request in last 180 days
  give 10 per trade_show_visit       in last 1 year, at most 20
  give 5  per brochure_download      in last 90 days, at most 10
}

criteria worth_a_visit "Worth the drive" {
  agreed by marketing, field_sales
  need lookup region in regions = "mekong" as "In a region that we drive to"
  need potential >= 40
  need company is present
}

criteria can_be_quoted "A quote makes sense" {
  agreed by field_sales
  need visit_agreed
  need credit_checked or annual_revenue >= 10M THB
}

pipeline accounts "From interest to an order" {
  stage inquiry "Showed interest" {
    owner  marketing
    label  th "ผู้สนใจ"
    status salesforce "Open - Not Contacted"
    expect "Find out the size of the company and its province"
    move to assigned_lead when worth_a_visit
    move to archived      after 1 year
  }

  stage assigned_lead "Somebody drives there" {
    owner  field_sales
    status salesforce "Working - Contacted"
    expect "Call, agree on a visit, check the credit"
    move to quoted   when can_be_quoted
    move to archived when disposition = junk
    move to inquiry  when disposition = wrong_time after 90 days
  }

  stage quoted "Has a quote" {
    owner field_sales
    on enter  convert to account, contact, opportunity
    move to ordered  when disposition = ordered
    move to archived when disposition = declined
  }

  stage ordered  "Ordered"           { owner field_sales  final }
  stage archived "Not now, or never" { owner marketing    final }
}

disposition wrong_time "Ask again in a season"
disposition junk       "Not a company that we can serve"
disposition ordered    "Signed the order" { amount money THB }
disposition declined   "Said no"          { reason text }

# Who looks after an account keeps it; then the spreadsheet; then the office shares the rest.
route area {
  to owner when owner_id is present
  from table territories
  to team office by capacity wait for hours when country = "TH"
  otherwise to queue export_desk
}

team office "Answers for provinces that nobody drives to" {
  member ratree, capacity 30, hours field_hours
  member wirat,  capacity 20, hours mon to fri 13:00 to 17:30, joined 2026-02-01
  clock field_hours
}

handoff inquiry to assigned_lead {
  route by area
  carry company, name, phone, province, potential, activities in last 180 days, reasons
  need  phone is present or email is present as "A way to reach the company"
  alert assignee
}

sla first_call on assigned_lead "A call before the drive" {
  owner     field_sales
  agreed by marketing, field_sales
  clock     field_hours
  starts at assignment
  first touch within 1 business day
  work at most 60 days
  on reassignment restart
  on breach of first touch                        { alert field_sales }
  on breach of first touch after 8 business hours { reassign }
}

metric visits           = count of visit
metric quoted_value     = sum of quote.amount
metric inquiry_to_order = inquiry -> ordered
target field_sales inquiry_to_order >= 5% per year
