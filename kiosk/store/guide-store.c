/* guide-store.c: documents of the guide by name, scope and day. Reads none of them, and drops none
 * that a case began with. */
#include "store/guide-store.h"

#include <string.h>

#include "base/clock.h"
#include "base/error.h"

#define KEEP_MS (3 * 86400 * (gint64)1000) /* a session, a resume ticket */

static const char *const state_words[] = {"shipped", "published", "withdrawn"};

void
guide_document_free (GuideDocument *document)
{
  if (document == NULL)
    return;
  g_free (document->sha256);
  g_free (document->scope);
  g_free (document->effective);
  g_free (document->base);
  g_bytes_unref (document->bytes);
  g_free (document);
}

/* ---- keeping ---- */

typedef struct {
  const GuideDocument *document;
  gint64 now;
} Add;

DB_SQL (sql_add, "INSERT INTO guide_document (sha256, scope, version, effective, base, state,"
                 " changed_at, bytes) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"
                 " ON CONFLICT (sha256) DO UPDATE SET state = excluded.state,"
                 " changed_at = excluded.changed_at"
                 " WHERE excluded.state = 'published' AND state <> 'published'");

static gboolean
add (Db *db, gpointer data, GError **error)
{
  const Add *one = data;
  const GuideDocument *document = one->document;
  return db_run (db, sql_add, error, "ssisssib", document->sha256, document->scope,
                 document->version, document->effective, document->base,
                 state_words[document->state], one->now, document->bytes);
}

gboolean
guide_store_add (Db *db, const GuideDocument *document, gint64 now, GError **error)
{
  Add one = {document, now};
  return db_write (db, add, &one, error);
}

typedef struct {
  const char *day;
  gint64 now;
} Moment;

DB_SQL (sql_withdraw, "UPDATE guide_document SET state = 'withdrawn', changed_at = ?2"
                      " WHERE state = 'published' AND (base IS NOT NULL OR effective > ?1)");

static gboolean
withdraw (Db *db, gpointer data, GError **error)
{
  const Moment *moment = data;
  return db_run (db, sql_withdraw, error, "si", moment->day, moment->now);
}

gboolean
guide_store_withdraw (Db *db, const char *day, gint64 now, GError **error)
{
  Moment moment = {day, now};
  return db_write (db, withdraw, &moment, error);
}

DB_SQL (sql_newest,
        "SELECT MAX (version) FROM guide_document WHERE scope = ?1 AND state <> 'shipped'");

gboolean
guide_store_newest (Db *db, const char *scope, gint64 *ret_version, GError **error)
{
  return db_select_int (db, sql_newest, 0, ret_version, error, "s", scope);
}

typedef struct {
  const char *sha256, *city, *supplement;
} View;

DB_SQL (sql_add_view, "INSERT INTO guide_view (sha256, city, supplement) VALUES (?1, ?2, ?3)"
                      " ON CONFLICT (sha256) DO NOTHING");

static gboolean
add_view (Db *db, gpointer data, GError **error)
{
  const View *view = data;
  return db_run (db, sql_add_view, error, "sss", view->sha256, view->city, view->supplement);
}

gboolean
guide_store_add_view (Db *db, const char *sha256, const char *city, const char *supplement,
                      GError **error)
{
  View view = {sha256, city, supplement};
  return db_write (db, add_view, &view, error);
}

/* ---- reading ---- */

#define COLUMNS "sha256, scope, version, effective, base, state, bytes"

static GuideDocument *
read_document (DbRows *rows)
{
  GuideDocument *document = g_new0 (GuideDocument, 1);
  g_autofree char *state = db_rows_text (rows, 5);

  document->sha256 = db_rows_text (rows, 0);
  document->scope = db_rows_text (rows, 1);
  document->version = db_rows_int (rows, 2);
  document->effective = db_rows_text (rows, 3);
  document->base = db_rows_text (rows, 4);
  for (gsize i = 0; i < G_N_ELEMENTS (state_words); i++) /* the schema knows no other */
    if (g_strcmp0 (state_words[i], state) == 0)
      document->state = i;
  document->bytes = db_rows_bytes (rows, 6);
  return document;
}

