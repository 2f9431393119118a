pact a { }
#    ^ E0214 an agreement needs parties, and this one names none
lead { id text? key  other text key }
#         ^^^^^ E0213 `id` is the key, and a record may lack it
#                               ^^^ E0212 a lead has one key, and this is a second
