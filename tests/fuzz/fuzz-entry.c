/* fuzz-entry.c: log entries. What parses must be written again as it was. */
#include "fuzz.h"

#include <string.h>

#include "domain/entry.h"

const char *const fuzz_name = "entry";

#define HASH "5b0a903ec92d3dc7cd50721371a8877c4064383b75409f8348a9282fbd9323ff"

GPtrArray *
fuzz_seeds (void)
{
  static const char *const seeds[] = {
      "{\"device\":\"GS-K1\",\"incarnation\":\"019a0b5c-7a00-7c3e-8000-000000000001\",\"seq\":2,"
      "\"prev\":\"" HASH "\",\"at\":\"2026-11-23T01:05:00.000Z\",\"unsure\":true,\"kind\":"
      "\"ticket.drawn\",\"objects\":[],\"body\":{\"number\":\"A012\",\"family\":\"A\"}}",
      "{\"device\":\"GS-K1\",\"incarnation\":\"019a0b5c-7a00-7c3e-8000-000000000001\",\"seq\":1,"
      "\"prev\":\"" ENTRY_FIRST_PREV "\",\"at\":\"2026-11-23T01:05:00.000Z\",\"kind\":"
      "\"case.submitted\",\"case_id\":\"019a0b5c-9c40-7d11-8000-000000000002\",\"objects\":"
      "[{\"sha256\":\"" HASH "\",\"size\":2133}],\"body\":{\"a\":[1,-2,\"\xe5\xbc\xa0\",null]}}",
  };
  GPtrArray *all = g_ptr_array_new_with_free_func ((GDestroyNotify)g_bytes_unref);

  for (gsize i = 0; i < G_N_ELEMENTS (seeds); i++)
    g_ptr_array_add (all, g_bytes_new_static (seeds[i], strlen (seeds[i])));
  return all;
}

void
fuzz_one (const guint8 *bytes, gsize length)
{
  g_autoptr (Entry) entry = entry_parse ((const char *)bytes, length, NULL);
  g_autofree char *again = entry != NULL ? entry_write (entry, NULL) : NULL;

  if (entry != NULL)
    g_assert (again != NULL && strlen (again) == length && memcmp (again, bytes, length) == 0);
}
