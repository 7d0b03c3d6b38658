/* test-package.c: signed packages, and every attack on them that The Update Framework names. */
#include <string.h>

#include "base/error.h"
#include "base/strict-json.h"
#include "trust/package.h"
#include "trust/signed-document.h"

#define NOW G_GINT64_CONSTANT (1795400000000)
#define DAY (86400 * G_GINT64_CONSTANT (1000))

typedef struct {
  Key *keys[PACKAGE_ROLES];
} Fixture;

static const PackageMark nothing[PACKAGE_ROLES];

static void
set_up (Fixture *f, gconstpointer data)
{
  for (guint i = 0; i < PACKAGE_ROLES; i++) {
    guint8 secret[32];
    memset (secret, (int)i + 1, sizeof secret);
    f->keys[i] = key_new_from_secret (KEY_KIND_SIGN, secret);
  }
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  for (guint i = 0; i < PACKAGE_ROLES; i++)
    key_free (f->keys[i]);
}

static const guint8 *
root_of (const Fixture *f)
{
  return key_peek_public (f->keys[PACKAGE_ROOT]);
}

static void
add (GPtrArray *files, const char *name, const char *text)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  g_ptr_array_add (files, package_file_new (name, bytes));
}

static GBytes *
make_with (Key *const keys[PACKAGE_ROLES], const char *kind, gint64 root, gint64 version, gint64 at,
           const char *text)
{
  g_autoptr (GPtrArray) files = g_ptr_array_new_with_free_func ((GDestroyNotify)package_file_free);
  g_autoptr (GError) error = NULL;
  PackageKeys roles = {{keys[0], keys[1], keys[2], keys[3]}};
  add (files, "320500.json", text);
  add (files, "320571.json", "SAMPLE TEST district");
  GBytes *bytes = package_make (kind, &roles, root, version, at, files, &error);
  g_assert_no_error (error);
  return bytes;
}

static GBytes *
make (const Fixture *f, gint64 version, gint64 at, const char *text)
{
  return make_with (f->keys, "guide", 1, version, at, text);
}

static Package *
open_good (const Fixture *f, GBytes *bytes, const PackageMark *known, gint64 now)
{
  g_autoptr (GError) error = NULL;
  Package *package = package_open (bytes, "guide", root_of (f), known, now, &error);
  g_assert_no_error (error);
  return package;
}

static void
refuse (const Fixture *f, GBytes *bytes, const PackageMark *known, gint64 now, int code,
        const char *says)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (Package) package = package_open (bytes, "guide", root_of (f), known, now, &error);
  g_assert_null (package);
  g_test_message ("%s", error->message);
  g_assert_true (onestop_error_is (error, code));
  if (strstr (error->message, says) == NULL)
    g_error ("\"%s\" does not say \"%s\"", error->message, says);
}

static void
test_whole (Fixture *f, gconstpointer data)
{
  g_autoptr (GBytes) bytes = make (f, 7, NOW, "SAMPLE TEST"),
                     again = make (f, 7, NOW, "SAMPLE TEST");
  g_assert_true (g_bytes_equal (bytes, again));
  g_autoptr (Package) package = open_good (f, bytes, nothing, NOW);
  g_assert_cmpint (package->issued, ==, NOW);
  g_assert_cmpuint (package->files->len, ==, 2);
  const PackageFile *file = g_ptr_array_index (package->files, 0);
  g_assert_cmpstr (file->name, ==, "320500.json");
  g_assert_cmpmem (g_bytes_get_data (file->bytes, NULL), g_bytes_get_size (file->bytes),
                   "SAMPLE TEST", 11);
  for (guint role = 0; role < PACKAGE_ROLES; role++) {
    g_assert_cmpint (package->marks[role].version, ==, role == PACKAGE_ROOT ? 1 : 7);
    g_assert_cmpint (package->marks[role].expires, ==, NOW + package_role_life (role));
  }
  /* What is in force may come again. */
  g_autoptr (Package) same = open_good (f, bytes, package->marks, NOW + DAY);
  g_assert_cmpuint (same->files->len, ==, 2);
}

