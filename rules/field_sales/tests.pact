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
