# Levels that fit their figures, and such that do not.
activity demo
touch call
disposition won { amount money EUR  seats integer? }
calendar office { mon to fri 09:00 to 17:00 }
pipeline all { stage inquiry { owner marketing  move to mql when any demo }  stage mql { owner sales  final } }
metric mqls = leads entering mql
metric rate = inquiry -> mql
metric fast = median time from created to first touch
metric open_fast = median time from created to first touch, in office hours
metric revenue = sum of won.amount
metric seats = sum of won.seats
metric each = revenue / mqls
target marketing mqls >= 300 per quarter
target marketing mqls >= 60%
#                        ^^^ E0312 `mqls` is a number, and cannot be compared with this
target marketing mqls >= 3 hours
#                        ^^^^^^^ E0312 `mqls` is a number, and cannot be compared with this
target sales rate >= 60% per month
target sales rate >= 70% per month reward "A day off"
target sales rate >= 80% reward
#                        ^^^^^^ E0101 something is missing after `reward`
target sales rate >= 3
#                    ^ E0312 `rate` is a share, and cannot be compared with this
target sales fast <= 4 hours
target sales fast <= 4 business hours
#                    ^^^^^^^^^^^^^^^^ E0312 `fast` is measured in elapsed time, and this is business time
target sales fast <= 60%
#                    ^^^ E0312 `fast` is a length of time, and cannot be compared with this
target sales open_fast <= 4 business hours
target sales open_fast <= 2 business days
#                         ^^^^^^^^^^^^^^^ E0312 a business day is as long as its calendar says, and this is compared in hours
target sales revenue >= 10k EUR
target sales revenue >= 10k
#                       ^^^ E0312 `revenue` is an amount of money, and cannot be compared with this
target sales seats >= 10
target sales each >= 10 EUR
target sails rte >= 10
#      ^^^^^ E0201 there is no party `sails`
#            ^^^ E0201 there is no metric `rte`
