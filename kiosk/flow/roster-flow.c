/* roster-flow.c: from an identity number to titles, by a keyed hash. Wipes what it computes with.
 */
#include "flow/roster-flow.h"

#include <string.h>

#include "base/clock.h"
#include "base/encode.h"
#include "base/error.h"
#include "base/file.h"
#include "base/log.h"
#include "base/strict-json.h"
#include "domain/number.h"
#include "store/roster-store.h"
#include "trust/hash.h"

/* --- Importing
 * ------------------------------------------------------------------------------------------ */

/* The option `title` of any question, and the question; NULL if there is none. */
static const GuideOption *
option_of (const Guide *guide, const char *title, const GuideField **ret_fact)
{
  const GPtrArray *facts = guide_facts (guide);
  for (guint i = 0; i < facts->len; i++) {
    const GuideField *fact = facts->pdata[i];
    for (guint k = 0; fact->type == GUIDE_FIELD_MULTICHOICE && k < fact->options->len; k++) {
      const GuideOption *option = fact->options->pdata[k];
      if (strcmp (option->value, title) != 0)
        continue;
      if (ret_fact != NULL)
        *ret_fact = fact;
      return option;
    }
  }
  return NULL;
}

static char *
read_key (const char *path, GError **error)
{
  g_autofree char *text = file_read_text (path, 128, error);
  if (text == NULL)
    return NULL;
  g_strchomp (text);
  guint8 key[HASH_KEY_BYTES];
  gboolean fine = strlen (text) == 2 * sizeof key && encode_unhex (text, key, sizeof key);
  explicit_bzero (key, sizeof key);
  if (fine)
    return g_steal_pointer (&text);
  g_set_error_literal (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID,
                       "a roster's key is 64 hex digits");
  return NULL;
}

gboolean
roster_flow_import (App *app, Db *db, const char *path, const char *key_path, gint64 now,
                    guint *ret_lines, GError **error)
{
  g_autofree char *key = read_key (key_path, error);
  g_autofree char *text = key != NULL ? file_read_text (path, ROSTER_MAX_BYTES, error) : NULL;
  g_autoptr (GArray) lines = text != NULL ? roster_parse (text, error) : NULL;

  if (lines == NULL)
    return FALSE;
  for (guint i = 0; i < lines->len; i++) {
    const RosterLine *line = &g_array_index (lines, RosterLine, i);
    if (option_of (app->guide, line->title, NULL) != NULL)
      continue;
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID,
                 "entry %u of the roster has a title that the guide does not know", i + 1);
    return FALSE;
  }
  if (!roster_store_replace (db, key, lines, now, error))
    return FALSE;
  if (ret_lines != NULL)
    *ret_lines = lines->len;
  return TRUE;
}

/* --- Asking
 * ---------------------------------------------------------------------------------------------- */

static gboolean
kind_of (const GuideField *field, NumberKind *ret_kind)
{
  switch (field->type) {
  case GUIDE_FIELD_ID_CN:
    *ret_kind = NUMBER_KIND_ID_CN;
    return TRUE;
  case GUIDE_FIELD_RESIDENCE_PERMIT:
    *ret_kind = NUMBER_KIND_RESIDENCE_PERMIT;
    return TRUE;
  case GUIDE_FIELD_PERMANENT_CARD:
    *ret_kind = NUMBER_KIND_PERMANENT_CARD;
    return TRUE;
  case GUIDE_FIELD_PASSPORT:
    *ret_kind = NUMBER_KIND_PASSPORT;
    return TRUE;
  default:
    return FALSE;
  }
}

/* The hash of a valid number under the roster's key; NULL for one that is not. */
static char *
hash_of (const char *key_hex, NumberKind kind, const char *number)
{
  g_autofree char *today = clock_day (clock_now ());
  g_auto (NumberResult) checked = {0};
  guint8 key[HASH_KEY_BYTES];
  if (!number_check (kind, number, today, &checked) || !encode_unhex (key_hex, key, sizeof key))
    return NULL;
  char *hash = hash_keyed_hex (key, checked.normal, strlen (checked.normal));
  explicit_bzero (key, sizeof key);
  return hash;
}

