/* dossier.c: the record that dossier-paper prints. Opens nothing, and forgets what it was given. */
#include "domain/dossier.h"

#include "base/error.h"
#include "domain/person.h"

static void
wipe_all (char **texts, gsize n)
{
  for (gsize i = 0; i < n; i++)
    person_text_free (texts[i]);
}

static void
dossier_field_free (gpointer data)
{
  DossierField *field = data;
  char *texts[] = {field->section, field->label, field->value};

  wipe_all (texts, G_N_ELEMENTS (texts));
  g_free (field);
}

static void
dossier_event_free (gpointer data)
{
  DossierEvent *event = data;
  char *texts[] = {event->step, event->who, event->note};

  wipe_all (texts, G_N_ELEMENTS (texts));
  g_free (event);
}

static void
dossier_document_free (gpointer data)
{
  DossierDocument *document = data;
  char *texts[] = {document->slot,   document->name,  document->file_name,
                   document->source, document->media, document->sha256};

  wipe_all (texts, G_N_ELEMENTS (texts));
  g_clear_pointer (&document->bytes, g_bytes_unref);
  g_free (document);
}

Dossier *
dossier_new (void)
{
  Dossier *dossier = g_new0 (Dossier, 1);

  dossier->fields = g_ptr_array_new_with_free_func (dossier_field_free);
  dossier->events = g_ptr_array_new_with_free_func (dossier_event_free);
  dossier->documents = g_ptr_array_new_with_free_func (dossier_document_free);
  dossier->missing = g_ptr_array_new_with_free_func ((GDestroyNotify)person_text_free);
  dossier->consents = g_ptr_array_new_with_free_func ((GDestroyNotify)person_text_free);
  return dossier;
}

void
dossier_free (Dossier *dossier)
{
  if (dossier == NULL)
    return;
  char *texts[] = {
      dossier->talent_file,  dossier->number,       dossier->service_name, dossier->guide,
      dossier->hall_name,    dossier->department,   dossier->applicant,    dossier->paper_kind,
      dossier->paper_number, dossier->on_behalf,    dossier->category,     dossier->identity_line,
      dossier->state,        dossier->limit_line,   dossier->printed_by,   dossier->printed_on,
      dossier->specialist_a, dossier->specialist_b, dossier->ticket_text};
  GPtrArray *lists[] = {dossier->fields, dossier->events, dossier->documents, dossier->missing,
                        dossier->consents};

  wipe_all (texts, G_N_ELEMENTS (texts));
  for (gsize i = 0; i < G_N_ELEMENTS (lists); i++)
    g_ptr_array_unref (lists[i]);
  g_free (dossier);
}

void
dossier_add_field (Dossier *dossier, const char *section, const char *label, const char *value)
{
  DossierField *field = g_new0 (DossierField, 1);

  field->section = g_strdup (section);
  field->label = g_strdup (label);
  field->value = g_strdup (value);
  g_ptr_array_add (dossier->fields, field);
}

void
dossier_add_event (Dossier *dossier, gint64 at, const char *step, const char *who, const char *note)
{
  DossierEvent *event = g_new0 (DossierEvent, 1);

  event->at = at;
  event->step = g_strdup (step);
  event->who = g_strdup (who);
  event->note = g_strdup (note);
  g_ptr_array_add (dossier->events, event);
}

DossierDocument *
dossier_add_document (Dossier *dossier, const char *slot, const char *name, int index,
                      const char *media, int rotate, GBytes *bytes)
{
  DossierDocument *document = g_new0 (DossierDocument, 1);

  document->slot = g_strdup (slot);
  document->name = g_strdup (name);
  document->index = index;
  document->media = g_strdup (media);
  document->rotate = rotate;
  document->bytes = bytes == NULL ? NULL : g_bytes_ref (bytes);
  g_ptr_array_add (dossier->documents, document);
  return document;
}

void
dossier_add_missing (Dossier *dossier, const char *name)
{
  g_ptr_array_add (dossier->missing, g_strdup (name));
}

void
dossier_add_consent (Dossier *dossier, const char *line)
{
  g_ptr_array_add (dossier->consents, g_strdup (line));
}

gboolean
dossier_check (const Dossier *dossier, GError **error)
{
  const char *lacking = NULL;

  if (dossier->number == NULL || *dossier->number == '\0')
    lacking = "a case number";
  else if (dossier->service_name == NULL)
    lacking = "the service's name";
  else if (dossier->hall_name == NULL)
    lacking = "the hall's name";
  else if (dossier->submitted_at <= 0 || dossier->printed_at <= 0)
    lacking = "the times of submission and printing";
  if (lacking != NULL)
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID, "a dossier needs %s", lacking);
  return lacking == NULL;
}
