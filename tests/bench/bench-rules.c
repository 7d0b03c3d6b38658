/* bench-rules.c: criteria over people, each with its explanation, for test-rules-alone.py. Reads
 * {"rules": [criterion], "people": [facts]}; prints, as JSON, how many people all rules were
 * explained to in a second of processor time (medians of rounds): `rate` with their facts read
 * before, `whole_rate` with the reading; and for each person the rules met, as a text of 0 and 1.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/strict-json.h"
#include "domain/criterion.h"

#define ROUNDS 7
#define TODAY "2026-11-23"

static double
processor_seconds (void)
{
  struct timespec now;
  clock_gettime (CLOCK_PROCESS_CPUTIME_ID, &now);
  return now.tv_sec + now.tv_nsec / 1e9;
}

static int
compare (const void *a, const void *b)
{
  double x = *(const double *)a, y = *(const double *)b;
  return x < y ? -1 : x > y;
}

typedef struct {
  CriterionSet *set;
  CriterionCheck *check;
  GPtrArray *rules;
  json_t *people;
  GPtrArray *facts; /* LogicData */
  guint lines;      /* of all explanations: they are looked at, so they must be made */
  char *verdicts;   /* of the last person */
} Bench;

static void
explain (Bench *bench, const LogicData *facts)
{
  criterion_check_begin (bench->check, facts);
  for (guint i = 0; i < bench->rules->len; i++) {
    guint n;
    const CriterionReason *lines =
        criterion_check_explain (bench->check, bench->rules->pdata[i], &n);
    bench->verdicts[i] = lines[0].outcome == CRITERION_MET ? '1' : '0';
    bench->lines += n;
  }
}

static double
measure (Bench *bench, guint repeat, gboolean read)
{
  double rates[ROUNDS];
  guint n = bench->facts->len;
  for (guint round = 0; round < ROUNDS; round++) {
    double started = processor_seconds ();
    for (guint i = 0; i < n * repeat; i++) {
      if (!read) {
        explain (bench, bench->facts->pdata[i % n]);
        continue;
      }
      g_autoptr (LogicData) facts =
          criterion_set_read (bench->set, json_array_get (bench->people, i % n), TODAY);
      explain (bench, facts);
    }
    rates[round] = n * repeat / (processor_seconds () - started);
  }
  qsort (rates, ROUNDS, sizeof *rates, compare);
  return rates[ROUNDS / 2];
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (json_t) all = argc == 3 ? strict_json_load (argv[1], &error) : NULL;
  if (all == NULL)
    g_error ("bench-rules FILE REPEAT: %s", error == NULL ? "usage" : error->message);
  const json_t *list = json_object_get (all, "rules");
  g_autoptr (CriterionSet) set = criterion_set_new (NULL, &error);
  g_autoptr (GPtrArray) rules = g_ptr_array_new ();
  for (gsize i = 0; i < json_array_size (list); i++)
    g_ptr_array_add (rules,
                     (gpointer)criterion_set_add (set, json_array_get (list, i), "", &error));
  g_assert_no_error (error);

  g_autoptr (CriterionCheck) check = criterion_check_new (set);
  g_autoptr (GPtrArray) facts = g_ptr_array_new_with_free_func ((GDestroyNotify)logic_data_free);
  g_autofree char *verdicts = g_malloc0 (rules->len + 1);
  Bench bench = {set, check, rules, json_object_get (all, "people"), facts, 0, verdicts};
  g_autoptr (json_t) met = json_array ();
  for (gsize i = 0; i < json_array_size (bench.people); i++) {
    LogicData *one = criterion_set_read (set, json_array_get (bench.people, i), TODAY);
    g_ptr_array_add (facts, one);
    explain (&bench, one);
    json_array_append_new (met, json_string (verdicts));
  }
  double lines = (double)bench.lines / facts->len;
  double rate = measure (&bench, atoi (argv[2]), FALSE);
  double whole_rate = measure (&bench, atoi (argv[2]), TRUE);
  g_autoptr (json_t) said =
      json_pack ("{sfsfsfsO}", "rate", rate, "whole_rate", whole_rate, "lines", lines, "met", met);
  g_autofree char *text = strict_json_write (said);
  puts (text);
  return 0;
}