static void
add_titles (App *app, const char *hash, GPtrArray *options)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) titles = roster_store_titles (app->db, hash, &error);
  if (titles == NULL)
    log_warning ("roster.read", "%s", error->message);
  for (guint i = 0; titles != NULL && i < titles->len; i++) {
    const GuideOption *option = option_of (app->guide, titles->pdata[i], NULL);
    if (option != NULL && !g_ptr_array_find (options, option, NULL))
      g_ptr_array_add (options, (gpointer)option);
  }
}

GPtrArray *
roster_flow_match (App *app, const IntakeFlow *flow)
{
  GPtrArray *options = g_ptr_array_new ();
  g_autofree char *key = app->db != NULL ? roster_store_key (app->db, NULL) : NULL;
  const GuideService *service = intake_flow_peek_service (flow);
  NumberKind kind;

  if (key == NULL)
    return options;
  for (guint i = 0; i < service->form->len; i++) {
    const GuideSection *section = service->form->pdata[i];
    for (guint k = 0; k < section->fields->len; k++) {
      const GuideField *field = section->fields->pdata[k];
      const char *number = json_string_value (intake_flow_peek_answer (flow, field->id));
      if (number == NULL || !kind_of (field, &kind) ||
          !form_visible (service, field, intake_flow_peek_answers (flow)))
        continue;
      g_autofree char *hash = hash_of (key, kind, number);
      if (hash != NULL)
        add_titles (app, hash, options);
    }
  }
  explicit_bzero (key, strlen (key));
  return options;
}

/* The leaf below `criterion` that asks for this title alone. */
static const Criterion *
leaf_for (const Criterion *criterion, const char *title)
{
  const json_t *args = json_object_get (criterion_member (criterion, "logic"), "in");
  if (json_array_size (args) == 2 &&
      g_strcmp0 (json_string_value (json_array_get (args, 0)), title) == 0)
    return criterion;
  for (guint i = 0; i < criterion_n_children (criterion); i++) {
    const Criterion *leaf = leaf_for (criterion_child (criterion, i), title);
    if (leaf != NULL)
      return leaf;
  }
  return NULL;
}

const char *
roster_flow_title (const Guide *guide, const GuideOption *option, const char *language)
{
  const GPtrArray *categories = guide_categories (guide);
  for (guint i = 0; i < categories->len; i++) {
    const Criterion *leaf = leaf_for (categories->pdata[i], option->value);
    if (leaf != NULL)
      return guide_text (criterion_member (leaf, "text"), language, NULL);
  }
  return guide_text (option->label, language, NULL);
}

/* Adds `title` to the answer of `field`; FALSE if it stands there already. */
static gboolean
add_answer (IntakeFlow *flow, const GuideField *field, const char *title)
{
  const json_t *now = intake_flow_peek_answer (flow, field->id);
  json_t *list = json_is_array (now) ? json_deep_copy (now) : json_array ();
  for (gsize i = 0; i < json_array_size (list); i++)
    if (g_strcmp0 (json_string_value (json_array_get (list, i)), title) == 0) {
      json_decref (list);
      return FALSE;
    }
  json_array_append_new (list, json_string (title));
  return intake_flow_take_answer (flow, field->id, list, NULL);
}

gboolean
roster_flow_fill (App *app, IntakeFlow *flow)
{
  g_autoptr (GPtrArray) options = roster_flow_match (app, flow);
  const GuideService *service = intake_flow_peek_service (flow);
  gboolean added = FALSE;

  for (guint o = 0; o < options->len; o++) {
    const GuideOption *option = options->pdata[o];
    const GuideField *fact = NULL;
    if (option_of (app->guide, option->value, &fact) == NULL || fact == NULL)
      continue;
    for (guint i = 0; i < service->form->len; i++) {
      const GuideSection *section = service->form->pdata[i];
      for (guint k = 0; k < section->fields->len; k++) {
        const GuideField *field = section->fields->pdata[k];
        if (field->fact != NULL && strcmp (field->fact, fact->id) == 0)
          added |= add_answer (flow, field, option->value);
      }
    }
  }
  return added;
}
