-- The roster of titles (F7) as the centre gave it: keyed hashes, no name, no number. Replaced whole, with its key.
CREATE TABLE roster_key (        -- one row, or none before the first import
  one INTEGER PRIMARY KEY CHECK (one = 1),
  key TEXT NOT NULL CHECK (length (key) = 64),
  imported_at INTEGER NOT NULL
) STRICT;
CREATE TABLE roster (
  hash TEXT NOT NULL CHECK (length (hash) = 64),
  title TEXT NOT NULL,
  PRIMARY KEY (hash, title)
) STRICT, WITHOUT ROWID;
