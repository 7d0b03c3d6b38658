/* test-guide-package.c: guides published, taken in, shown on their day, kept for their cases; and
 * every package that is refused leaves what was there. */
#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/strict-json.h"
#include "domain/guide-supplement.h"
#include "flow/app.h"
#include "flow/guide-flow.h"
#include "flow/guide-package.h"
#include "plant.h"
#include "site.h"
#include "trust/package.h"

#define DAY (86400 * G_GINT64_CONSTANT (1000))
#define PARK "320571"

typedef struct {
  char *folder;
  Db *db;
  Key *key;
  gint64 now; /* 2026-12-01 in the morning */
} Fixture;

static gint64
at (const char *text)
{
  gint64 ms = 0;
  g_assert_true (clock_parse (text, &ms, NULL));
  return ms;
}

static void
set_up (Fixture *f, gconstpointer data)
{
  guint8 secret[32] = {7};
  g_autoptr (GError) error = NULL;
  f->folder = g_dir_make_tmp ("guide-XXXXXX", NULL);
  f->now = at ("2026-12-01T01:00:00Z");
  f->db = db_open (f->folder, f->now, &error);
  g_assert_no_error (error);
  f->key = key_new_from_secret (KEY_KIND_SIGN, secret);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  db_free (f->db);
  key_free (f->key);
  site_remove (f->folder);
  g_free (f->folder);
}

/* --- Documents ---------------------------------------------------------------------------------
 */

static GBytes *
city (int version, const char *effective)
{
  g_autoptr (GBytes) good = plant_read ("city.json");
  g_autoptr (json_t) json = plant_json (good);
  g_autofree char *number = g_strdup_printf ("%d", version);
  g_autofree char *day = g_strdup_printf ("\"%s\"", effective);
  plant_at (json, "doc/version", number);
  plant_at (json, "doc/effective_from", day);
  return plant_text (json);
}

/* The district's supplement of that city document. */
static GBytes *
park (int version, GBytes *of)
{
  g_autoptr (GBytes) good = plant_read ("320571.json");
  g_autoptr (json_t) json = plant_json (good);
  g_autoptr (Guide) guide = plant_guide (of);
  g_autofree char *number = g_strdup_printf ("%d", version);
  g_autofree char *bound = g_strdup_printf ("{\"version\":%u,\"sha256\":\"%s\"}",
                                            guide_version (guide), guide_peek_sha256 (guide));
  plant_at (json, "doc/version", number);
  plant_at (json, "doc/base", bound);
  return plant_text (json);
}

static GBytes *
changed (GBytes *document, const char *path, const char *value)
{
  g_autoptr (json_t) json = plant_json (document);
  plant_at (json, path, value);
  return plant_text (json);
}

/* --- Packages ----------------------------------------------------------------------------------
 */

/* Through the gate, as the city publishes. */
static GBytes *
publish (const Fixture *f, gint64 when, GBytes *first, GBytes *second, GBytes *third)
{
  GuideFile files[] = {{"1.json", first}, {"2.json", second}, {"3.json", third}};
  g_autoptr (GPtrArray) list = g_ptr_array_new ();
  g_autoptr (GPtrArray) problems = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) error = NULL;
  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    if (files[i].bytes != NULL)
      g_ptr_array_add (list, &files[i]);
  GBytes *package = guide_package_make (list, f->key, when, problems, &error);
  if (problems->len > 0)
    g_error ("%s", (char *)g_ptr_array_index (problems, 0));
  g_assert_no_error (error);
  return package;
}

/* Past the gate, as somebody with the key and no scruples would. */
static GBytes *
sign (const Fixture *f, gint64 when, const char *name, GBytes *first, const char *other,
      GBytes *second)
{
  PackageKeys keys = {{f->key, f->key, f->key, f->key}};
  g_autoptr (GPtrArray) files = g_ptr_array_new_with_free_func ((GDestroyNotify)package_file_free);
  g_ptr_array_add (files, package_file_new (name, first));
  if (second != NULL)
    g_ptr_array_add (files, package_file_new (other, second));
  return package_make ("guide", &keys, when, when, when, files, NULL);
}

