# Tables and lists that lie in files.
route a { from table "regions.csv"  otherwise to queue rest }
#     ^ W0201 nothing uses the route `a`
route b { from table "regions.csv"  otherwise to queue rest }
#     ^ W0201 nothing uses the route `b`
route c { from table "only_fields.csv"  otherwise to queue rest }
#     ^ W0201 nothing uses the route `c`
route d { from table "nobody.csv"  otherwise to queue rest }
#     ^ W0201 nothing uses the route `d`
#         ^^^^^^^^^^^^^^^^^^^^^^^ E0703 no column of the table says who receives: it gives price, price, 
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
#    ^^^^^^ W0401 `titles` holds nothing
#                                     ^^^^^^ E0403 `regions.csv` has no column `quue`
list mixed = "CEO", 10
#    ^^^^^ W0201 nothing uses the list `mixed`
#                   ^^ E0312 a list of a text holds no a number
