# How numbers, lists, yes and no, dates and sheets are written.
source crm {
  numbers "1.234"
#         ^^^^^^^ E0404 `1.234` does not show how numbers are written
  yes "ja", "1"  no "nein", "JA"
#                           ^^^^ E0202 `JA` means yes and no
  dates excel, "%d.%m.%Y", "day"
#                          ^^^^^ E0404 `day` is not a format of dates or times
  times milliseconds, seconds, excel in "UTC"
  header row 0
#            ^ E0404 there is no row 0
  record at "Changed"
  status "Status"
  id = "Id"
  country = "Country" split ";"
#                           ^^^ E0312 `country` is a text: it cannot be split
  title = "Title" when "Kind" in "a", "b" otherwise missing
}
source twice {
  numbers "1.234,56"
  numbers "1,234.56"
#         ^^^^^^^^^^ E0601 `numbers` stands here a second time
  id = "Id"
}
source same { numbers "1,234,56"  id = "Id" }
#                     ^^^^^^^^^^ E0404 `1,234,56` does not show how numbers are written
