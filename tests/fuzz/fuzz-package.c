/* fuzz-package.c: signed packages. Nothing that was changed may pass; and what the holder of the
 * keys signs, whatever it says, is read without harm. */
#include "fuzz.h"

#include <string.h>

#include "base/encode.h"
#include "base/strict-json.h"
#include "trust/package.h"

const char *const fuzz_name = "package";

#define NOW G_GINT64_CONSTANT (1795400000000)
#define LATER (NOW + 86400000)
#define TARGETS                                                                                    \
  "{\"files\":[{\"name\":\"a.json\",\"sha256\":"                                                   \
  "\"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\",\"size\":0}]}"

static Key *key;
static GBytes *whole;

GPtrArray *
fuzz_seeds (void)
{
  GPtrArray *seeds = g_ptr_array_new_with_free_func ((GDestroyNotify)g_bytes_unref);
  g_autoptr (GPtrArray) files = g_ptr_array_new_with_free_func ((GDestroyNotify)package_file_free);
  g_autoptr (GBytes) bytes = g_bytes_new_static ("SAMPLE TEST", 11);

  key = key_new (KEY_KIND_SIGN);
  PackageKeys keys = {{key, key, key, key}};
  g_ptr_array_add (files, package_file_new ("320500-1.json", bytes));
  whole = package_make ("guide", &keys, 1, 1, NOW, files, NULL);
  g_ptr_array_add (seeds, g_bytes_ref (whole));
  g_ptr_array_add (seeds, g_bytes_new_static (TARGETS, strlen (TARGETS)));
  return seeds;
}

static json_t *
named (const PackageMark *mark)
{
  return json_pack ("{sI ss}", "version", (json_int_t)mark->version, "sha256", mark->sha256);
}

static void
append (GByteArray *all, char *take_text)
{
  gsize length = strlen (take_text);
  guint8 size[4] = {length >> 24, length >> 16 & 255, length >> 8 & 255, length & 255};
  g_byte_array_append (all, size, 4);
  g_byte_array_append (all, (guint8 *)take_text, (guint)length);
  g_free (take_text);
}

/* A package whose targets say what the fuzzer says, and whose one file is empty. */
static GBytes *
sign (json_t *take_targets)
{
  GByteArray *all = g_byte_array_new ();
  PackageMark marks[PACKAGE_ROLES];
  g_autofree char *public = encode_base64 (key_peek_public (key), 32);
  json_t *keys = json_pack ("{s{ss ss ss}}", "keys", "targets", public, "snapshot", public,
                            "timestamp", public);
  char *root = package_role_make (PACKAGE_ROOT, "guide", 1, LATER, keys, key, marks);
  char *targets =
      package_role_make (PACKAGE_TARGETS, "guide", 1, LATER, take_targets, key, &marks[1]);
  char *snapshot = package_role_make (
      PACKAGE_SNAPSHOT, "guide", 1, LATER,
      json_pack ("{so so}", "root", named (marks), "targets", named (&marks[1])), key, &marks[2]);
  char *timestamp = package_role_make (
      PACKAGE_TIMESTAMP, "guide", 1, LATER,
      json_pack ("{so ss}", "snapshot", named (&marks[2]), "issued", "2026-11-20T00:00:00Z"), key,
      &marks[3]);
  g_byte_array_append (all, (const guint8 *)"ONESTOPK\1", 9);
  append (all, root);
  append (all, timestamp);
  append (all, snapshot);
  append (all, targets);
  append (all, g_strdup (""));
  return g_byte_array_free_to_bytes (all);
}

void
fuzz_one (const guint8 *bytes, gsize length)
{
  static const PackageMark nothing[PACKAGE_ROLES];
  static guint turns;
  g_autoptr (GBytes) input = g_bytes_new (bytes, length);
  g_autoptr (Package) changed =
      package_open (input, "guide", key_peek_public (key), nothing, NOW, NULL);
  g_assert (changed == NULL || g_bytes_equal (input, whole));

  json_t *targets = strict_json_parse ((const char *)bytes, length, NULL);
  if (!json_is_object (targets) || (turns++ & 7) != 0) { /* to sign is slow */
    json_decref (targets);
    return;
  }
  g_autoptr (GBytes) made = sign (targets);
  g_autoptr (Package) package =
      package_open (made, "guide", key_peek_public (key), nothing, NOW, NULL);
  g_assert (package == NULL || package->files->len == 1);
}
