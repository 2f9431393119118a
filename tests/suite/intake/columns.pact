# Where records come from.
activity visit { pages integer  title text? }
source crm {
  dates "%d.%m.%Y", "%Q", "day"
#                   ^^^^ E0404 `%Q` is not a format of dates or times
#                         ^^^^^ E0404 `day` is not a format of dates or times
  times "%d.%m.%Y %H:%M" in "Europe/Istambul"
#                           ^^^^^^^^^^^^^^^^^ E0215 there is no time zone `Europe/Istambul`
  id = "Id"
  country = "Country" times 2
#                           ^ E0312 `country` is a text: it cannot be multiplied
  contry = "Land"
# ^^^^^^ E0201 there is no field `contry`
  title = "Title"
  title = "JobTitle"
# ^^^^^ E0202 `title` is filled twice
  lead_source = "Source" { "Web" -> wep  "Partner" -> referral  otherwise reject }
#                                   ^^^ E0203 `wep` is none of the words that this may be
  employees = "Size" { "small" -> "ten"  otherwise missing }
#                                 ^^^^^ E0312 `ten` is a text, and a number is needed
  event visit at "Visited" { pgs = "Pages" }
#                            ^^^ E0201 there is no property `pgs`
  event vist at "Visited"
#       ^^^^ E0201 there is no activity, touch or disposition `vist`
}
source sheet { country = "Country" }
#      ^^^^^ E0403 `sheet` does not say which column is `id`
source mail { match on title  id = "id" }
#      ^^^^ E0403 `mail` does not say which column is `title`
source joined { match on titel  id = "id" }
#                        ^^^^^ E0201 there is no field `titel`