/* The first row, or NOT_FOUND. Takes `rows`. */
static GuideDocument *
first_of (DbRows *take_rows, GError **error)
{
  g_autoptr (DbRows) rows = take_rows;
  g_autoptr (GError) problem = NULL;

  if (rows == NULL)
    return NULL;
  if (db_rows_next (rows, &problem))
    return read_document (rows);
  if (problem != NULL)
    g_propagate_error (error, g_steal_pointer (&problem));
  else
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_NOT_FOUND, "no such guide is kept here");
  return NULL;
}

DB_SQL (sql_in_force, "SELECT " COLUMNS " FROM guide_document WHERE state = 'published'"
                      " AND scope = ?1 AND effective <= ?2 AND (?3 IS NULL OR base = ?3)"
                      " ORDER BY version DESC LIMIT 1");

GuideDocument *
guide_store_in_force (Db *db, const char *scope, const char *base, const char *day, GError **error)
{
  return first_of (db_select (db, sql_in_force, error, "sss", scope, day, base), error);
}

/* A version above all that count by now has its first day still to come. */
DB_SQL (sql_next, "SELECT " COLUMNS " FROM guide_document WHERE state = 'published'"
                  " AND scope = ?1 AND version > (SELECT COALESCE (MAX (version), 0)"
                  " FROM guide_document WHERE state = 'published' AND scope = ?1"
                  " AND effective <= ?2) ORDER BY effective, version DESC LIMIT 1");

GuideDocument *
guide_store_next (Db *db, const char *scope, const char *day, GError **error)
{
  return first_of (db_select (db, sql_next, error, "ss", scope, day), error);
}

DB_SQL (sql_get, "SELECT " COLUMNS " FROM guide_document WHERE sha256 = ?1");

GuideDocument *
guide_store_get (Db *db, const char *sha256, GError **error)
{
  return first_of (db_select (db, sql_get, error, "s", sha256), error);
}

DB_SQL (sql_get_view, "SELECT city, supplement FROM guide_view WHERE sha256 = ?1");

gboolean
guide_store_get_view (Db *db, const char *sha256, char **ret_city, char **ret_supplement,
                      GError **error)
{
  g_autoptr (GError) problem = NULL;
  g_autoptr (DbRows) rows = db_select (db, sql_get_view, error, "s", sha256);

  if (rows == NULL)
    return FALSE;
  if (db_rows_next (rows, &problem)) {
    *ret_city = db_rows_text (rows, 0);
    *ret_supplement = db_rows_text (rows, 1);
    return TRUE;
  }
  if (problem != NULL)
    g_propagate_error (error, g_steal_pointer (&problem));
  else
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_NOT_FOUND, "no such guide is kept here");
  return FALSE;
}

DB_SQL (sql_list, "SELECT " COLUMNS " FROM guide_document WHERE state = 'published'"
                  " AND scope = ?1 ORDER BY version");

GPtrArray *
guide_store_list (Db *db, const char *scope, GError **error)
{
  g_autoptr (GError) problem = NULL;
  g_autoptr (DbRows) rows = db_select (db, sql_list, error, "s", scope);
  g_autoptr (GPtrArray) all = g_ptr_array_new_with_free_func ((GDestroyNotify)guide_document_free);

  if (rows == NULL)
    return NULL;
  while (db_rows_next (rows, &problem))
    g_ptr_array_add (all, read_document (rows));
  if (problem != NULL) {
    g_propagate_error (error, g_steal_pointer (&problem));
    return NULL;
  }
  return g_steal_pointer (&all);
}

/* ---- dropping ---- */

/* Documents whose place another has taken by the day ?2, all of it before ?1. A district's is
 * replaced by one that amends the same city document, or goes with that. */
#define REPLACED                                                                                   \
  "SELECT d.sha256 FROM guide_document d WHERE d.changed_at <= ?1 AND (d.state = 'withdrawn'"      \
  " OR (d.base IS NOT NULL AND d.base NOT IN (SELECT sha256 FROM guide_document))"                 \
  " OR EXISTS (SELECT 1 FROM guide_document e WHERE e.scope = d.scope AND e.base IS d.base"        \
  " AND e.changed_at <= ?1 AND e.effective <= ?2"                                                  \
  " AND ((e.state = 'published' AND (d.state = 'shipped' OR e.version > d.version))"               \
  " OR (e.state = 'shipped' AND d.state = 'shipped' AND e.changed_at > d.changed_at))))"