static void
test_rollback (Fixture *f, gconstpointer data)
{
  g_autoptr (GBytes) old = make (f, 7, NOW, "SAMPLE TEST"), new = make (f, 8, NOW, "SAMPLE TEST 2");
  g_autoptr (Package) package = open_good (f, new, nothing, NOW);
  refuse (f, old, package->marks, NOW, ONESTOP_ERROR_DENIED, "timestamp: is older");
  for (guint role = 0; role < PACKAGE_ROLES; role++) { /* each role by itself */
    PackageMark known[PACKAGE_ROLES];
    memcpy (known, package->marks, sizeof known);
    known[role].version++;
    g_autofree char *says = g_strdup_printf ("%s: is older", package_role_word (role));
    refuse (f, new, known, NOW, ONESTOP_ERROR_DENIED, says);
  }
  /* The same version twice, with other contents. */
  g_autoptr (GBytes) other = make (f, 8, NOW, "SAMPLE TEST 3");
  refuse (f, other, package->marks, NOW, ONESTOP_ERROR_DENIED,
          "is another document of the version");
}

static void
test_freeze (Fixture *f, gconstpointer data)
{
  g_autoptr (GBytes) bytes = make (f, 7, NOW, "SAMPLE TEST");
  gint64 life = package_role_life (PACKAGE_TIMESTAMP);
  g_autoptr (Package) last = open_good (f, bytes, nothing, NOW + life - 1);
  g_assert_nonnull (last);
  refuse (f, bytes, nothing, NOW + life, ONESTOP_ERROR_DENIED, "timestamp: has expired");
  refuse (f, bytes, nothing, NOW + 4000 * DAY, ONESTOP_ERROR_DENIED, "root: has expired");
  refuse (f, bytes, nothing, NOW - DAY - 1, ONESTOP_ERROR_DENIED, "made in the future");
  g_autoptr (Package) early = open_good (f, bytes, nothing, NOW - DAY);
  g_assert_nonnull (early);
}

static void
test_wrong_key (Fixture *f, gconstpointer data)
{
  g_autoptr (GBytes) bytes = make (f, 7, NOW, "SAMPLE TEST");
  for (guint role = PACKAGE_TARGETS; role < PACKAGE_ROLES; role++) {
    g_autoptr (GError) error = NULL;
    g_assert_null (
        package_open (bytes, "guide", key_peek_public (f->keys[role]), nothing, NOW, &error));
    g_assert_true (onestop_error_is (error, ONESTOP_ERROR_DENIED));
  }
}

/* --- Pieces ------------------------------------------------------------------------------------
 */

#define PIECES 6 /* root, timestamp, snapshot, targets, two files */

static void
split (GBytes *bytes, GBytes *ret_pieces[PIECES])
{
  gsize at = 9;
  const guint8 *data = g_bytes_get_data (bytes, NULL);
  for (guint i = 0; i < PIECES; i++) {
    gsize size = (gsize)data[at] << 24 | data[at + 1] << 16 | data[at + 2] << 8 | data[at + 3];
    ret_pieces[i] = g_bytes_new (data + at + 4, size);
    at += 4 + size;
  }
  g_assert_cmpuint (at, ==, g_bytes_get_size (bytes));
}

static GBytes *
join (GBytes *pieces[PIECES])
{
  GByteArray *all = g_byte_array_new ();
  g_byte_array_append (all, (const guint8 *)"ONESTOPK\1", 9);
  for (guint i = 0; i < PIECES; i++) {
    gsize size;
    const void *data = g_bytes_get_data (pieces[i], &size);
    guint8 length[4] = {size >> 24, size >> 16 & 255, size >> 8 & 255, size & 255};
    g_byte_array_append (all, length, 4);
    g_byte_array_append (all, data, (guint)size);
  }
  return g_byte_array_free_to_bytes (all);
}

static void
drop_pieces (GBytes *pieces[PIECES])
{
  for (guint i = 0; i < PIECES; i++)
    g_bytes_unref (pieces[i]);
}