static gboolean
try_install (Fixture *f, GBytes *package, gint64 now, GError **error)
{
  GuideInstall how = {PARK, key_peek_public (f->key), now};
  return guide_package_install (f->db, package, &how, error);
}

static void
install (Fixture *f, GBytes *package, gint64 now)
{
  g_autoptr (GError) error = NULL;
  try_install (f, package, now, &error);
  g_assert_no_error (error);
}

static char *
shown_at (Fixture *f, const char *district, gint64 now)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (Guide) guide = guide_flow_in_force (f->db, district, now, &error);
  g_assert_no_error (error);
  const json_t *own = guide_supplement_peek (guide);
  return g_strdup_printf ("%u+%d", guide_version (guide),
                          (int)json_integer_value (json_object_get (own, "version")));
}

#define EXPECT(district, moment, what)                                                             \
  G_STMT_START                                                                                     \
  {                                                                                                \
    g_autofree char *got = shown_at (f, district, moment);                                         \
    g_assert_cmpstr (got, ==, what);                                                               \
  }                                                                                                \
  G_STMT_END

static gint64
count (Fixture *f, const char *sql)
{
  gint64 n = -1;
  g_assert_true (db_select_int (f->db, sql, -1, &n, NULL, ""));
  return n;
}

/* --- Tests -------------------------------------------------------------------------------------
 */

static void
test_before_any (Fixture *f, gconstpointer data)
{
  g_autoptr (Guide) shipped = guide_flow_load (NULL);
  g_autoptr (Guide) shown = guide_flow_in_force (f->db, "320500", f->now, NULL);
  g_assert_cmpstr (guide_peek_sha256 (shown), ==, guide_peek_sha256 (shipped));
  g_assert_true (guide_flow_is_in_force (f->db, "320500", f->now, shown));
  PackageMark marks[PACKAGE_ROLES];
  gint64 issued, installed;
  g_assert_true (guide_store_marks (f->db, "guide", marks, &issued, &installed, NULL));
  g_assert_cmpint (issued, ==, 0);
  g_assert_cmpint (marks[PACKAGE_ROOT].version, ==, 0);
}

static void
test_midnight (Fixture *f, gconstpointer data)
{
  g_autoptr (GBytes) one = city (41, "2026-11-01"), two = city (42, "2027-01-01");
  g_autoptr (GBytes) package = publish (f, f->now, two, one, NULL);
  gint64 midnight = at ("2026-12-31T16:00:00Z"); /* 2027-01-01 00:00 in Shanghai */
  install (f, package, f->now);
  EXPECT ("320500", f->now, "41+0");
  EXPECT ("320500", midnight - 1, "41+0");
  EXPECT ("320500", midnight, "42+0");
  EXPECT ("320500", midnight + 400 * DAY, "42+0");
  g_autoptr (Guide) shown = guide_flow_in_force (f->db, "320500", f->now, NULL);
  g_assert_true (guide_flow_is_in_force (f->db, "320500", midnight - 1, shown));
  g_assert_false (guide_flow_is_in_force (f->db, "320500", midnight, shown));
  g_autoptr (GuideDocument) next = guide_store_next (f->db, "320500", "2026-12-31", NULL);
  g_assert_cmpint (next->version, ==, 42);
  g_assert_null (guide_store_next (f->db, "320500", "2027-01-01", NULL));
  /* Before its first day nothing of a package counts: the shipped one is shown. */
  g_autoptr (Guide) shipped = guide_flow_load (NULL);
  g_autoptr (Guide) early =
      guide_flow_in_force (f->db, "320500", at ("2026-10-31T15:59:59Z"), NULL);
  g_assert_cmpstr (guide_peek_sha256 (early), ==, guide_peek_sha256 (shipped));
}

