-- leads that were reported to have merged into another, so that they are rehydrated together
-- {text} is as in the first step
CREATE TABLE merges (
  lead  {text} NOT NULL,
  other {text} NOT NULL,
  PRIMARY KEY (lead, other)
);
CREATE INDEX merges_into ON merges (other, lead);

-- each receiver's deliveries are sent by themselves
DROP INDEX outbox_next;
CREATE INDEX outbox_to ON outbox (target, next, id) WHERE state = 'waiting';
