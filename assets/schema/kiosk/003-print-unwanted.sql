-- A person left, or gave up, while the document was with the printer: onestop-print cancels the job there.
ALTER TABLE spool ADD COLUMN unwanted INTEGER NOT NULL DEFAULT 0 CHECK (unwanted IN (0, 1));