static void
test_district (Fixture *f, gconstpointer data)
{
  g_autoptr (GBytes) one = city (41, "2026-11-01"), two = city (42, "2027-01-01");
  g_autoptr (GBytes) of_one = park (7, one);
  g_autoptr (GBytes) package = publish (f, f->now, of_one, two, one);
  gint64 midnight = at ("2026-12-31T16:00:00Z");
  install (f, package, f->now);
  EXPECT (PARK, f->now, "41+7");
  EXPECT ("320505", f->now, "41+0");
  EXPECT (PARK, midnight, "42+0"); /* not confirmed for the new one: the city's text */
  g_autoptr (Guide) shown = guide_flow_in_force (f->db, PARK, f->now, NULL);
  g_assert_true (guide_flow_is_in_force (f->db, PARK, f->now, shown));
  g_assert_false (guide_flow_is_in_force (f->db, "320505", f->now, shown));
  g_autoptr (Guide) kept = guide_flow_load_kept (f->db, guide_peek_sha256 (shown), NULL);
  g_assert_cmpstr (guide_peek_sha256 (kept), ==, guide_peek_sha256 (shown));

  /* Confirmed: the next package has the district's document for both. */
  g_autoptr (GBytes) of_two = park (8, two);
  g_autoptr (GBytes) all = publish (f, f->now + 1, two, of_two, NULL);
  install (f, all, f->now + 1);
  EXPECT (PARK, f->now + 1, "41+0"); /* that for version 41 is withdrawn with it */
  EXPECT (PARK, midnight, "42+8");
}

/* Two documents of the district, each for a version of the city's. */
static void
test_both_confirmed (Fixture *f, gconstpointer data)
{
  PackageKeys keys = {{f->key, f->key, f->key, f->key}};
  g_autoptr (GBytes) one = city (41, "2026-11-01"), two = city (42, "2027-01-01");
  g_autoptr (GBytes) of_one = park (7, one), of_two = park (8, two);
  g_autoptr (GPtrArray) files = g_ptr_array_new_with_free_func ((GDestroyNotify)package_file_free);
  gint64 midnight = at ("2026-12-31T16:00:00Z");
  g_ptr_array_add (files, package_file_new ("320500-41.json", one));
  g_ptr_array_add (files, package_file_new ("320500-42.json", two));
  g_ptr_array_add (files, package_file_new ("320571-7.json", of_one));
  g_ptr_array_add (files, package_file_new ("320571-8.json", of_two));
  g_autoptr (GBytes) package = package_make ("guide", &keys, 1, 1, f->now, files, NULL);
  install (f, package, f->now);
  EXPECT (PARK, f->now, "41+7");
  EXPECT (PARK, midnight, "42+8");
  g_assert_true (guide_store_purge (f->db, midnight + 3 * DAY - 1, NULL));
  EXPECT (PARK, midnight - 1, "41+7");
  g_assert_true (guide_store_purge (f->db, midnight + 3 * DAY, NULL)); /* the city's, and then */
  g_assert_true (guide_store_purge (f->db, midnight + 3 * DAY, NULL)); /* what amended it */
  g_assert_cmpint (count (f, "SELECT COUNT (*) FROM guide_document"), ==, 2);
  EXPECT (PARK, midnight, "42+8");
}

/* One that counts at once: what it replaces stays for those who are at it, three days. */
static void
test_at_once (Fixture *f, gconstpointer data)
{
  g_autoptr (GBytes) one = city (41, "2026-11-01"), two = city (42, "2026-11-02");
  g_autoptr (GBytes) three = city (43, "2026-11-03");
  g_autoptr (GBytes) first = publish (f, f->now, one, NULL, NULL);
  g_autoptr (GBytes) second = publish (f, f->now + 1, two, NULL, NULL);
  g_autoptr (GBytes) third = publish (f, f->now + 4 * DAY, three, NULL, NULL);
  install (f, first, f->now);
  install (f, second, f->now + 1);
  g_assert_true (guide_store_purge (f->db, f->now + 3 * DAY, NULL));
  g_assert_cmpint (count (f, "SELECT COUNT (*) FROM guide_document"), ==, 2);
  install (f, third, f->now + 4 * DAY); /* drops what is due */
  g_assert_cmpint (count (f, "SELECT MIN (version) FROM guide_document"), ==, 42);
}

