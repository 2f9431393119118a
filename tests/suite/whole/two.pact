pact a { }
pact b { parties x }
#    ^ E0210 a folder is one pact, and here is a second
lead { id text }
#^^^ E0212 no field tells one lead from another
