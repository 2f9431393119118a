# A published scoring model: the default points of a marketing system, its grades, decay, and both together.
pact scoring "Grade and score, as Account Engagement has them by default" {
  parties    marketing, sales
  time zone  "UTC"
}

lead {
  id          text key
  industry    text?
  title       text?
  employees   integer?
  country     text?
  competitor  bool default false
}

# what was submitted, clicked or opened says how much; on what, says the asset
activity submission, submission_error, click, file_access, site_search, visitor_session, page_view,
    chat
activity opportunity_created, opportunity_lost
touch    call

score engagement - 100 to 500 "The points of the published table" {
  give 50  per submission
  take 5   per submission_error
  give 3   per click
  give 3   per file_access
  give 3   per site_search
  give 3   per visitor_session
  give 1   per page_view
  give 10  per chat
  give 50  per opportunity_created
  take 100 per opportunity_lost
  fade 25% every 30 days
}

# everybody begins with a D; a letter is three thirds
score profile - 3 to 9 "How far above a D the profile lies, in thirds of a letter" {
  give 3  when industry in "software", "logistics"
  give 3  when employees between 50 and 5000
  give 2  when title in "CEO", "CIO", "Head of IT"
  give 1  when country in "TR", "ES", "DE"
  take 12 when competitor
}

band grade of profile { a >= 9  b >= 6  c >= 3  d >= 0  otherwise f }
band heat of engagement { hot >= 100  warm >= 50  cool >= 10  otherwise cold }

band action of grade by heat "What happens next" {
  #    hot      warm     cool     cold
  a -> call,    call,    nurture, nurture
  b -> call,    call,    nurture, nurture
  c -> call,    nurture, nurture, wait
  d -> nurture, wait,    wait,    wait
  f -> drop,    drop,    drop,    drop
}

# six parts of interest, four of fit, of a hundred
value combined = round(0.6 * min(engagement, 100) + 40 * max(profile, 0) / 9, 1)

pipeline all {
  stage inquiry "Known" {
    owner marketing
    move to dropped when action = drop
    move to mql     when action = call
  }
  stage mql     "Sales calls" { owner sales      final }
  stage dropped "Not for us"  { owner marketing  final }
}
handoff inquiry to mql { carry grade, heat, combined, reasons }

test "a form, and what the visit brought" {
  lead { industry "software"  employees 400  title "CIO"  country "DE" }
  at     2026-03-02 09:00
  had    submission today
  had    visitor_session today
  had    page_view today, today, today, today
  expect engagement 57, profile 9, grade a, heat warm, action call
  expect stage mql, carry grade a, carry combined 74.2
}

test "interest of half a year ago is little today" {
  lead { industry "software"  employees 400  title "CIO"  country "DE" }
  at     2026-03-02 09:00
  had    submission 180 days ago
  expect engagement 9, heat cold, action nurture, stage inquiry
}

test "a lost deal weighs a hundred" {
  lead { industry "software"  employees 400  country "DE" }
  at     2026-03-02 09:00
  had    submission today
  had    opportunity_lost today
  expect engagement -50, heat cold
}

test "a competitor is dropped however warm" {
  lead { competitor true }
  had    submission today, today, today
  expect heat hot, grade f, action drop, stage dropped
}

test "what is not known of the company leaves grades, and one action" {
  lead { industry "software"  employees 400 }
  at     2026-03-02 09:00
  had    submission today
  expect profile 6 to 9, grade a or b, action call, stage mql
}
