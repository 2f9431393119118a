list mixed = "a", 5, "b"
#                 ^ E0312 the list begins with a text, and here is a number
param wait = 1 business day 4 hours
#            ^^^^^^^^^^^^^^^^^^^^^^ E0313 business time and elapsed time do not add up
param warm = 4 in staging "many"
#                         ^^^^^^ E0312 `many` is a text, and a number is needed
criteria c { agreed by sales  need country in mixed  need time since call > wait  need employees > warm }
#                                                                           ^^^^ E0301 `time since call` is a duration, `wait` is a condition
touch call
pipeline p { stage one { owner sales  move to two when c }  stage two { owner sales  final } }
test "values" {
  lead { employees "many"  country "TR", "ES"  revenue 5 EUR  budget 5  lead_source webb  created "now"  tags 5 }
#                  ^^^^^^ E0312 `many` is a text, and a number is needed
#                                        ^^^^ E0312 `country` has one value, not several
#                                                      ^^^^^ E0312 `5 EUR` is money in EUR, and money in USD is needed
#                                                                    ^ E0304 a bare number where money EUR is needed
#                                                                                   ^^^^ E0203 `webb` is none of the words that this may be
#                                                                                                 ^^^^^ E0312 `now` is a text, and a time is needed
#                                                                                                             ^ E0312 `5` is a number, and a text is needed
  expect c 50
#        ^ E0312 `c` is a criteria, not a score
}
