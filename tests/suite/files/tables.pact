table sizes from "sizes.csv"
table wrong from "wrong.csv"
table nothing from "nothing.csv"
#                  ^^^^^^^^^^^^^ E0401 the table has no header
table gone from "gone.csv"
#               ^^^^^^^^^^ E0106 `gone.csv` cannot be read
table plain from "plain.csv"
criteria c {
  agreed by sales
  need lookup queue in sizes = "x"
  need lookup queue in wrong = "x"
  need lookup queue in nothing = "x"
#             ^^^^^ E0201 there is no output column `queue`
  need lookup queue in gone = "x"
#             ^^^^^ E0201 there is no output column `queue`
  need lookup queue in plain = "x"
#             ^^^^^ E0201 there is no output column `queue`
}
pipeline p { stage one { owner sales  move to two when c }  stage two { owner sales  final } }

# file: sizes.csv
#| country,employees,lead_source,customer,queue
#| TR|ES,50..999,web,true,a
#| TR,60..70,web,true,b
#  ^^^^^^^^^^^^^^^^^^^^ W0701 this row is never reached
#| TH,50-999,*,*,c
#  ^^^^^^^^^^^^^^^ E0402 `50-999` does not fit the column `employees`: it is no integer
#| TH,999..50,*,*,d
#  ^^^^^^^^^^^^^^^^ E0402 `999..50` does not fit the column `employees`: the range ends before it starts
#| RU,*,webb,*,e
#  ^^^^^^^^^^^^^ E0402 `webb` does not fit the column `lead_source`: `webb` is none of its words
#| RU,*,*,yes,f
#  ^^^^^^^^^^^^ E0402 `yes` does not fit the column `customer`: it is no bool
#| ,*,*,*,g
#  ^^^^^^^^ E0402 a cell of the column `country` is blank
#| PT,>=5,*,*
#  ^^^^^^^^^^ E0401 this row has 4 cells, the header has 5
#| PT,>=10,*,*,h
#| PT,<=4,*,*,

# file: wrong.csv
#| country,queue,country
#  ^^^^^^^^^^^^^^^^^^^^^ E0401 the column `country` stands twice
#| TR,a,b

# file: nothing.csv

# file: plain.csv
#| country,employees
#  ^^^^^^^^^^^^^^^^^ E0401 every column is a field: a row gives nothing
#| TR,*