/* Of two good packages, every mixture that is not one of the two is refused. */
static void
test_mix_and_match (Fixture *f, gconstpointer data)
{
  g_autoptr (GBytes) a = make_with (f->keys, "guide", 1, 7, NOW, "SAMPLE TEST a");
  g_autoptr (GBytes) b = make_with (f->keys, "guide", 2, 8, NOW + 1, "SAMPLE TEST b");
  GBytes *of_a[PIECES], *of_b[PIECES], *mixed[PIECES];
  split (a, of_a);
  split (b, of_b);
  for (guint mask = 0; mask < 1 << 5; mask++) { /* the second file is the same in both */
    for (guint i = 0; i < PIECES; i++)
      mixed[i] = mask >> i & 1 ? of_b[i] : of_a[i];
    g_autoptr (GBytes) bytes = join (mixed);
    g_autoptr (GError) error = NULL;
    g_autoptr (Package) package =
        package_open (bytes, "guide", root_of (f), nothing, NOW + 2, &error);
    g_assert_cmpint (package != NULL, ==, mask == 0 || mask == 31);
    if (package == NULL)
      g_assert_true (onestop_error_is (error, ONESTOP_ERROR_DENIED));
  }
  drop_pieces (of_a);
  drop_pieces (of_b);
}

/* A key speaks for its own role alone: who holds the timestamp's cannot make a snapshot. */
static void
test_roles_apart (Fixture *f, gconstpointer data)
{
  for (guint role = PACKAGE_TARGETS; role < PACKAGE_ROLES; role++) {
    Key *keys[PACKAGE_ROLES];
    GBytes *good[PIECES], *forged[PIECES];
    memcpy (keys, f->keys, sizeof keys);
    keys[role] = f->keys[role == PACKAGE_TIMESTAMP ? PACKAGE_TARGETS : role + 1];
    g_autoptr (GBytes) a = make (f, 7, NOW, "SAMPLE TEST");
    g_autoptr (GBytes) b = make_with (keys, "guide", 1, 7, NOW, "SAMPLE TEST");
    split (a, good);
    split (b, forged);
    g_bytes_unref (forged[0]); /* root is the real one */
    forged[0] = g_bytes_ref (good[0]);
    g_autoptr (GBytes) bytes = join (forged);
    g_autofree char *says =
        g_strdup_printf ("package-%s: the signature does not hold", package_role_word (role));
    refuse (f, bytes, nothing, NOW, ONESTOP_ERROR_DENIED, says);
    drop_pieces (good);
    drop_pieces (forged);
  }
  g_autoptr (GBytes) calendar = make_with (f->keys, "calendar", 1, 7, NOW, "SAMPLE TEST");
  refuse (f, calendar, nothing, NOW, ONESTOP_ERROR_INVALID, "is of another kind");
}

static void
test_damage (Fixture *f, gconstpointer data)
{
  g_autoptr (GBytes) good = make (f, 7, NOW, "SAMPLE TEST");
  gsize length;
  const guint8 *bytes = g_bytes_get_data (good, &length);
  for (gsize at = 0; at < length; at++) {
    g_autofree guint8 *copy = g_memdup2 (bytes, length);
    copy[at] ^= 1 << at % 8;
    g_autoptr (GBytes) changed = g_bytes_new (copy, length);
    g_autoptr (GError) error = NULL;
    g_assert_null (package_open (changed, "guide", root_of (f), nothing, NOW, &error));
    g_assert_true (onestop_error_is (error, ONESTOP_ERROR_DENIED) ||
                   onestop_error_is (error, ONESTOP_ERROR_INVALID));
  }
  for (gsize cut = 0; cut < length; cut++) {
    g_autoptr (GBytes) shorter = g_bytes_new (bytes, cut);
    g_assert_null (package_open (shorter, "guide", root_of (f), nothing, NOW, NULL));
  }
  g_autofree guint8 *more = g_malloc0 (length + 1);
  memcpy (more, bytes, length);
  g_autoptr (GBytes) longer = g_bytes_new (more, length + 1);
  refuse (f, longer, nothing, NOW, ONESTOP_ERROR_INVALID, "goes on behind its end");
}

