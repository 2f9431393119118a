# What compares with what.
activity visit { pages integer?  page text? }

criteria c {
  agreed by sales
  need revenue >= 10M
#                 ^^^ E0304 `revenue` is money in USD, `10M` is a number without a currency
  need revenue >= 10M EUR
#                 ^^^^^^^ E0304 `revenue` is money in USD, `10M EUR` is money in EUR
  need 10M USD <= revenue
  need title = 5
#              ^ E0301 `title` is a text, `5` is a number
  need title > "a"
#      ^^^^^ E0303 `title` is a text, which has no order
  need employees contains "a"
#      ^^^^^^^^^ E0305 `employees` is a number, and this asks about the letters of a text
  need tags contains "a"
  need tags = "a"
#             ^^^ E0301 `tags` is a list, `"a"` is a text
  need tags contains 4
#                    ^ E0301 `tags` is a list, `4` is a number
  need born < created
#             ^^^^^^^ E0301 `born` is a date, `created` is a time
  need title matches "("
#                    ^^^ E0306 the pattern cannot be read: unclosed group
  need title matches country
#                    ^^^^^^^ E0306 a pattern must be a text in quotes
  need title matches "^VP "
  need employees between 1 and "b"
#                              ^^^ E0301 `employees` is a number, `"b"` is a text
  need country in "TR", 5
#                       ^ E0301 `country` is a text, `5` is a number
  need if consent then employees > 5 else 3
#                                         ^ E0301 `employees > 5` is a condition, `3` is a number
  need time since visit < 3 days
  need latest visit.page starts with "a"
  need id is present
#      ^^ W0301 `id` is there for every lead
  need any visit in last 0 days
#                        ^^^^^^ E0310 a window of `0 days` is no time at all
  need sum of visit.page > 3
#                   ^^^^ E0311 `page` is a text, which does not add up
  need sum of visit.pages in last 2 days > 3
  need web = lead_source
  need consent is unknown
  need consent = true
}

pipeline p {
  stage one { owner sales  move to two when c }
  stage two { owner sales  final }
}