static void
test_withdrawn (Fixture *f, gconstpointer data)
{
  g_autoptr (GBytes) one = city (41, "2026-11-01"), two = city (42, "2027-01-01");
  g_autoptr (GBytes) three = city (43, "2027-02-01");
  g_autoptr (GBytes) first = publish (f, f->now, one, two, NULL);
  g_autoptr (GBytes) second = publish (f, f->now + 1, one, three, NULL);
  gint64 january = at ("2027-01-10T00:00:00Z"), february = at ("2027-02-10T00:00:00Z");
  install (f, first, f->now);
  install (f, second, f->now + 1);
  EXPECT ("320500", january, "41+0"); /* 42 was taken back before its day */
  EXPECT ("320500", february, "43+0");
  /* What counts is not taken back by a package that has only what comes. */
  g_autoptr (GBytes) third = publish (f, f->now + 2, three, NULL, NULL);
  install (f, third, f->now + 2);
  EXPECT ("320500", january, "41+0");
  /* And comes again. */
  install (f, third, f->now + 3);
  EXPECT ("320500", february, "43+0");
}

/* What is refused changes nothing. */
static void
refuse (Fixture *f, GBytes *take_package, gint64 now, int code, const char *says)
{
  g_autoptr (GBytes) package = take_package;
  g_autoptr (GError) error = NULL;
  g_assert_nonnull (package);
  PackageMark before[PACKAGE_ROLES], after[PACKAGE_ROLES];
  gint64 documents = count (f, "SELECT COUNT (*) + SUM (changed_at) FROM guide_document");
  g_assert_true (guide_store_marks (f->db, "guide", before, NULL, NULL, NULL));
  g_assert_false (try_install (f, package, now, &error));
  g_test_message ("%s", error->message);
  if (!onestop_error_is (error, code) || strstr (error->message, says) == NULL)
    g_error ("\"%s\" does not say \"%s\"", error->message, says);
  g_assert_true (guide_store_marks (f->db, "guide", after, NULL, NULL, NULL));
  g_assert_cmpmem (before, sizeof before, after, sizeof after);
  g_assert_cmpint (count (f, "SELECT COUNT (*) + SUM (changed_at) FROM guide_document"), ==,
                   documents);
  EXPECT (PARK, now, "41+7");
}

static void
test_refused (Fixture *f, gconstpointer data)
{
  gint64 now = f->now + DAY;
  g_autoptr (GBytes) one = city (41, "2026-11-01"), of_one = park (7, one);
  g_autoptr (GBytes) old = publish (f, f->now - 1, one, of_one, NULL);
  g_autoptr (GBytes) package = publish (f, f->now, one, of_one, NULL);
  g_autoptr (GBytes) zero = city (40, "2026-11-01"), two = city (42, "2026-11-02");
  g_autoptr (GBytes) same = changed (one, "doc/changes", "\"other\"");
  g_autoptr (GBytes) torn = changed (two, "services/0/notice", "\"gone\"");
  g_autoptr (GBytes) prev = changed (two, "doc/prev", "\"00\"");
  g_autoptr (GBytes) of_two = park (8, two);
  g_autoptr (GBytes) loose = changed (of_two, "overrides/0/patch/limits/promised/value", "11");
  g_autoptr (GBytes) junk = g_bytes_new_static ("{\"doc\":{}}", 10);
  install (f, package, f->now);

  refuse (f, g_bytes_ref (old), now, ONESTOP_ERROR_DENIED,
          ": is older than the one that is known here");
  refuse (f, publish (f, f->now + 1, two, NULL, NULL), f->now + 31 * DAY, ONESTOP_ERROR_DENIED,
          "timestamp: has expired");
  refuse (f, sign (f, now, "320500-40.json", zero, NULL, NULL), now, ONESTOP_ERROR_DENIED,
          "320500-40.json: is older than one that came before");
  g_autoptr (GuideDocument) shipped =
      guide_package_describe (zero, GUIDE_STATE_SHIPPED, NULL); /* that it is here is no excuse */
  g_assert_true (guide_store_add (f->db, shipped, now, NULL));
  refuse (f, sign (f, now, "320500-40.json", zero, NULL, NULL), now, ONESTOP_ERROR_DENIED,
          "320500-40.json: is older than one that came before");
  refuse (f, sign (f, now, "320500-41.json", same, NULL, NULL), now, ONESTOP_ERROR_CONFLICT,
          "320500-41.json: is another document of a version");
  refuse (f, sign (f, now, "320500-42.json", prev, NULL, NULL), now, ONESTOP_ERROR_DENIED,
          "320500-42.json: does not follow the version before it");
  refuse (f, sign (f, now, "320500-42.json", torn, NULL, NULL), now, ONESTOP_ERROR_INVALID,
          "320500-42.json: /services/0: names a notice");
  refuse (f, sign (f, now, "320500-43.json", two, NULL, NULL), now, ONESTOP_ERROR_INVALID,
          "320500-43.json: is not what its name says");
  refuse (f, sign (f, now, "junk", junk, NULL, NULL), now, ONESTOP_ERROR_INVALID, "junk: ");
  refuse (f, sign (f, now, "320571-7.json", of_one, NULL, NULL), now, ONESTOP_ERROR_INVALID,
          "holds no guide of the city");
  refuse (f, sign (f, now, "320500-42.json", two, "320571-7.json", of_one), now,
          ONESTOP_ERROR_INVALID, "320571-7.json: amends no guide of this package");
  refuse (f, sign (f, now, "320500-42.json", two, "320571-8.json", loose), now,
          ONESTOP_ERROR_INVALID, "320571-8.json: /overrides/0/patch/limits: loosens");

  /* The good one among them still comes in, in whatever order; and one whose `prev` never came. */
  g_autoptr (GBytes) next = sign (f, now, "320571-8.json", of_two, "320500-42.json", two);
  install (f, next, now);
  EXPECT (PARK, now, "42+8");
  g_autoptr (GBytes) four = city (44, "2026-11-02"), after = changed (four, "doc/prev", "\"00\"");
  g_autoptr (GBytes) skips = sign (f, now + 1, "320500-44.json", after, NULL, NULL);
  install (f, skips, now + 1);
  EXPECT (PARK, now, "44+0");
}