/* Blanks would keep the signature of a role, and are refused all the same: one package, one form.
 */
static void
test_one_form (Fixture *f, gconstpointer data)
{
  g_autoptr (GBytes) good = make (f, 7, NOW, "SAMPLE TEST");
  GBytes *pieces[PIECES];
  split (good, pieces);
  gsize length;
  const char *text = g_bytes_get_data (pieces[1], &length);
  g_autofree char *spaced = g_strdup_printf ("%.*s ", (int)length, text);
  g_bytes_unref (pieces[1]);
  pieces[1] = g_bytes_new (spaced, strlen (spaced));
  g_autoptr (GBytes) bytes = join (pieces);
  refuse (f, bytes, nothing, NOW, ONESTOP_ERROR_INVALID, "is not in its one form");
  drop_pieces (pieces);
}

/* The suite is signed, too: nobody may say later what was meant. */
static void
test_suite (Fixture *f, gconstpointer data)
{
  for (int suite = 1; suite <= 2; suite++) {
    g_autoptr (json_t) content =
        json_pack ("{ss si ss si ss s{}}", "type", "package-root", "suite", suite, "kind", "guide",
                   "version", 1, "expires", "2999-01-01T00:00:00Z", "keys");
    g_autoptr (json_t) document = signed_document_make (content, f->keys[PACKAGE_ROOT]);
    g_autofree char *text = strict_json_canonical (document);
    PackageMark mark;
    g_autoptr (json_t) read = package_role_read (PACKAGE_ROOT, "guide", text, strlen (text),
                                                 root_of (f), nothing, NOW, &mark, NULL);
    g_assert_cmpint (read != NULL, ==, suite == 1);
  }
}

static void
test_not_made (Fixture *f, gconstpointer data)
{
  static const char *const names[] = {"", "../320500.json", ".hidden", "a/b", "a b", "ä", NULL};
  PackageKeys keys = {{f->keys[0], f->keys[1], f->keys[2], f->keys[3]}};
  for (guint i = 0; names[i] != NULL; i++) {
    g_autoptr (GPtrArray) files =
        g_ptr_array_new_with_free_func ((GDestroyNotify)package_file_free);
    add (files, names[i], "x");
    g_assert_null (package_make ("guide", &keys, 1, 1, NOW, files, NULL));
  }
  g_autoptr (GPtrArray) files = g_ptr_array_new_with_free_func ((GDestroyNotify)package_file_free);
  g_assert_null (package_make ("guide", &keys, 1, 1, NOW, files, NULL));
  add (files, "a", "x");
  add (files, "a", "y");
  g_assert_null (package_make ("guide", &keys, 1, 1, NOW, files, NULL));
  g_ptr_array_set_size (files, 0);
  for (guint i = 0; i <= PACKAGE_MAX_FILES; i++) {
    g_autofree char *name = g_strdup_printf ("f%u", i);
    add (files, name, "x");
  }
  g_assert_null (package_make ("guide", &keys, 1, 1, NOW, files, NULL));
  g_ptr_array_set_size (files, PACKAGE_MAX_FILES);
  g_autoptr (GBytes) most = package_make ("guide", &keys, 1, 1, NOW, files, NULL);
  g_autoptr (Package) package = open_good (f, most, nothing, NOW);
  g_assert_cmpuint (package->files->len, ==, PACKAGE_MAX_FILES);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, test) g_test_add (name, Fixture, NULL, set_up, test, tear_down)
  ADD ("/package/whole", test_whole);
  ADD ("/package/rollback", test_rollback);
  ADD ("/package/freeze", test_freeze);
  ADD ("/package/wrong-key", test_wrong_key);
  ADD ("/package/mix-and-match", test_mix_and_match);
  ADD ("/package/roles-apart", test_roles_apart);
  ADD ("/package/damage", test_damage);
  ADD ("/package/one-form", test_one_form);
  ADD ("/package/suite", test_suite);
  ADD ("/package/not-made", test_not_made);
  return g_test_run ();
}
