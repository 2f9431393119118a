pact a { parties x }
lead { id text }
#^^^ E0212 no field tells one lead from another