static void
test_wrong_root (Fixture *f, gconstpointer data)
{
  g_autoptr (GBytes) one = city (41, "2026-11-01");
  g_autoptr (GBytes) package = publish (f, f->now, one, NULL, NULL);
  guint8 other[32] = {1};
  GuideInstall how = {PARK, other, f->now};
  g_autoptr (GError) error = NULL;
  g_assert_false (guide_package_install (f->db, package, &how, &error));
  g_assert_true (onestop_error_is (error, ONESTOP_ERROR_DENIED));
  g_assert_cmpint (count (f, "SELECT COUNT (*) FROM guide_document"), ==, 0);
}

static void
test_made (Fixture *f, gconstpointer data)
{
  g_autoptr (GBytes) one = city (41, "2026-11-01"), two = city (42, "2027-01-01");
  g_autoptr (GBytes) of_two = park (8, two);
  g_autoptr (GBytes) a = publish (f, f->now, one, two, of_two);
  g_autoptr (GBytes) b = publish (f, f->now, of_two, one, two);
  g_assert_true (g_bytes_equal (a, b));

  g_autoptr (GBytes) bad = changed (one, "services/0/examples/0/outcome", "\"open\"");
  GuideFile files[] = {{"bad.json", bad}, {"stray.json", of_two}};
  g_autoptr (GPtrArray) list = g_ptr_array_new ();
  g_autoptr (GPtrArray) problems = g_ptr_array_new_with_free_func (g_free);
  g_ptr_array_add (list, &files[0]);
  g_ptr_array_add (list, &files[1]);
  g_assert_null (guide_package_make (list, f->key, f->now, problems, NULL));
  g_assert_cmpuint (problems->len, ==, 2);
  g_assert_cmpstr (problems->pdata[0], ==,
                   "bad.json: /services/0/examples/0: comes out met, not open");
  g_assert_nonnull (strstr (problems->pdata[1], "stray.json: /doc/base/sha256: is bound to no"));
}

/* --- What cases hold ---------------------------------------------------------------------------
 */

static void
begin_case (Fixture *f, const char *number, const char *guide)
{
  g_assert_true (db_run (f->db, "PRAGMA foreign_keys=OFF", NULL, ""));
  g_assert_true (db_run (f->db,
                         "INSERT INTO case_local VALUES (?1, ?1, 'sample-card', ?2, 'GS', 'en', 0,"
                         " 'x', 1)",
                         NULL, "ss", number, guide));
  g_assert_true (db_run (f->db, "PRAGMA foreign_keys=ON", NULL, ""));
}

