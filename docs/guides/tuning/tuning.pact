# A year of inbound leads, and a pact that was written before anybody had counted.
pact tuning "Whom marketing hands over, and whom sales accepts" {
  version    "1"
  parties    marketing, sales
  effective  2025-01-01
  time zone  "Europe/Berlin"
}

lead {
  id         text key
  employees  integer?
}

activity demo_request, webinar, newsletter_click, price_visit
disposition accepted "Sales works it"
disposition refused  "Sales does not"

score interest 0 to 100 "How much the lead wants to hear from us" {
  give 40 if any demo_request     in last 90 days
  give 20 if any price_visit      in last 90 days
  give 20 if any webinar          in last 90 days
  give 20 if any newsletter_click in last 90 days
}

criteria ready "Worth a call: agreed by both teams" {
  agreed by marketing, sales
  need employees >= 50
  need interest >= 20
}

pipeline inbound {
  stage inquiry "Known to marketing" {
    owner marketing
    move to accepted when disposition = accepted
    move to mql      when ready
  }
  stage mql "Handed to sales" {
    owner sales
    move to accepted when disposition = accepted
    move to refused  when disposition = refused
  }
  stage accepted "Sales works it" { owner sales      final }
  stage refused  "Sales does not" { owner marketing  final }
}

metric acceptance "Of the leads that were handed over, those that sales works" = mql -> accepted

test "who asked for a demo is handed over" {
  lead { employees 80 }
  had    demo_request today
  had    price_visit today
  expect interest 60, stage mql
}

test "who looked at the prices is, too" {
  lead { employees 80 }
  had    price_visit today
  expect interest 20, stage mql
}
