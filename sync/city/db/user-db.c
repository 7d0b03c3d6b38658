/* user-db.c: rows of staff. Refuses to hold a passphrase: only what trust/passphrase makes of it.
 */
#include "city/db/user-db.h"

#include "base/error.h"

void
user_db_row_free (UserRow *row)
{
  if (row == NULL)
    return;
  g_free (row->name);
  g_free (row->display);
  g_free (row->role);
  g_free (row->department);
  g_free (row->hall);
  g_free (row->hash);
  g_free (row);
}

DB_SQL (find_user, "SELECT name,display,role,department,hall,hash,disabled,failures,locked_until "
                   "FROM user WHERE name=$1");
UserRow *
user_db_find (Db *db, const char *name, GError **error)
{
  g_autoptr (DbRows) rows = db_select (db, error, find_user, "t", name);
  UserRow *row;

  if (!db_rows_first (rows, error, "no such user"))
    return NULL;
  row = g_new0 (UserRow, 1);
  *row = (UserRow){.name = g_strdup (db_rows_text (rows, 0)),
                   .display = g_strdup (db_rows_text (rows, 1)),
                   .role = g_strdup (db_rows_text (rows, 2)),
                   .department = g_strdup (db_rows_text (rows, 3)),
                   .hall = g_strdup (db_rows_text (rows, 4)),
                   .hash = g_strdup (db_rows_text (rows, 5)),
                   .disabled = db_rows_int (rows, 6) != 0,
                   .failures = db_rows_int (rows, 7),
                   .locked_until = db_rows_int (rows, 8)};
  return row;
}

DB_SQL (add_user, "INSERT INTO user(name,display,role,department,hall,hash) "
                  "VALUES($1,$2,$3,$4,$5,$6)");
gboolean
user_db_add (Db *db, const UserRow *row, GError **error)
{
  return db_run (db, error, NULL, add_user, "tttttt", row->name, row->display, row->role,
                 row->department, row->hall, row->hash);
}

static gboolean
found (int changes, GError **error)
{
  if (changes == 0)
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_NOT_FOUND, "no such user");
  return changes > 0;
}

DB_SQL (set_hash, "UPDATE user SET hash=$2,failures=0,locked_until=0 WHERE name=$1");
gboolean
user_db_set_hash (Db *db, const char *name, const char *hash, GError **error)
{
  int changes = 0;
  return db_run (db, error, &changes, set_hash, "tt", name, hash) && found (changes, error);
}

DB_SQL (disable_user, "UPDATE user SET disabled=1 WHERE name=$1");
gboolean
user_db_disable (Db *db, const char *name, GError **error)
{
  int changes = 0;
  return db_run (db, error, &changes, disable_user, "t", name) && found (changes, error);
}

DB_SQL (set_failures, "UPDATE user SET failures=$2,locked_until=$3 WHERE name=$1");
gboolean
user_db_set_failures (Db *db, const char *name, gint64 failures, gint64 locked_until,
                      GError **error)
{
  return db_run (db, error, NULL, set_failures, "tii", name, failures, locked_until);
}