static void
test_kept_for_cases (Fixture *f, gconstpointer data)
{
  g_autoptr (GBytes) one = city (41, "2026-11-01"), two = city (42, "2026-12-10");
  g_autoptr (GBytes) three = city (43, "2026-12-20"), of_two = park (7, two);
  g_autoptr (GBytes) first = publish (f, f->now, one, two, of_two);
  g_autoptr (GError) error = NULL;
  install (f, first, f->now);
  g_autoptr (Guide) old = guide_flow_in_force (f->db, PARK, f->now, NULL);
  gint64 then = at ("2026-12-11T00:00:00Z"), later = at ("2026-12-21T00:00:00Z");
  g_autoptr (Guide) merged = guide_flow_in_force (f->db, PARK, then, NULL);
  g_assert_nonnull (guide_supplement_peek (merged));
  begin_case (f, "GSA-222222-A", guide_peek_sha256 (merged));
  g_autoptr (GBytes) second = publish (f, then, three, NULL, NULL);
  install (f, second, then);

  /* For three days after another took its place nothing goes: sessions and drafts. */
  g_assert_true (guide_store_purge (f->db, at ("2026-12-12T16:00:00Z") - 1, &error));
  g_assert_cmpint (count (f, "SELECT COUNT (*) FROM guide_document"), ==, 4);
  g_assert_true (guide_store_purge (f->db, at ("2026-12-12T16:00:00Z"), &error));
  g_assert_no_error (error);
  g_assert_null (guide_flow_load_kept (f->db, guide_peek_sha256 (old), NULL));

  /* Of what the case began with nothing goes, ever. */
  g_assert_true (guide_store_purge (f->db, later + 1000 * DAY, &error));
  g_assert_no_error (error);
  EXPECT (PARK, later, "43+0");
  g_autoptr (Guide) kept = guide_flow_load_kept (f->db, guide_peek_sha256 (merged), &error);
  g_assert_no_error (error);
  g_assert_cmpstr (guide_peek_sha256 (kept), ==, guide_peek_sha256 (merged));
  g_assert_cmpint (count (f, "SELECT COUNT (*) FROM guide_document"), ==, 3);

  /* With the case they go. */
  g_assert_true (db_run (f->db, "DELETE FROM case_local", NULL, ""));
  g_assert_true (guide_store_purge (f->db, later + 1000 * DAY, &error));
  g_assert_cmpint (count (f, "SELECT COUNT (*) FROM guide_document"), ==, 1);
  g_assert_cmpint (count (f, "SELECT COUNT (*) FROM guide_view"), ==, 0);
}

static void
test_shipped_kept (Fixture *f, gconstpointer data)
{
  g_autoptr (Guide) shipped = guide_flow_in_force (f->db, "320500", f->now, NULL);
  g_autoptr (GError) error = NULL;
  guide_flow_keep (f->db, shipped, f->now, &error);
  g_assert_no_error (error);
  g_assert_true (guide_flow_keep (f->db, shipped, f->now, NULL)); /* again: nothing to do */
  begin_case (f, "GSA-222222-A", guide_peek_sha256 (shipped));
  /* Shipped documents do not count as published, nor stand in the way of one. */
  g_autoptr (GBytes) good = city ((int)guide_version (shipped), "2026-11-01");
  g_autoptr (GBytes) package = publish (f, f->now, good, NULL, NULL);
  install (f, package, f->now);
  g_autoptr (Guide) now = guide_flow_in_force (f->db, "320500", f->now, NULL);
  g_assert_cmpstr (guide_peek_sha256 (now), !=, guide_peek_sha256 (shipped));
  g_assert_true (guide_store_purge (f->db, f->now + 100 * DAY, NULL));
  g_autoptr (Guide) kept = guide_flow_load_kept (f->db, guide_peek_sha256 (shipped), &error);
  g_assert_no_error (error);
  g_assert_true (db_run (f->db, "DELETE FROM case_local", NULL, ""));
  g_assert_true (guide_store_purge (f->db, f->now + 100 * DAY, NULL));
  g_assert_null (guide_flow_load_kept (f->db, guide_peek_sha256 (shipped), &error));
  g_assert_true (onestop_error_is (error, ONESTOP_ERROR_NOT_FOUND));
}

