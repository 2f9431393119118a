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
#                   ^^ E0312 this is a number, and the list starts with a text

# file: regions.csv
#| # comments and blank lines do not count
#|
#| country,employees,lead_source,born,customer,revenue,queue
#| TR,>=1000,web,*,*,*,large
#| TR,>999,web|referral,*,*,>5_000_000,strict
#| TR,>=2000,web,*,*,*,never reached
#  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ W0701 this row is never reached
#| tr,5000,web,*,*,*,never reached either
#  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ W0701 this row is never reached
#| TH,9..5,*,*,*,*,backwards
#     ^^^^ E0402 `9..5` does not fit the column `employees`: the range ends before it starts
#| TH,many,*,*,*,*,no number
#     ^^^^ E0402 `many` does not fit the column `employees`: it is not a number
#| TH,,*,*,*,*,blank
#  ^^^^^^^^^^^^^^^^^ E0402 a blank cell in the column `employees`
#| TH,*,wep,*,*,*,misspelt
#       ^^^ E0402 `wep` does not fit the column `lead_source`: `wep` is none of its words
#| TH,*,*,>2000-13-01,maybe,*,neither
#         ^^^^^^^^^^^ E0402 `>2000-13-01` does not fit the column `born`: it is not a date
#                     ^^^^^ E0402 `maybe` does not fit the column `customer`: it is neither `true` nor `false`
#| TH,*
#  ^^^^ E0401 this row has 2 cells, the header has 7

# file: only_fields.csv
#| country,employees
#  ^^^^^^^^^^^^^^^^^ E0401 every column is a field: a row gives nothing
#| TR,*

# file: nobody.csv
#| country,price,price,
#  ^^^^^^^^^^^^^^^^^^^^ E0401 column 4 has no name
#                ^^^^^ E0401 the column `price` stands twice
#| TR,10,20,30

# file: free_mail.txt
#| # domains
#|
#| gmail.com
#| mail.ru

# file: empty.txt
#| # nothing yet