DB_SQL (sql_purge_views, "DELETE FROM guide_view WHERE sha256 NOT IN (SELECT guide FROM case_local)"
                         " AND (city IN (" REPLACED ") OR supplement IN (" REPLACED "))");
DB_SQL (sql_purge, "DELETE FROM guide_document WHERE sha256 IN (" REPLACED ")"
                   " AND sha256 NOT IN (SELECT guide FROM case_local)"
                   " AND sha256 NOT IN (SELECT city FROM guide_view)"
                   " AND sha256 NOT IN (SELECT supplement FROM guide_view)");

static gboolean
purge (Db *db, gpointer data, GError **error)
{
  gint64 before = *(gint64 *)data - KEEP_MS;
  g_autofree char *day = clock_day (before);
  return db_run (db, sql_purge_views, error, "is", before, day) &&
         db_run (db, sql_purge, error, "is", before, day);
}

gboolean
guide_store_purge (Db *db, gint64 now, GError **error)
{
  return db_write (db, purge, &now, error);
}

/* ---- packages ---- */

DB_SQL (sql_marks, "SELECT role, version, sha256, expires FROM package_role WHERE kind = ?1");

static gboolean
read_marks (Db *db, const char *kind, PackageMark marks[PACKAGE_ROLES], GError **error)
{
  g_autoptr (GError) problem = NULL;
  g_autoptr (DbRows) rows = db_select (db, sql_marks, error, "s", kind);

  if (rows == NULL)
    return FALSE;
  while (db_rows_next (rows, &problem)) {
    g_autofree char *word = db_rows_text (rows, 0), *sha256 = db_rows_text (rows, 2);
    for (guint role = 0; role < PACKAGE_ROLES; role++)
      if (strcmp (package_role_word (role), word) == 0) {
        marks[role].version = db_rows_int (rows, 1);
        marks[role].expires = db_rows_int (rows, 3);
        g_strlcpy (marks[role].sha256, sha256, sizeof marks[role].sha256);
      }
  }
  if (problem != NULL)
    g_propagate_error (error, g_steal_pointer (&problem));
  return problem == NULL;
}

DB_SQL (sql_issued, "SELECT issued FROM package WHERE kind = ?1");
DB_SQL (sql_installed, "SELECT installed_at FROM package WHERE kind = ?1");

gboolean
guide_store_marks (Db *db, const char *kind, PackageMark ret_marks[PACKAGE_ROLES],
                   gint64 *ret_issued, gint64 *ret_installed, GError **error)
{
  PackageMark marks[PACKAGE_ROLES] = {0};
  gint64 issued, installed;

  if (!read_marks (db, kind, marks, error) ||
      !db_select_int (db, sql_issued, 0, &issued, error, "s", kind) ||
      !db_select_int (db, sql_installed, 0, &installed, error, "s", kind))
    return FALSE;
  memcpy (ret_marks, marks, sizeof marks);
  if (ret_issued != NULL)
    *ret_issued = issued;
  if (ret_installed != NULL)
    *ret_installed = installed;
  return TRUE;
}

typedef struct {
  const char *kind;
  const PackageMark *marks;
  gint64 issued, now;
} SetMarks;

DB_SQL (sql_set_mark, "REPLACE INTO package_role (kind, role, version, sha256, expires)"
                      " VALUES (?1, ?2, ?3, ?4, ?5)");
DB_SQL (sql_set_package, "REPLACE INTO package (kind, issued, installed_at) VALUES (?1, ?2, ?3)");

static gboolean
set_marks (Db *db, gpointer data, GError **error)
{
  const SetMarks *set = data;

  for (guint role = 0; role < PACKAGE_ROLES; role++)
    if (!db_run (db, sql_set_mark, error, "ssisi", set->kind, package_role_word (role),
                 set->marks[role].version, set->marks[role].sha256, set->marks[role].expires))
      return FALSE;
  return db_run (db, sql_set_package, error, "sii", set->kind, set->issued, set->now);
}

gboolean
guide_store_set_marks (Db *db, const char *kind, const PackageMark marks[PACKAGE_ROLES],
                       gint64 issued, gint64 now, GError **error)
{
  SetMarks set = {kind, marks, issued, now};
  return db_write (db, set_marks, &set, error);
}
