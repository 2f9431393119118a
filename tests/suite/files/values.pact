# Values as written, and what they must be.
lead {
  id text key
  source one of web, webinar, web default Web
#                             ^^^ E0202 the word `web` stands twice
#                                         ^^^ E0203 `Web` is none of the words that this may be
  size integer default 2.5
#                      ^^^ E0312 `2.5` is not whole, and a whole number is needed
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
  seen time default today
#                   ^^^^^ E0105 `today` cannot stand here
  word text default nothing
#                   ^^^^^^^ E0204 `nothing` means nothing here
}
param limit = 60 in staging 10 in staging 20 in test "ten"
#     ^^^^^ W0201 nothing uses the param `limit`
#                                 ^^^^^^^ E0202 `limit` has two values in `staging`
#                                                    ^^^^^ E0312 `ten` is a text, and a number is needed
activity visit { pages integer  pages integer? }
#                               ^^^^^ E0202 `visit` has `pages` twice
