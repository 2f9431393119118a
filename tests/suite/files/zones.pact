pact zones {
  parties marketing, sales
  time zone "Europe/Istambul"
#           ^^^^^^^^^^^^^^^^^ E0215 there is no time zone `Europe/Istambul`
  time zone "Mars/Olympus"
#           ^^^^^^^^^^^^^^ E0601 `time zone` stands here a second time
  labels tr
  precedence crm, web, crm, wep
#                      ^^^ E0202 `crm` has its place already
#                           ^^^ E0201 there is no source `wep`
}
source crm { id = "Id" }
source web { id = "id" }
term lead "Somebody" { label tr "aday", xx "lead" }
#                                       ^^ E0201 there is no label language `xx`
