table sizes from "sizes.csv"
criteria c { agreed by sales  need lookup queue in sizes = "x" }
pipeline p { stage one { owner sales  move to two when c }  stage two { owner sales  final } }

# file: sizes.csv
#| country , employees , born, revenue , tags , queue
#| "TR, ""x""" , many , 2026-13-01, 5k , new ,"a, b"
#                ^^^^ E0402 `many` does not fit the column `employees`: it is not a number
#                       ^^^^^^^^^^ E0402 `2026-13-01` does not fit the column `born`: it is not a date
#                                   ^^ E0402 `5k` does not fit the column `revenue`: it is not money in USD
#                                        ^^^ E0402 `new` does not fit the column `tags`: a table cannot ask for such a field
#| "TÜ" , 10-50 , * , 10..5 , * , c
#         ^^^^^ E0402 `10-50` does not fit the column `employees`: it is not a number
#                     ^^^^^ E0402 `10..5` does not fit the column `revenue`: the range ends before it starts