/* Of those that came with the program the last stays. */
static void
test_shipped_replaced (Fixture *f, gconstpointer data)
{
  for (int version = 2; version >= 1; version--) { /* a program may be put back, too */
    g_autoptr (GBytes) bytes = city (version, "2026-11-01");
    g_autoptr (GuideDocument) document = guide_package_describe (bytes, GUIDE_STATE_SHIPPED, NULL);
    g_assert_true (guide_store_add (f->db, document, f->now + 2 - version, NULL));
  }
  g_assert_true (guide_store_purge (f->db, f->now + 3 * DAY, NULL));
  g_assert_cmpint (count (f, "SELECT COUNT (*) FROM guide_document"), ==, 2);
  g_assert_true (guide_store_purge (f->db, f->now + 3 * DAY + 1, NULL));
  g_assert_cmpint (count (f, "SELECT SUM (version) FROM guide_document"), ==, 1);
}

/* A document that rots in the store is not shown. */
static void
test_rot (Fixture *f, gconstpointer data)
{
  g_autoptr (GBytes) one = city (41, "2026-11-01"), other = changed (one, "doc/changes", "\"x\"");
  g_autoptr (GBytes) package = publish (f, f->now, one, NULL, NULL);
  install (f, package, f->now);
  g_assert_true (db_run (f->db, "UPDATE guide_document SET bytes = ?1", NULL, "b", other));
  g_autoptr (Guide) shipped = guide_flow_load (NULL);
  g_autoptr (Guide) shown = guide_flow_in_force (f->db, "320500", f->now, NULL);
  g_assert_cmpstr (guide_peek_sha256 (shown), ==, guide_peek_sha256 (shipped));
}

/* A running terminal takes the new one between two visitors, and pages of the last one may still
 * read the former. */
static void
test_renewed (Fixture *f, gconstpointer data)
{
  gint64 now = clock_now ();
  g_autofree char *path = g_build_filename (f->folder, "site", NULL);
  g_autofree char *conf = g_build_filename (path, "kiosk.conf", NULL);
  SiteOptions options = site_options (now);
  g_autoptr (GError) error = NULL;
  site_make (path, &options);
  g_autoptr (App) app = app_open (conf, 0, &error);
  g_assert_no_error (error);
  const Guide *shipped = app->guide;
  gint64 floor = app_floor (app, app->db);
  app_renew_guide (app);
  g_assert_true (app->guide == shipped && app->former_guide == NULL);

  g_autoptr (GBytes) one = city (41, "2026-11-01");
  g_autoptr (GBytes) package = publish (f, now, one, NULL, NULL);
  GuideInstall how = {"320500", key_peek_public (f->key), now};
  g_assert_true (guide_package_install (app->db, package, &how, &error));
  app_renew_guide (app);
  g_assert_cmpuint (guide_version (app->guide), ==, 41);
  g_assert_true (app->former_guide == shipped);
  const Guide *first = app->guide;
  app_renew_guide (app);
  g_assert_true (app->guide == first && app->former_guide == shipped);
  g_assert_cmpint (app_floor (app, app->db), ==, MAX (floor, now)); /* time does not go behind it */
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, test) g_test_add ("/guide-package/" name, Fixture, NULL, set_up, test, tear_down)
  ADD ("before-any", test_before_any);
  ADD ("midnight", test_midnight);
  ADD ("district", test_district);
  ADD ("both-confirmed", test_both_confirmed);
  ADD ("at-once", test_at_once);
  ADD ("withdrawn", test_withdrawn);
  ADD ("refused", test_refused);
  ADD ("wrong-root", test_wrong_root);
  ADD ("made", test_made);
  ADD ("kept-for-cases", test_kept_for_cases);
  ADD ("shipped-kept", test_shipped_kept);
  ADD ("shipped-replaced", test_shipped_replaced);
  ADD ("rot", test_rot);
  ADD ("renewed", test_renewed);
  return g_test_run ();
}
