-- Result slips of the eligibility check on their way to the printer: what the paper says, with nothing of a person.
-- Short-lived: an hour.
CREATE TABLE slip (
  id TEXT PRIMARY KEY CHECK (length (id) = 24),
  data TEXT NOT NULL,
  at INTEGER NOT NULL
) STRICT;

-- The spool takes a third kind of paper.
CREATE TABLE spool_with_slips (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  kind TEXT NOT NULL CHECK (kind IN ('receipt', 'ticket', 'slip')),
  reference TEXT NOT NULL,
  copy INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('queued', 'sending', 'unknown', 'printed', 'failed', 'cancelled')),
  reason TEXT,
  job_name TEXT NOT NULL UNIQUE,
  ipp_id INTEGER NOT NULL DEFAULT 0,
  queued_at INTEGER NOT NULL,
  changed_at INTEGER NOT NULL,
  unwanted INTEGER NOT NULL DEFAULT 0 CHECK (unwanted IN (0, 1)),
  UNIQUE (kind, reference, copy)
) STRICT;
INSERT INTO spool_with_slips SELECT id, kind, reference, copy, state, reason, job_name, ipp_id, queued_at, changed_at,
  unwanted FROM spool;
DROP TABLE spool;
ALTER TABLE spool_with_slips RENAME TO spool;
CREATE INDEX spool_state ON spool (state, id);
