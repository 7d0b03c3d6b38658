/* criterion-change.c: tries the values that rules can tell apart, one condition at a time. Knows
 * nothing of several changes at once, and calls no unknown fact known. */
#include "domain/criterion-change.h"

#include <string.h>

#include "base/strict-json.h"
#include "domain/guide.h"
#include "domain/question-values.h"

#define MAX_VALUES 2048 /* combinations of the facts of one leaf */

typedef struct {
  const Criterion *goal;
  const json_t *facts;
  const char *today;
  GPtrArray *leaves; /* of the goal, each once */
  gboolean *held;    /* which of them hold now */
} Search;

static gboolean
holds (const Criterion *criterion, const json_t *facts, const char *today)
{
  CriterionOutcome outcome = criterion_test (criterion, facts, today);
  return outcome == CRITERION_MET || outcome == CRITERION_TENTATIVE;
}

static void
add_leaves (const Criterion *criterion, GPtrArray *leaves)
{
  if (criterion_kind (criterion) == CRITERION_LEAF && !g_ptr_array_find (leaves, criterion, NULL))
    g_ptr_array_add (leaves, (gpointer)criterion);
  for (guint i = 0; i < criterion_n_children (criterion); i++)
    add_leaves (criterion_child (criterion, i), leaves);
}

static const GuideField *
field_of (const GPtrArray *fields, const char *fact)
{
  for (guint i = 0; i < fields->len; i++)
    if (strcmp (((const GuideField *)g_ptr_array_index (fields, i))->id, fact) == 0)
      return g_ptr_array_index (fields, i);
  return NULL;
}

static json_t *
values_of (const Search *search, const GPtrArray *fields, const char *fact)
{
  const GuideField *field = field_of (fields, fact);
  g_autoptr (GPtrArray) rules = g_ptr_array_new ();
  for (guint i = 0; i < search->leaves->len; i++) {
    const Criterion *leaf = g_ptr_array_index (search->leaves, i);
    if (g_strv_contains (criterion_facts (leaf), fact))
      g_ptr_array_add (rules, (gpointer)criterion_member (leaf, "logic"));
  }
  return field == NULL ? NULL : question_values (field, rules, search->today, MAX_VALUES);
}

/* The worlds in which `leaf` holds and all but its own facts is as it is: objects of facts; NULL if
 * they cannot be listed. */
static GPtrArray *
worlds_with (const Search *search, const GPtrArray *fields, const Criterion *leaf)
{
  GPtrArray *worlds = g_ptr_array_new_with_free_func ((GDestroyNotify)json_decref);
  g_ptr_array_add (worlds, json_copy ((json_t *)search->facts));
  for (const char *const *fact = criterion_facts (leaf); *fact != NULL; fact++) {
    g_autoptr (json_t) values = values_of (search, fields, *fact);
    GPtrArray *more = g_ptr_array_new_with_free_func ((GDestroyNotify)json_decref);
    for (guint i = 0; i < worlds->len; i++)
      for (gsize k = 0; k < json_array_size (values) && more->len <= MAX_VALUES; k++) {
        json_t *world = json_copy (g_ptr_array_index (worlds, i));
        json_object_set (world, *fact, json_array_get (values, k));
        g_ptr_array_add (more, world);
      }
    g_ptr_array_unref (worlds);
    worlds = more;
  }
  if (worlds->len > MAX_VALUES)
    g_ptr_array_set_size (worlds, 0);
  for (guint i = worlds->len; i-- > 0;)
    if (!holds (leaf, g_ptr_array_index (worlds, i), search->today))
      g_ptr_array_remove_index (worlds, i);
  return worlds;
}

/* Does `world` make a condition hold that is not held in all of `worlds`? */
static gboolean
gains_another (const Search *search, const GPtrArray *worlds, const json_t *world)
{
  for (guint i = 0; i < search->leaves->len; i++) {
    const Criterion *leaf = g_ptr_array_index (search->leaves, i);
    if (search->held[i] || !holds (leaf, world, search->today))
      continue;
    for (guint k = 0; k < worlds->len; k++)
      if (!holds (leaf, g_ptr_array_index (worlds, k), search->today))
        return TRUE;
  }
  return FALSE;
}

static gboolean
suffices (const Search *search, const GPtrArray *fields, const Criterion *leaf)
{
  g_autoptr (GPtrArray) worlds = worlds_with (search, fields, leaf);
  for (guint i = 0; i < worlds->len; i++) {
    const json_t *world = g_ptr_array_index (worlds, i);
    if (holds (search->goal, world, search->today) && !gains_another (search, worlds, world))
      return TRUE;
  }
  return FALSE;
}

GPtrArray *
criterion_change_find (const Criterion *goal, const GPtrArray *fields, const json_t *facts,
                       const char *today)
{
  GPtrArray *found = g_ptr_array_new ();
  if (criterion_test (goal, facts, today) != CRITERION_NOT_MET)
    return found;
  g_autoptr (GPtrArray) leaves = g_ptr_array_new ();
  add_leaves (goal, leaves);
  g_autofree gboolean *held = g_new (gboolean, leaves->len);
  for (guint i = 0; i < leaves->len; i++)
    held[i] = holds (g_ptr_array_index (leaves, i), facts, today);
  const Search search = {goal, facts, today, leaves, held};
  for (guint i = 0; i < leaves->len; i++) {
    const Criterion *leaf = g_ptr_array_index (leaves, i);
    if (criterion_is_changeable (leaf) &&
        criterion_test (leaf, facts, today) == CRITERION_NOT_MET &&
        suffices (&search, fields, leaf))
      g_ptr_array_add (found, (gpointer)leaf);
  }
  return found;
}
