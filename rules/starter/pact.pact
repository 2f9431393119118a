# What marketing and sales agreed about their leads. Change it together, in a pull request.
pact starter "How marketing and sales share leads" {
  version    "1"
  parties    marketing, sales
  effective  2026-01-01
  time zone  "Europe/London"
}

term qualified_lead "A lead that both teams agree is worth a call" {}

# What a lead record holds. A `?` says that a record may lack it.
lead {
  id                   text   key
  name                 text?  pii
  email                text?  pii
  phone                text?  pii
  country              text?
  number_of_employees  integer?
  lead_source          one of web, webinar, referral, import  default import
  consent              bool                                   default false
}

activity pricing_page_visit, content_download, demo_request

# Columns of the CRM's export.
source crm "Leads as the CRM exports them" {
  blank "-", "unknown"
  id                  = "Id"
  name                = "Name"
  email               = "Email"
  phone               = "Phone"
  country             = "Country"
  number_of_employees = "NumberOfEmployees"
  lead_source = "LeadSource" {
    "Web"      -> web
    "Webinar"  -> webinar
    "Referral" -> referral
    otherwise import
  }
}

score engagement 0 to 100 "How much the lead wants to hear from us" {
  give 20 per pricing_page_visit in last 30 days, at most 40
  give 10 per content_download   in last 60 days, at most 20
  give 40 if any demo_request    in last 90 days
}

criteria qualified "Worth a call: agreed by both teams" {
  agreed by marketing, sales
  need country in "GB", "IE"
  need number_of_employees >= 20
  need engagement >= 40
  need consent
}

pipeline new_business "From first interest to a deal" {
  stage inquiry "Raised a hand" {
    owner  marketing
    expect "Nurture until both teams' criteria are met"
    move to mql when qualified
  }

  stage mql "Handed to sales" {
    owner  sales
    expect "Call, then answer: accepted or rejected"
    move to accepted when disposition = accepted
    move to archived when disposition = rejected
  }

  stage accepted "Sales works on it" { owner sales      final }
  stage archived "Not for us"        { owner marketing  final }
}

disposition accepted "Sales confirms the criteria"
disposition rejected "Sales does not" { reason text }

route desk {
  otherwise to queue sales_desk
}

handoff inquiry to mql {
  route by desk
  carry name, email, phone, engagement, activities in last 90 days, reasons
  need  phone is present or email is present as "A way to reach the lead"
  alert queue
}
