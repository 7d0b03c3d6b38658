/* test-entry.c: the exact bytes of a log entry. */
#include <string.h>

#include "base/error.h"
#include "base/strict-json.h"
#include "domain/entry.h"

#define INCARNATION "019a0b5c-7a00-7c3e-8000-000000000001"
#define CASE_ID "019a0b5c-9c40-7d11-8000-000000000002"
#define SHA "5b0a903ec92d3dc7cd50721371a8877c4064383b75409f8348a9282fbd9323ff"

static Entry *
sample (void)
{
  Entry *entry = entry_new (ENTRY_KIND_CASE_SUBMITTED);

  entry->device = g_strdup ("GS-K1");
  entry->incarnation = g_strdup (INCARNATION);
  entry->seq = 2;
  g_strlcpy (entry->prev, SHA, sizeof entry->prev);
  entry->at = 1795400000123;
  entry->case_id = g_strdup (CASE_ID);
  entry_add_object (entry, SHA, 2133);
  json_object_set_new (entry->body, "number", json_string ("GSA-222223-D"));
  json_object_set_new (entry->body, "name", json_string ("王示例"));
  return entry;
}

static const char sample_text[] =
    "{\"device\":\"GS-K1\",\"incarnation\":\"" INCARNATION "\",\"seq\":2,\"prev\":\"" SHA
    "\",\"at\":\"2026-11-23T02:13:20.123Z\",\"kind\":\"case.submitted\",\"case_id\":\"" CASE_ID
    "\",\"objects\":[{\"sha256\":\"" SHA
    "\",\"size\":2133}],\"body\":{\"number\":\"GSA-222223-D\",\"name\":\"王示例\"}}";

static void
test_bytes (void)
{
  g_autoptr (Entry) entry = sample ();
  g_autoptr (GError) error = NULL;
  g_autofree char *text = entry_write (entry, &error);
  g_autoptr (Entry) again = NULL;

  g_assert_no_error (error);
  g_assert_cmpstr (text, ==, sample_text);
  again = entry_parse (text, strlen (text), &error);
  g_assert_no_error (error);
  g_assert_cmpstr (again->device, ==, "GS-K1");
  g_assert_cmpint (again->seq, ==, 2);
  g_assert_cmpint (again->at, ==, 1795400000123);
  g_assert_cmpint (again->kind, ==, ENTRY_KIND_CASE_SUBMITTED);
  g_assert_cmpstr (again->case_id, ==, CASE_ID);
  g_assert_cmpint (again->objects->len, ==, 1);
  g_assert_cmpint (g_array_index (again->objects, EntryObject, 0).size, ==, 2133);
  g_assert_cmpstr (strict_json_peek (again->body, "name", NULL), ==, "王示例");
  g_assert_false (again->unsure);
}

/* The protocol's own example lines must come out of parse and write unchanged. */
static void
test_protocol_lines (void)
{
  g_autofree char *path =
      g_build_filename (g_getenv ("ONESTOP_TEST_DATA"), "protocol", "batch.json", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (json_t) batch = strict_json_load (path, &error);
  json_t *lines = batch != NULL ? json_object_get (batch, "lines") : NULL;
  json_t *line;
  gsize i;

  g_assert_no_error (error);
  g_assert_true (json_is_array (lines));
  json_array_foreach (lines, i, line) {
    const char *text = json_string_value (line);
    g_autoptr (Entry) entry = entry_parse (text, strlen (text), &error);
    g_assert_no_error (error);
    g_autofree char *again = entry_write (entry, &error);
    g_assert_cmpstr (again, ==, text);
  }
}

static void
refuse (const char *what, const char *by)
{
  g_auto (GStrv) parts = g_strsplit (sample_text, what, 2);
  g_autofree char *text = g_strconcat (parts[0], by, parts[1], NULL);
  g_autoptr (GError) error = NULL;

  g_assert_nonnull (parts[1]);
  g_assert_null (entry_parse (text, strlen (text), &error));
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID);
}

