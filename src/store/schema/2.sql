-- leads of which it was told that they became part of another, so that they are replayed_until together
-- {text} is as in the first step
CREATE TABLE merges (
  lead  {text} NOT NULL,
  other {text} NOT NULL,
  PRIMARY KEY (lead, other)
);
CREATE INDEX merges_into ON merges (other, lead);

-- each receiver's deliveries are brought by themselves
DROP INDEX outbox_next;
CREATE INDEX outbox_to ON outbox (target, next, id) WHERE state = 'waiting';
