# Field sales: every lead belongs to a territory, and a territory to a person who drives there.
pact field_sales "How leads reach the person who knows the area" {
  version    "1"
  parties    marketing, field_sales
  effective  2026-01-01
  time zone  "Asia/Bangkok"
  labels     th
}

term lead "A company that showed interest" { label th "ลีด" }
term territory "The area and the kind of company that one person looks after" {
  label th "เขตการขาย"
}

lead {
  id                   text   key
  name                 text?  pii
  email                text?  pii
  phone                text?  pii
  company              text?
  country              text?
  province             text?
  industry             text?
  number_of_employees  integer?
  annual_revenue       money THB?
  owner_id text? "Who looks after the account already"
  lead_source     one of trade_show, referral, web, partner, import default import
  visit_agreed    bool?
  credit_checked  bool?
}

activity brochure_download, site_survey_request, trade_show_visit
touch    call, visit
touch    quote { amount money THB }

source salesforce "Leads as the CRM exports them" {
  blank "--None--", "Select", "N/A"
  id                  = "Id"
  name                = "Name"
  email               = "Email"
  phone               = "Phone" or "MobilePhone"
  company             = "Company"
  country             = "Country"
  province            = "State"
  industry            = "Industry"
  number_of_employees = "NumberOfEmployees"
  annual_revenue      = "AnnualRevenue"
  owner_id            = "OwnerId"
  lead_source = "LeadSource" {
    "Trade Show"       -> trade_show
    "Partner Referral" -> partner
    "Web"              -> web
    otherwise import
  }
}

table territories "Who drives where; sales operations keeps the spreadsheet" from "territories.csv"
table regions                                                                from "regions.csv"

calendar field_hours "When field sales can be reached" {
  mon to sat  08:30 to 17:30
  closed      2026-01-01, 2026-04-13 to 2026-04-15, 2026-12-31 from 12:00
}
