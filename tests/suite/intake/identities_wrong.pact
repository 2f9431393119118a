# What cannot tell one lead from another.
pact a { parties marketing, sales }
lead {
  id integer key
# ^^^^^^^^^^^^^^ E0312 `id` is a number: no lead without it has a key
  email text?
  phone text?
  mobile text?
  fax text?
  size integer?
  active bool default false
  match on emial, email, id, email, active
#          ^^^^^ E0201 there is no field `emial`
#                        ^^ E0312 `id` is the key: leads are told apart by it already
#                            ^^^^^ E0202 `email` has its place already
#                                   ^^^^^^ E0312 `active` is a condition: many leads have the same
  match on size
# ^^^^^^^^^^^^^ E0601 `match on` stands here a second time
  match on phone in contry, mobile in size, fax in "Germany", phone in "DE"
#                   ^^^^^^ E0201 there is no field `contry`
#                                     ^^^^ E0312 `size` is a number: it names no country
#                                                  ^^^^^^^^^ E0312 `Germany` is not the code of a country
#                                                             ^^^^^ E0202 `phone` has its place already
}
