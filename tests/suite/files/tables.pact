# Tables and lists that lie in files.
route a { from table "regions.csv"  otherwise to queue rest }
#     ^ W0201 nothing uses the route `a`
route b { from table "regions.csv"  otherwise to queue rest }
#     ^ W0201 nothing uses the route `b`
route c { from table "only_fields.csv"  otherwise to queue rest }
#     ^ W0201 nothing uses the route `c`
route d { from table "nobody.csv"  otherwise to queue rest }
#     ^ W0201 nothing uses the route `d`
#         ^^^^^^^^^^^^^^^^^^^^^^^ E0703 no column of the table says who receives: it gives price, price
route e { from table "gone.csv"  otherwise to queue rest }
#     ^ W0201 nothing uses the route `e`
#                    ^^^^^^^^^^ E0106 `gone.csv` cannot be read
table prices from "regions.csv"
list free_mail from "free_mail.txt"
#    ^^^^^^^^^ W0201 nothing uses the list `free_mail`
list nothing from "empty.txt"
#    ^^^^^^^ W0201 nothing uses the list `nothing`
#    ^^^^^^^ W0401 `nothing` holds nothing
list titles from "regions.csv" column "quue"
#    ^^^^^^ W0201 nothing uses the list `titles`
#                                     ^^^^^^ E0403 `regions.csv` has no column `quue`
list mixed = "CEO", 10
#    ^^^^^ W0201 nothing uses the list `mixed`
#                   ^^ E0312 the list begins with a text, and here is a number
#@ regions.csv:6 W0701 this row is never reached
#@ regions.csv:7 W0701 this row is never reached
#@ regions.csv:8 E0402 `9..5` does not fit the column `employees`: the range ends before it starts
#@ regions.csv:9 E0402 `many` does not fit the column `employees`: it is no integer
#@ regions.csv:10 E0402 a cell of the column `employees` is blank
#@ regions.csv:11 E0402 `wep` does not fit the column `lead_source`: `wep` is none of its words
#@ regions.csv:12 E0402 `>2000-13-01` does not fit the column `born`: it is no date
#@ regions.csv:12 E0402 `maybe` does not fit the column `customer`: it is no bool
#@ regions.csv:13 E0401 this row has 2 cells, the header has 7
#@ only_fields.csv:1 E0401 every column is a field: a row gives nothing
#@ nobody.csv:1 E0401 the column `price` stands twice
#@ nobody.csv:1 E0401 column 4 has no name
