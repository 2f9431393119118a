activity visit { pages integer  title text? }
source crm {
#      ^^^ E0403 `crm` does not say which column is `id`
  dates "DD.MM.YYYY", "%d.%m.%Y"
#       ^^^^^^^^^^^^ E0404 `DD.MM.YYYY` is not a format of dates or times
  times "%Q %H" in "Europe/Istanbull"
#       ^^^^^^^ E0404 `%Q %H` is not a format of dates or times
#                  ^^^^^^^^^^^^^^^^^^ E0215 there is no time zone `Europe/Istanbull`
  country = "Country" times 2
#                           ^ E0312 `country` is text: it cannot be multiplied
  country = "Land"
# ^^^^^^^ E0202 `country` is filled twice
  contry = "Country"
# ^^^^^^ E0201 there is no field `contry`
  lead_source = "Source" { "Web" -> webb  otherwise reject }
#                                   ^^^^ E0203 `webb` is none of the words that this may be
  employees = "Size" { "S" -> "small"  "M" -> 50  otherwise missing }
#                             ^^^^^^^ E0312 `small` is a text, and a number is needed
  event visit at "Visited" { titel = "T" }
#                            ^^^^^ E0201 there is no property `titel`
}
source sheet { match on title  id = "Id" }
#      ^^^^^ E0403 `sheet` does not say which column is `title`
source good { id = "Id"  event visit at "Visited" when "Kind" in "visit" { pages = "Pages" } }
