list nowhere = "a"
#    ^^^^^^^ W0201 nothing uses the list `nowhere`
param idle = 3
#     ^^^^ W0201 nothing uses the param `idle`
score lost { give 3 when consent }
#     ^^^^ W0201 nothing uses the score `lost`
criteria alone { agreed by sales need consent }
#        ^^^^^ W0201 nothing uses the criteria `alone`
program nobody { kind notify }
#       ^^^^^^ W0201 nothing uses the program `nobody`
route nowhere { otherwise to queue sales }
#     ^^^^^^^ W0201 nothing uses the route `nowhere`
