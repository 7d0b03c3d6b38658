/* intake-seal.c: seals a submission to the key set's recipients and writes its objects. Refuses
 * everything when the key set is not good: what cannot be read by the city is not taken. */
#include "flow/intake-seal.h"

#include <glib/gstdio.h>
#include <string.h>

#include "base/error.h"
#include "base/fault.h"
#include "base/id.h"
#include "domain/entry.h"
#include "store/key-set-store.h"
#include "store/object-store.h"

struct _IntakeRecipients {
  KeySet *set;
  GPtrArray *list; /* KeySetRecipient of set */
};

struct _IntakeSeal {
  char *directory;
  char *case_id;
  SealCase *key;
  IntakeRecipients *recipients;
  GArray *objects; /* EntryObject */
  gboolean kept;
};

/* ---- recipients ---- */

void
intake_recipients_free (IntakeRecipients *recipients)
{
  if (recipients == NULL)
    return;
  g_clear_pointer (&recipients->list, g_ptr_array_unref);
  key_set_free (recipients->set);
  g_free (recipients);
}

static KeySet *
read_set (const App *app, GError **error)
{
  g_autoptr (GError) problem = NULL;
  g_autoptr (GBytes) bytes = key_set_store_read (app->directory, &problem);
  gsize length;
  const char *text;

  if (bytes == NULL) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_DENIED,
                 "no key set is here, so nothing can be sealed: %s", problem->message);
    return NULL;
  }
  text = g_bytes_get_data (bytes, &length);
  return key_set_parse (text, length, app->enrolment->keyset_key, error);
}

IntakeRecipients *
intake_seal_recipients (App *app, Db *db, gint64 now, GError **error)
{
  g_autoptr (IntakeRecipients) recipients = g_new0 (IntakeRecipients, 1);
  gint64 judged;

  if (app->enrolment == NULL || app->device_key == NULL) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_DENIED,
                 "this device is not enrolled, so nothing can be taken");
    return NULL;
  }
  recipients->set = read_set (app, error);
  if (recipients->set == NULL) {
    /* Whatever is wrong with it: it is not one to seal to. */
    if (error != NULL && *error != NULL)
      (*error)->code = ONESTOP_ERROR_DENIED;
    return NULL;
  }
  if (recipients->set->version < app->key_set_version) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_DENIED,
                 "the key set on the disk is older than one seen before");
    return NULL;
  }
  app_clock_unsure (app, db, now, &judged);
  recipients->list = key_set_recipients (recipients->set, app->enrolment->hall, judged, error);
  return recipients->list != NULL ? g_steal_pointer (&recipients) : NULL;
}

/* ---- sealing ---- */

IntakeSeal *
intake_seal_new (const char *directory, IntakeRecipients *recipients, gint64 at)
{
  IntakeSeal *seal = g_new0 (IntakeSeal, 1);

  seal->directory = g_strdup (directory);
  seal->case_id = id_uuid7 (at);
  seal->key = seal_case_new (seal->case_id);
  seal->recipients = recipients;
  seal->objects = g_array_new (FALSE, TRUE, sizeof (EntryObject));
  return seal;
}

static void
delete_objects (const IntakeSeal *seal)
{
  for (guint i = 0; i < seal->objects->len; i++) {
    g_autofree char *path =
        object_store_path (seal->directory, g_array_index (seal->objects, EntryObject, i).sha256);
    g_unlink (path);
  }
}

void
intake_seal_free (IntakeSeal *seal)
{
  if (seal == NULL)
    return;
  if (!seal->kept)
    delete_objects (seal);
  seal_case_free (seal->key);
  g_array_unref (seal->objects);
  g_free (seal->case_id);
  g_free (seal->directory);
  g_free (seal);
}

const char *
intake_seal_add (IntakeSeal *seal, SealPlace place, GBytes *plain, GError **error)
{
  gboolean body = strcmp (place.kind, "body") == 0;
  EntryObject object = {0};
  g_autoptr (GBytes) sealed = seal_object (seal->key, place, g_bytes_get_data (plain, NULL),
                                           g_bytes_get_size (plain), object.sha256, error);

  if (sealed == NULL)
    return NULL;
  if (body)
    fault_point ("intake.sealed");
  object.size = g_bytes_get_size (sealed);
  if (!object_store_put (seal->directory, sealed, NULL, error))
    return NULL;
  if (body)
    g_array_prepend_val (seal->objects, object);
  else
    g_array_append_val (seal->objects, object);
  return g_array_index (seal->objects, EntryObject, body ? 0 : seal->objects->len - 1).sha256;
}

void
intake_seal_keep (IntakeSeal *seal)
{
  seal->kept = TRUE;
}

json_t *
intake_seal_wraps (IntakeSeal *seal, GError **error)
{
  return seal_wraps (seal->key, seal->recipients->list, error);
}

const char *
intake_seal_peek_case_id (const IntakeSeal *seal)
{
  return seal->case_id;
}

const GArray *
intake_seal_peek_objects (const IntakeSeal *seal)
{
  return seal->objects;
}

const char *
intake_seal_peek_manifest (const IntakeSeal *seal)
{
  return g_array_index (seal->objects, EntryObject, 0).sha256;
}
