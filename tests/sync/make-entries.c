/* make-entries.c: a small program for test-client.py: writes sealed cases or queue tickets into the
 * store of an enrolled device, as the kiosk would, and prints a JSON line for each case. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/encode.h"
#include "base/id.h"
#include "base/strict-json.h"
#include "domain/case-number.h"
#include "store/enrolment.h"
#include "store/journal.h"
#include "store/key-set-store.h"
#include "store/object-store.h"
#include "trust/key-set.h"
#include "trust/seal.h"

typedef struct {
  const char *directory;
  Db *db;
  Enrolment *enrolment;
  GPtrArray *recipients;
  KeySet *set;
} Maker;

static void
must (GError *error)
{
  if (error != NULL)
    g_error ("%s", error->message);
}

static void
seal_into (Maker *maker, SealCase *seal, SealPlace place, const void *plain, gsize length,
           GArray *objects, char ret_sha256[HASH_HEX])
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) sealed = seal_object (seal, place, plain, length, ret_sha256, &error);
  EntryObject object = {.size = sealed != NULL ? g_bytes_get_size (sealed) : 0};

  must (error);
  g_strlcpy (object.sha256, ret_sha256, sizeof object.sha256);
  g_array_append_val (objects, object);
  object_store_put (maker->directory, sealed, NULL, &error);
  must (error);
}

static json_t *
seal_document (Maker *maker, SealCase *seal, guint index, gsize length, GArray *objects)
{
  g_autofree guint8 *plain = g_malloc (length + 1);
  g_autofree char *hash = NULL;
  char sha256[HASH_HEX];

  id_random (plain, length);
  hash = hash_sha256_hex (plain, length);
  seal_into (maker, seal, SEAL_PLACE_DOCUMENT ("passport", index), plain, length, objects, sha256);
  return json_pack ("{s:s,s:i,s:s,s:I,s:s,s:s,s:i}", "slot", "passport", "index", (int)index,
                    "media", "image/jpeg", "bytes", (json_int_t)length, "sha256", hash, "object",
                    sha256, "rotate", 0);
}

static char *
body_text (Maker *maker, json_t *documents, const char *now)
{
  g_autoptr (json_t) body = json_pack (
      "{s:s,s:s,s:s,s:{s:s},s:{s:s},s:{s:s,s:s,s:s},s:[],s:{s:s,s:s,s:s},s:O,s:{s:s,s:i}}",
      "service", "gusu-talent-card", "guide", ENTRY_FIRST_PREV, "language", "zh_CN", "applicant",
      "name", "王示例", "answers", "note", "SAMPLE TEST", "notice", "id", "notice", "version", "1",
      "at", now, "consents", "identity_proof", "method", "typed", "by", maker->enrolment->device,
      "at", now, "documents", documents, "signature", "slot", "signature", "index", 0);
  return strict_json_write (body);
}

static void
make_case (Maker *maker, int n_sizes, char **sizes)
{
  g_autofree char *case_id = id_uuid7 (clock_now ()), *now = clock_format (clock_now ());
  g_autoptr (SealCase) seal = seal_case_new (case_id);
  g_autoptr (GArray) documents_first = g_array_new (FALSE, FALSE, sizeof (EntryObject));
  g_autoptr (GArray) objects = g_array_new (FALSE, FALSE, sizeof (EntryObject));
  g_autoptr (json_t) documents = json_array (), entry_body = NULL, line = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *number = NULL, *body = NULL, *text = NULL;
  char sha256[HASH_HEX];
  gint64 seq = 0;

  journal_head (maker->db, db_peek_incarnation (maker->db), &seq, NULL, &error);
  number = case_number_make (maker->enrolment->hall, maker->enrolment->case_code, (guint32)seq + 1,
                             &error);
  must (error);
  for (int i = 0; i < n_sizes; i++)
    json_array_append_new (documents, seal_document (maker, seal, (guint)i,
                                                     (gsize)g_ascii_strtoull (sizes[i], NULL, 10),
                                                     documents_first));
  body = body_text (maker, documents, now);
  seal_into (maker, seal, SEAL_PLACE_BODY, body, strlen (body), objects, sha256);
  g_array_append_vals (objects, documents_first->data, documents_first->len);
  entry_body =
      json_pack ("{s:s,s:s,s:s,s:s,s:i,s:o}", "number", number, "service", "gusu-talent-card",
                 "guide", ENTRY_FIRST_PREV, "hall", maker->enrolment->hall, "suite", 1, "wraps",
                 seal_wraps (seal, maker->recipients, &error));
  must (error);
  journal_append (maker->db,
                  &(JournalDraft){.device = maker->enrolment->device,
                                  .kind = ENTRY_KIND_CASE_SUBMITTED,
                                  .case_id = case_id,
                                  .objects = objects,
                                  .body = entry_body,
                                  .at = clock_now ()},
                  &seq, &error);
  must (error);
  line = json_pack ("{s:s,s:s,s:I,s:o}", "case_id", case_id, "number", number, "seq",
                    (json_int_t)seq, "body", json_loads (body, 0, NULL));
  text = strict_json_write (line);
  puts (text);
}

static void
make_ticket (Maker *maker, int n)
{
  g_autofree char *number = g_strdup_printf ("A%03d", n % 999 + 1);
  g_autofree char *id = g_strdup_printf ("%024x", n);
  g_autoptr (json_t) body =
      json_pack ("{s:s,s:s,s:s}", "number", number, "family", "A", "ticket_id", id);
  g_autoptr (GError) error = NULL;

  journal_append (maker->db,
                  &(JournalDraft){.device = maker->enrolment->device,
                                  .kind = ENTRY_KIND_TICKET_DRAWN,
                                  .body = body,
                                  .at = clock_now ()},
                  NULL, &error);
  must (error);
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) package = NULL;
  Maker maker = {0};
  int n;

  if (argc < 4)
    return 2;
  maker.directory = argv[1];
  n = atoi (argv[3]);
  maker.enrolment = enrolment_load (maker.directory, &error);
  must (error);
  maker.db = db_open (maker.directory, clock_now (), &error);
  must (error);
  package = key_set_store_read (maker.directory, &error);
  must (error);
  maker.set = key_set_parse (g_bytes_get_data (package, NULL), g_bytes_get_size (package),
                             maker.enrolment->keyset_key, &error);
  must (error);
  maker.recipients = maker.set->recipients;
  for (int i = 0; i < n; i++)
    if (strcmp (argv[2], "case") == 0)
      make_case (&maker, argc - 4, argv + 4);
    else
      make_ticket (&maker, i);
  key_set_free (maker.set);
  enrolment_free (maker.enrolment);
  db_free (maker.db);
  return 0;
}
