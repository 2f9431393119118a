test "a trial user who reads the prices is called" {
  lead {
    name                "Lucía Ferrer"
    country             "ES"
    title               "CTO"
    number_of_employees 120
    phone               "+34 600"
    email               "l@acero.example"
    lead_source         trial
    consent             true
  }
  at     2026-03-02 10:00
  had    trial_started 3 days ago
  had    pricing_page_visit 2 days ago, 1 day ago
  had    feature_used { feature "invite" } 1 day ago
  expect stage telephone
  expect fit 55, interest 55
  expect qualified met
  expect route team callers
  expect carry phone "+34 600", carry company missing
  expect alert assignee, enroll welcome
}

test "old signs count less" {
  lead { title "CTO"  number_of_employees 120  phone "1"  email "a@b.example"  consent true }
  at     2026-03-02 10:00
  had    demo_request 15 days ago
  expect interest 30
  expect stage inquiry, qualified not met
}

test "many pages on one day count like a few" {
  lead { consent true }
  at     2026-03-02 10:00
  had    docs_visit today, today, today, today, today
  expect interest 4
}

test "a private mailbox counts against a company of unknown size" {
  lead { email "x@GMAIL.com"  title "Founder"  consent true }
  had    demo_request today
  expect fit 0 to 80
  expect qualified not met
}

test "without a number the telephone team gets nothing" {
  lead { title "CEO"  number_of_employees 600  email "c@d.example"  consent true }
  had    demo_request today
  had    pricing_page_visit today
  expect held before telephone
  expect stage inquiry
}

test "an industry that we do not serve is archived at once" {
  lead { industry "Gambling"  number_of_employees 50 }
  expect stage archived, never_fits met
}

test "sales gets a lead that wants to meet" {
  lead {
    title               "CEO"
    number_of_employees 30
    country             "ES"
    has_need            true
    wants_meeting       true
    phone               "1"
  }
  in stage telephone
  expect stage meeting, sales_ready met
  expect route queue spanish_desk
  expect convert to account, convert to contact
}

test "one answer on the telephone is missing" {
  lead { title "CEO"  number_of_employees 30  has_need true }
  in stage telephone
  expect sales_ready unknown, one fact short: wants_meeting
}

test "without a budget there is no meeting" {
  lead { title "CEO"  number_of_employees 30  has_need true  wants_meeting true  has_budget false }
  in stage telephone
  expect sales_ready not met
  expect stage telephone
}

test "large accounts go to the enterprise desk" {
  lead {
    title               "CIO"
    number_of_employees 900
    has_need            true
    has_authority       true
    wants_meeting       true
  }
  in stage telephone
  expect route queue enterprise
}

test "staging asks for less" {
  lead { number_of_employees 25  phone "1"  email "a@b.example"  consent true }
  in env staging
  at     2026-03-02 10:00
  had    pricing_page_visit 1 day ago
  expect stage telephone
}

test "the telephone team has two hours, and is told half way" {
  lead { has_need true }
  in stage telephone
  at 2026-03-02 10:00  pricing_page_visit
  at 2026-03-02 11:00  expect sla call_back first touch warned, alert assignee
  at 2026-03-02 12:00  expect sla call_back first touch breached, alert telequalification
}

test "calls count three hours apart" {
  lead { has_need true }
  in stage telephone
  at 2026-03-02 10:00  call { answered false }
  at 2026-03-02 11:00  call { answered false }
  at 2026-03-02 13:00  call { answered false }
  at 2026-03-03 10:00  email
  at 2026-03-03 10:01  expect sla call_back first touch met, sla call_back touches running
  at 2026-03-03 14:00  call { answered true }
  at 2026-03-03 14:01  expect sla call_back touches met
}

test "not now means two months" {
  lead { has_need true }
  in stage telephone
  at 2026-03-02 10:00  recycle { reason timing }
  at 2026-03-02 10:01  expect stage inquiry, recycled by not_now, resting until 2026-05-01,
      enroll slow_nurture
}

test "fit and interest make a grid" {
  lead {
    title               "CTO"
    number_of_employees 120
    plan_interest       team
    phone               "1"
    email               "a@b.example"
    consent             true
  }
  at     2026-03-02 10:00
  had    demo_request today
  had    pricing_page_visit today, 1 day ago, 2 days ago
  expect grade a, heat hot, urgency first
  expect carry urgency first
}

test "what is not known leaves several grades, and one urgency" {
  lead { title "CTO"  number_of_employees 120 }
  at     2026-03-02 10:00  expect fit 25 to 70, grade a or b or c or d, heat cold
  expect urgency next or later
}

test "a lead of the weekend waits for the telephone team" {
  lead { title "CTO"  number_of_employees 120  phone "1"  email "a@b.example"  consent true }
  at 2026-03-07 11:00  demo_request, pricing_page_visit
  at 2026-03-07 11:00  expect stage telephone, route team callers
  at 2026-03-09 08:59  expect route team callers
  at 2026-03-09 09:00  expect route to marta
}

test "whoever writes has an answer within four hours" {
  lead { title "CEO" }
  in stage meeting
  at 2026-03-02 10:00  email_reply
  at 2026-03-02 11:00  email_reply
  at 2026-03-02 11:01  expect sla answers reply due 2026-03-02 14:00
  at 2026-03-02 12:00  call { answered true }
  at 2026-03-02 16:00  email_reply
  at 2026-03-02 16:01  expect sla answers reply due 2026-03-03 10:30
  at 2026-03-03 10:30  expect sla answers reply breached, alert sales
}
