/* clerk-flow.c: the hall key behind passphrases. Refuses to keep a passphrase, to tell a stranger
 * from a clerk, and to lose the last wrap. */
#include "flow/clerk-flow.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/encode.h"
#include "base/error.h"
#include "base/file.h"
#include "base/strict-json.h"
#include "store/journal.h"
#include "trust/key-wrap.h"
#include "trust/passphrase.h"

#define MAX_WAIT_MS (3600 * 1000)

void
clerk_free (Clerk *clerk)
{
  if (clerk == NULL)
    return;
  g_free (clerk->name);
  key_free (clerk->hall_key);
  g_free (clerk);
}

static char *
clerk_path (App *app, const char *name)
{
  g_autofree char *file = g_strconcat (name, ".json", NULL);
  return g_build_filename (app->directory, "keys", "clerks", file, NULL);
}

static char *
hall_key_path (App *app)
{
  return g_build_filename (app->directory, "keys", "hall.key", NULL);
}

static gboolean
name_is_fine (const char *name)
{
  gsize length = strlen (name);

  return length > 0 && length <= 32 && g_ascii_islower (name[0]) &&
         strspn (name, "abcdefghijklmnopqrstuvwxyz0123456789-") == length;
}

static gboolean
note (App *app, EntryKind kind, const char *action, const char *key, const char *value, gint64 now,
      GError **error)
{
  g_autoptr (json_t) body = json_pack ("{s:s, s:s}", "action", action, key, value);
  JournalDraft draft = {.device = app->enrolment->device, .kind = kind, .body = body, .at = now};

  draft.unsure = app_clock_unsure (app, app->db, now, NULL);
  return journal_append (app->db, &draft, NULL, error);
}

static gboolean
is_desk (App *app, GError **error)
{
  if (app->enrolment != NULL && strcmp (app->enrolment->role, "desk") == 0)
    return TRUE;
  g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_DENIED, "this device is not enrolled as a desk");
  return FALSE;
}

GPtrArray *
clerk_flow_list (App *app)
{
  GPtrArray *names = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *folder = g_build_filename (app->directory, "keys", "clerks", NULL);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *file;

  while (dir != NULL && (file = g_dir_read_name (dir)) != NULL)
    if (g_str_has_suffix (file, ".json"))
      g_ptr_array_add (names, g_strndup (file, strlen (file) - 5));
  g_ptr_array_sort (names, (GCompareFunc)g_strcmp0);
  return names;
}

gboolean
clerk_flow_init_hall (App *app, gint64 now, GError **error)
{
  g_autofree char *path = hall_key_path (app);
  g_autoptr (GPtrArray) clerks = clerk_flow_list (app);
  g_autoptr (Key) key = NULL;
  g_autofree char *public_key = NULL;

  if (!is_desk (app, error))
    return FALSE;
  if (clerks->len > 0) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_CONFLICT, "the hall has a key already");
    return FALSE;
  }
  key = key_new (KEY_KIND_SEAL);
  public_key = encode_base64 (key_peek_public (key), 32);
  return key_save (key, path, error) &&
         note (app, ENTRY_KIND_STAFF_ACTION, "hall_key", "key", public_key, now, error);
}

/* ---- one clerk's file: {"wrap", "failures", "locked_until"} ---- */

static gboolean
save_clerk (App *app, const char *name, const json_t *record, GError **error)
{
  g_autofree char *path = clerk_path (app, name), *folder = g_path_get_dirname (path);
  g_autofree char *text = strict_json_write (record);

  return file_make_folder (folder, 0700, error) &&
         file_write (path, text, strlen (text), 0600, error);
}

static json_t *
load_clerk (App *app, const char *name, GError **error)
{
  g_autofree char *path = clerk_path (app, name);
  g_autoptr (json_t) record = strict_json_load (path, error);

  if (record == NULL || strict_json_object (record, "wrap", error) == NULL)
    return NULL;
  return g_steal_pointer (&record);
}

static gboolean
set_failures (App *app, const char *name, json_t *record, gint64 failures, gint64 now,
              GError **error)
{
  gint64 wait =
      failures < CLERK_FLOW_TRIES ? 0 : (gint64)60000 << MIN (failures - CLERK_FLOW_TRIES, 6);

  json_object_set_new (record, "failures", json_integer (failures));
  json_object_set_new (record, "locked_until",
                       json_integer (wait > 0 ? now + MIN (wait, MAX_WAIT_MS) : 0));
  return save_clerk (app, name, record, error);
}

static void
set_refused (GError **error)
{
  g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_DENIED,
               "the name or the passphrase is not right");
}

