test "a lead that asks for a demo is handed to sales" {
  lead { country "GB"  number_of_employees 80  email "a@example.co.uk"  consent true }
  at     2026-03-02 09:00
  had    demo_request 2 days ago
  expect stage mql, engagement 40
  expect route queue sales_desk
}

test "a lead without a way to reach it waits" {
  lead { country "GB"  number_of_employees 80  consent true }
  at     2026-03-02 09:00
  had    demo_request 2 days ago
  expect held before mql
}

test "one missing fact is named" {
  lead { country "GB"  email "a@example.co.uk"  consent true }
  at     2026-03-02 09:00
  had    demo_request today
  expect qualified unknown, one fact short: number_of_employees
}
