/* device-store.c: the store as the product opens it, with what a submission leaves in it. Uses the
 * product's own rooms, so it shows nothing about them. */
#include "device-store.h"

#include <string.h>

#include "base/error.h"
#include "base/strict-json.h"
#include "domain/case-number.h"
#include "site.h"
#include "store/case-store.h"
#include "store/journal.h"
#include "store/print-spool.h"
#include "store/receipt-store.h"
#include "trust/hash.h"

void
device_store_set_up (DeviceStore *store, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  store->directory = g_dir_make_tmp ("onestop-XXXXXX", NULL);
  store->db = db_open (store->directory, DEVICE_STORE_NOW, &error);
  g_assert_no_error (error);
}

void
device_store_tear_down (DeviceStore *store, gconstpointer data)
{
  db_free (store->db);
  site_remove (store->directory);
  g_free (store->directory);
}

void
device_store_reopen (DeviceStore *store)
{
  g_autoptr (GError) error = NULL;

  db_free (store->db);
  store->db = db_open (store->directory, DEVICE_STORE_NOW + 1, &error);
  g_assert_no_error (error);
}

gboolean
device_store_submit (Db *db, gpointer data, GError **error)
{
  DeviceStoreCase *s = data;
  gint64 counter, seq;
  g_autofree char *text = NULL, *hash = NULL, *case_id = NULL;
  g_autoptr (GArray) objects = g_array_new (FALSE, TRUE, sizeof (EntryObject));
  EntryObject object = {.size = 10};
  g_autoptr (json_t) body = NULL, receipt = NULL;

  if (!case_store_next_counter (db, &counter, error))
    return FALSE;
  s->number = case_number_make ("GS", 'A', (guint32)counter, error);
  text = g_strdup_printf ("object %d", (int)counter);
  hash = hash_sha256_hex (text, strlen (text));
  g_strlcpy (object.sha256, hash, sizeof object.sha256);
  g_array_append_val (objects, object);
  case_id = g_strdup_printf ("019a0b5c-9c40-7d11-8000-%012d", (int)counter);
  body = json_pack ("{ss ss ss ss}", "number", s->number, "service", "gusu-talent-card", "guide",
                    "aa", "hall", "GS");
  receipt = json_pack ("{ss}", "number", s->number);
  JournalDraft draft = {"GS-K1", ENTRY_KIND_CASE_SUBMITTED, case_id, objects, body, s->at, FALSE};
  if (!journal_append (db, &draft, &seq, error))
    return FALSE;
  CaseRow row = {.number = s->number,
                 .case_id = case_id,
                 .service = (char *)"gusu-talent-card",
                 .guide = (char *)"aa",
                 .hall = (char *)"GS",
                 .language = (char *)"",
                 .submitted_at = s->at,
                 .incarnation = (char *)db_peek_incarnation (db),
                 .seq = seq};
  if (!case_store_insert (db, &row, error) ||
      !receipt_store_insert (db, s->number, receipt, s->at, error) ||
      !print_spool_add (db, PRINT_KIND_RECEIPT, s->number, s->at, NULL, error))
    return FALSE;
  if (s->fail_late)
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_RETRY, "as asked");
  return !s->fail_late;
}

char *
device_store_submit_one (Db *db, gint64 at)
{
  DeviceStoreCase s = {at, NULL, FALSE};
  g_autoptr (GError) error = NULL;

  g_assert_true (db_write (db, device_store_submit, &s, &error));
  g_assert_no_error (error);
  return s.number;
}
