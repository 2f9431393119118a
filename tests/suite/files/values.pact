# Values as written, and what they must be.
lead {
  id text key
  source one of web, webinar, web default Web
#                             ^^^ E0202 the word `web` stands twice
  size integer default 2.5
#                      ^^^ E0312 `2.5` is a number, and a number is needed
  worth money USD default 10
#                         ^^ E0304 a bare number where money USD is needed
  paid money USD default 10 EUR
#                        ^^^^^^ E0312 `10 EUR` is money in EUR, and money in USD is needed
  since date default "2026-01-01"
#                    ^^^^^^^^^^^^ E0312 `2026-01-01` is a text, and a date is needed
  wait duration default 1 business day 2 hours
#                       ^^^^^^^^^^^^^^^^^^^^^^ E0313 business time and elapsed time do not add up
  rest duration default 1.5 days
#                       ^^^^^^^^ E0105 `1.5 days` is no whole step of the calendar, or too long
  held duration default 1.5 hours
  long duration default 2000000000 months 2000000000 months
#                       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ E0105 `2000000000 months 2000000000 months` is longer than any calendar
  when time default today
# ^^^^ E0101 `when` does not fit here
  word text default nothing
}
param limit = 60 in staging 10 in staging 20 in test "ten"
#                                 ^^^^^^^ E0202 `limit` has two values in `staging`
#                                                    ^^^^^ E0312 `ten` is a text, and a number is needed
activity visit { pages integer  pages integer? }
#                               ^^^^^ E0202 `visit` has `pages` twice
