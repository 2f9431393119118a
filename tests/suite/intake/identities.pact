# By what leads are recognised besides their key.
pact a { parties marketing, sales }
lead {
  id text key
  email text? pii
  phone text?
  mobile text?
  devices list of text?
  account integer?
  country one of DE, TR
  match on email, phone in country, mobile in "tr", account, devices
}
source web { devices = "Visitor" split " "  email = "Address" }
source old { match on id  email = "Address" }
#      ^^^ E0403 `old` does not say which column is `id`
source none { country = "Country" }
#      ^^^^ E0403 `none` does not say which column is `id`
