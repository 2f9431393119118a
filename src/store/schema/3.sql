-- worked out: what each lead is found by
-- {text} is as in the first step
CREATE TABLE terms (
  lead     {text} NOT NULL,
  term     {text} NOT NULL,
  personal BIGINT NOT NULL,
  PRIMARY KEY (lead, term)
);
CREATE INDEX terms_term ON terms (term, lead);

-- leads that were stored before are worked out anew, so that they are found too
UPDATE leads SET pact_version = 0;