static void
test_refused (void)
{
  refuse ("{\"device\"", " {\"device\"");
  refuse ("\"kind\":", "\"kind\": ");
  refuse ("\"GS-K1\"", "\"GS-K01\"");
  refuse ("\"GS-K1\"", "\"GI-K1\"");
  refuse ("\"GS-K1\"", "\"\\u0047S-K1\"");
  refuse ("\"seq\":2", "\"seq\":0");
  refuse ("\"seq\":2", "\"seq\":2.0");
  refuse ("\"seq\":2", "\"seq\":-1");
  refuse ("\"seq\":2", "\"seq\":1");
  refuse ("\"seq\":2", "\"seq\":\"2\"");
  refuse (".123Z", "Z");
  refuse (".123Z", ".123+00:00");
  refuse ("case.submitted", "case.Submitted");
  refuse ("\"kind\"", "\"unsure\":false,\"kind\"");
  refuse ("\"kind\"", "\"unsure\":1,\"kind\"");
  refuse ("\"kind\"", "\"extra\":1,\"kind\"");
  refuse (",\"size\":2133", ",\"size\":2133,\"name\":\"x\"");
  refuse (",\"size\":2133", "");
  refuse (",\"size\":2133", ",\"size\":-1");
  refuse ("{\"sha256\":\"5b", "{\"sha256\":\"5B");
  refuse ("[{\"sha256\"", "[7,{\"sha256\"");
  refuse ("\"prev\":\"5b0a", "\"prev\":\"5b0a5b0a");
  refuse ("\"case_id\":\"019a", "\"case_id\":\"119A");
  refuse ("\"case_id\":\"" CASE_ID "\"", "\"case_id\":null");
  refuse ("{\"number\"", "{\"number\":1,\"number\"");
  refuse ("GSA-222223-D\"", "GSA-222223-D\\u000a\" ");
  refuse ("示例\"}}", "示例\"}}\n");
  refuse ("示例\"}}", "示例\"}");
  refuse ("\"body\":{", "\"body\":[{");
  refuse ("\"name\"", "\"\xff\"");
}

static void
test_limits (void)
{
  g_autoptr (Entry) entry = sample ();
  g_autofree char *filler = g_strnfill (ENTRY_MAX_BYTES - strlen (sample_text) - 8, 'x');
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL, *more = NULL;

  json_object_set_new (entry->body, "f", json_string (filler));
  text = entry_write (entry, &error);
  g_assert_no_error (error);
  g_assert_cmpint (strlen (text), <=, ENTRY_MAX_BYTES);
  g_assert_cmpint (strlen (text), >, ENTRY_MAX_BYTES - 4);
  more = g_strconcat (filler, "xxxx", NULL);
  json_object_set_new (entry->body, "f", json_string (more));
  g_assert_null (entry_write (entry, &error));
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_FULL);
  g_clear_error (&error);
  g_clear_pointer (&text, g_free);
  text = g_strnfill (ENTRY_MAX_BYTES + 1, ' ');
  g_assert_null (entry_parse (text, ENTRY_MAX_BYTES + 1, &error));
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_FULL);
  g_clear_error (&error);
  json_object_clear (entry->body);
  for (int i = 0; i < ENTRY_MAX_OBJECTS; i++)
    entry_add_object (entry, SHA, 1);
  g_assert_null (entry_write (entry, &error));
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_FULL);
}

static void
test_kinds (void)
{
  for (guint i = 0; i < ENTRY_N_KINDS; i++) {
    EntryKind kind;
    g_assert_true (entry_kind_parse (entry_kind_word ((EntryKind)i), &kind));
    g_assert_cmpint (kind, ==, i);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/entry/bytes", test_bytes);
  g_test_add_func ("/entry/protocol-lines", test_protocol_lines);
  g_test_add_func ("/entry/refused", test_refused);
  g_test_add_func ("/entry/limits", test_limits);
  g_test_add_func ("/entry/kinds", test_kinds);
  return g_test_run ();
}
