-- Guides that came in signed packages, and those that cases began with. A package can be had again; what
-- only a case still uses can not. Public texts: nothing of a person.
CREATE TABLE package_role (      -- what a device may not be taken back behind
  kind TEXT NOT NULL,
  role TEXT NOT NULL CHECK (role IN ('root', 'targets', 'snapshot', 'timestamp')),
  version INTEGER NOT NULL CHECK (version > 0),
  sha256 TEXT NOT NULL CHECK (length (sha256) = 64),
  expires INTEGER NOT NULL,
  PRIMARY KEY (kind, role)
) STRICT;
CREATE TABLE package (           -- when the newest package of a kind was signed, and taken here
  kind TEXT PRIMARY KEY,
  issued INTEGER NOT NULL,
  installed_at INTEGER NOT NULL
) STRICT;

CREATE TABLE guide_document (
  sha256 TEXT PRIMARY KEY CHECK (length (sha256) = 64),
  scope TEXT NOT NULL,           -- 320500 the city, 3205xx a district
  version INTEGER NOT NULL,
  effective TEXT NOT NULL,       -- first day, Asia/Shanghai
  base TEXT,                     -- of a district's: the city document that it amends
  state TEXT NOT NULL CHECK (state IN ('shipped', 'published', 'withdrawn')),
  changed_at INTEGER NOT NULL,   -- of the state
  bytes BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX guide_document_version ON guide_document (scope, version) WHERE state <> 'shipped';
CREATE TABLE guide_view (        -- a city document and a district's, shown as one
  sha256 TEXT PRIMARY KEY CHECK (length (sha256) = 64),
  city TEXT NOT NULL REFERENCES guide_document (sha256),
  supplement TEXT NOT NULL REFERENCES guide_document (sha256)
) STRICT;
