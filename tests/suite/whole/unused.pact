list nowhere = "a"
param idle = 3
score lost { give 3 when consent }
criteria alone { agreed by sales need consent }
program nobody
#       ^^^^^^ E0101 something is missing after `nobody`
