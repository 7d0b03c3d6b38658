/* material.c: the checklist of documents, from the answers and from what has been added. Judges no
 * document's contents. */
#include "domain/material.h"

#include <string.h>

#include "base/strict-json.h"
#include "base/translate.h"
#include "domain/form.h"

/* The answers as the conditions of materials see them: what is hidden or may stay empty, and is,
 * says no; what must still be answered is unknown. */
static json_t *
decided_answers (const GuideService *service, const json_t *answers)
{
  json_t *known = form_effective (service, answers);
  for (guint i = 0; i < service->form->len; i++) {
    const GuideSection *section = g_ptr_array_index (service->form, i);
    for (guint k = 0; k < section->fields->len; k++) {
      const GuideField *field = g_ptr_array_index (section->fields, k);
      if (json_object_get (known, field->id) != NULL)
        continue;
      if (field->required && form_visible (service, field, answers))
        continue;
      json_object_set_new (known, field->id,
                           field->type == GUIDE_FIELD_MULTICHOICE ? json_array () : json_false ());
    }
  }
  return known;
}

static guint
count_documents (const json_t *documents, const char *slot)
{
  guint n = 0;
  for (gsize i = 0; i < json_array_size (documents); i++) {
    const json_t *name = json_object_get (json_array_get (documents, i), "slot");
    n += g_strcmp0 (json_string_value (name), slot) == 0;
  }
  return n;
}

/* The state of a material of which nothing is there. */
static MaterialState
state_without (const GuideMaterial *material, const json_t *known)
{
  LogicTruth needed = LOGIC_TRUE;
  switch (material->required) {
  case GUIDE_REQUIRED_EXEMPT:
    return MATERIAL_NOT_NEEDED;
  case GUIDE_REQUIRED_OPTIONAL:
    return MATERIAL_OPTIONAL;
  case GUIDE_REQUIRED_IF:
    needed = logic_test (material->when, known, LOGIC_TERNARY, NULL, NULL);
    break;
  case GUIDE_REQUIRED_ALWAYS:
    break;
  }
  if (needed == LOGIC_FALSE)
    return MATERIAL_NOT_NEEDED;
  if (needed == LOGIC_UNKNOWN)
    return MATERIAL_UNDECIDED;
  return material->deferrable_days > 0 ? MATERIAL_DEFERRED : MATERIAL_MISSING;
}

GPtrArray *
material_list (const GuideService *service, const json_t *answers, const json_t *documents)
{
  g_autoptr (json_t) known = decided_answers (service, answers);
  GPtrArray *list = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < service->materials->len; i++) {
    MaterialLine *line = g_new0 (MaterialLine, 1);
    line->material = g_ptr_array_index (service->materials, i);
    line->documents = count_documents (documents, line->material->id);
    line->full = line->documents >= line->material->max_documents;
    line->needed = state_without (line->material, known);
    line->state = line->documents > 0 ? MATERIAL_PRESENT : line->needed;
    g_ptr_array_add (list, line);
  }
  return list;
}

guint
material_missing (const GPtrArray *list)
{
  guint n = 0;
  for (guint i = 0; i < list->len; i++)
    n += ((const MaterialLine *)g_ptr_array_index (list, i))->state == MATERIAL_MISSING;
  return n;
}

guint
material_needed (const GPtrArray *list)
{
  guint n = 0;
  for (guint i = 0; i < list->len; i++) {
    MaterialState needed = ((const MaterialLine *)g_ptr_array_index (list, i))->needed;
    n += needed == MATERIAL_MISSING || needed == MATERIAL_DEFERRED;
  }
  return n;
}

const char *
material_refusal (const MaterialLine *line, const char *media, guint64 bytes)
{
  if (line->full)
    return N_ ("This place is full; remove a document first");
  if (bytes > line->material->max_bytes)
    return N_ ("The file is too large for this place");
  if (!g_strv_contains (line->material->accept, media))
    return N_ ("This kind of file is not taken here");
  return NULL;
}