Clerk *
clerk_flow_sign_in (App *app, const char *name, const char *passphrase, gint64 now, GError **error)
{
  g_autoptr (json_t) record = NULL;
  g_autoptr (Key) key = NULL;
  g_autoptr (GError) reason = NULL;
  gint64 until, failures;
  Clerk *clerk;

  if (!is_desk (app, error))
    return NULL;
  if (!name_is_fine (name) || (record = load_clerk (app, name, &reason)) == NULL) {
    (void)passphrase_verify (NULL, passphrase);
    set_refused (error);
    return NULL;
  }
  until = json_integer_value (json_object_get (record, "locked_until"));
  failures = json_integer_value (json_object_get (record, "failures"));
  if (now < until) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_RETRY,
                 "too many wrong passphrases: wait %d seconds", (int)((until - now + 999) / 1000));
    return NULL;
  }
  key = key_wrap_open (KEY_KIND_SEAL, json_object_get (record, "wrap"), passphrase, &reason);
  if (key == NULL) {
    if (!onestop_error_is (reason, ONESTOP_ERROR_DENIED)) {
      g_propagate_error (error, g_steal_pointer (&reason));
      return NULL;
    }
    if (set_failures (app, name, record, failures + 1, now, error) &&
        note (app, ENTRY_KIND_AUDIT, "sign_in_refused", "clerk", name, now, error))
      set_refused (error);
    return NULL;
  }
  if ((failures > 0 && !set_failures (app, name, record, 0, now, error)) ||
      !note (app, ENTRY_KIND_AUDIT, "sign_in", "clerk", name, now, error))
    return NULL;
  clerk = g_new0 (Clerk, 1);
  clerk->name = g_strdup (name);
  clerk->hall_key = g_steal_pointer (&key);
  return clerk;
}

/* The hall key for adding a clerk: from its file before the first one, else by a clerk who is
 * there. */
static Key *
key_for_adding (App *app, const char *by, const char *by_passphrase, gint64 now, GError **error)
{
  g_autofree char *path = hall_key_path (app);
  g_autoptr (GPtrArray) clerks = clerk_flow_list (app);
  g_autoptr (Clerk) clerk = NULL;

  if (clerks->len == 0)
    return key_load (KEY_KIND_SEAL, path, error);
  if (by == NULL || by_passphrase == NULL) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_DENIED,
                 "a clerk who is there must let the new one in");
    return NULL;
  }
  clerk = clerk_flow_sign_in (app, by, by_passphrase, now, error);
  return clerk != NULL ? g_steal_pointer (&clerk->hall_key) : NULL;
}

gboolean
clerk_flow_add (App *app, const char *name, const char *passphrase, const char *by,
                const char *by_passphrase, gint64 now, GError **error)
{
  g_autofree char *path = NULL, *bare = hall_key_path (app);
  g_autoptr (Key) key = NULL;
  g_autoptr (json_t) record = NULL;
  json_t *wrap;

  if (!is_desk (app, error))
    return FALSE;
  if (!name_is_fine (name)) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID,
                 "a clerk's name is 1 to 32 of a-z, 0-9 and -, a letter first");
    return FALSE;
  }
  path = clerk_path (app, name);
  if (g_file_test (path, G_FILE_TEST_EXISTS)) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_CONFLICT, "there is a clerk called %s", name);
    return FALSE;
  }
  key = key_for_adding (app, by, by_passphrase, now, error);
  if (key == NULL || (wrap = key_wrap (key, passphrase, error)) == NULL)
    return FALSE;
  record = json_pack ("{s:o, s:i, s:i}", "wrap", wrap, "failures", 0, "locked_until", 0);
  if (!save_clerk (app, name, record, error) ||
      !note (app, ENTRY_KIND_STAFF_ACTION, "clerk_added", "clerk", name, now, error))
    return FALSE;
  /* From now on the key lies behind a passphrase only. */
  if (unlink (bare) != 0 && errno != ENOENT) {
    file_set_error (error, errno, "cannot remove", bare);
    return FALSE;
  }
  return TRUE;
}

gboolean
clerk_flow_remove (App *app, const char *name, gint64 now, GError **error)
{
  g_autoptr (GPtrArray) clerks = clerk_flow_list (app);
  g_autofree char *path = NULL;

  if (!is_desk (app, error))
    return FALSE;
  if (!g_ptr_array_find_with_equal_func (clerks, name, g_str_equal, NULL)) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_NOT_FOUND, "there is no clerk called %s",
                 name);
    return FALSE;
  }
  if (clerks->len == 1) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_CONFLICT,
                 "%s is the last clerk: the hall key would be lost", name);
    return FALSE;
  }
  path = clerk_path (app, name);
  if (unlink (path) != 0) {
    file_set_error (error, errno, "cannot remove", path);
    return FALSE;
  }
  return note (app, ENTRY_KIND_STAFF_ACTION, "clerk_removed", "clerk", name, now, error);
}
