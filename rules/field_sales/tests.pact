test "a large company in the capital goes to the key account manager" {
  lead {
    company             "Siam Steel"
    country             "TH"
    province            "Bangkok"
    number_of_employees 800
    phone               "02"
  }
  at     2026-03-02 09:00  expect stage assigned_lead, potential 40
  expect route to somchai
  expect carry potential 40
}

test "a small one in the north goes to the north" {
  lead {
    company             "เชียงใหม่ คาเฟ่"
    country             "TH"
    province            "chiang mai"
    number_of_employees 30
    email               "a@b.example"
  }
  at     2026-03-02 09:00
  had    site_survey_request 3 days ago
  expect route to anong
}

test "who looks after the account keeps it" {
  lead {
    company             "Siam Steel"
    country             "TH"
    province            "Bangkok"
    number_of_employees 800
    phone               "02"
    owner_id            "malee"
  }
  expect route owner
  expect route to malee
}

test "a province that nobody drives to is the office's" {
  lead {
    company             "Isan Rice"
    country             "TH"
    province            "Khon Kaen"
    number_of_employees 60
    phone               "043"
  }
  had    site_survey_request today
  expect route team office
}

test "without a size the first row that fits for sure wins" {
  lead { company "Krung Thep Tools"  country "TH"  province "Bangkok"  phone "02" }
  had    site_survey_request today
  expect route to malee
}

test "a country outside the region is no visit" {
  lead { company "Straits Trading"  country "SG"  number_of_employees 900  phone "65" }
  expect stage inquiry, worth_a_visit not met
}

test "an unknown country leaves it open, and says so" {
  lead { company "Somewhere Ltd"  number_of_employees 900  phone "1" }
  expect worth_a_visit unknown, one fact short: country
}

test "credit opens the way to a quote" {
  lead { company "Siam Steel"  visit_agreed true  annual_revenue 12M THB }
  in stage assigned_lead
  expect stage quoted, can_be_quoted met
  expect convert to opportunity
}

test "nothing is known of the credit" {
  lead { company "Siam Steel"  visit_agreed true }
  in stage assigned_lead
  expect can_be_quoted unknown, one fact short: annual_revenue or credit_checked
}

test "an interest that stays small is archived after a year" {
  lead { company "Quiet Ltd"  country "TH"  number_of_employees 3 }
  at 2026-03-02 10:00  brochure_download
  at 2027-03-02 09:59  expect stage inquiry
  at 2027-03-02 10:00  expect stage archived
}

test "a call is due a business day after somebody has the lead" {
  lead { company "Siam Steel" }
  in stage assigned_lead
  at 2026-03-02 10:00  assigned to malee
  at 2026-03-02 10:01  expect sla first_call first touch due 2026-03-03 10:00
  at 2026-03-02 15:00  assigned to anan
  at 2026-03-02 15:01  expect sla first_call first touch due 2026-03-03 15:00
  at 2026-03-04 12:00  expect sla first_call first touch breached, alert field_sales
}

test "ask again in a season" {
  lead { company "Siam Steel"  country "TH" }
  in stage assigned_lead
  at 2026-03-02 10:00  wrong_time
  at 2026-05-31 09:59  expect stage assigned_lead
  at 2026-05-31 10:00  expect stage inquiry
}
