list blank from "blank.txt"
#    ^^^^^ W0401 `blank` holds nothing
list emails from "mails.csv" column "Domian"
#                                   ^^^^^^^^ E0403 `mails.csv` has no column `Domian`
list good from "mails.csv" column "Domain"
list gone from "../mails.csv"
#              ^^^^^^^^^^^^^^ E0106 `../mails.csv` cannot be read
criteria c { agreed by sales  need not (country in blank or country in emails or country in good or country in gone) }
pipeline p { stage one { owner sales  move to two when c }  stage two { owner sales  final } }

# file: blank.txt
#| # nothing yet

# file: mails.csv
#| Domain,Kind
#| gmail.com,free
