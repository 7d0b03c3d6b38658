/* spool-desk.c: the print spool from a test's hand: queues what a screen would, answers as a person
 * would, looks, and sends personal paper over the print socket. Prints one JSON document. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/file.h"
#include "base/strict-json.h"
#include "flow/print-client.h"
#include "flow/print-flow.h"
#include "store/receipt-store.h"

static json_t *
show (const PrintJob *job)
{
  return json_pack ("{sI ss ss si ss ss* ss sI}", "id", (json_int_t)job->id, "kind",
                    print_kind_word (job->kind), "reference", job->reference, "copy", job->copy,
                    "state", print_state_word (job->state), "reason", job->reason, "job_name",
                    job->job_name, "ipp_id", (json_int_t)job->ipp_id);
}

/* add NUMBER RECEIPT.json */
static json_t *
add (Db *db, char **argv, GError **error)
{
  g_autoptr (json_t) receipt = strict_json_load (argv[1], error);
  gint64 id = 0;

  if (receipt == NULL || !receipt_store_insert (db, argv[0], receipt, clock_now (), error) ||
      !print_spool_add (db, PRINT_KIND_RECEIPT, argv[0], clock_now (), &id, error))
    return NULL;
  return json_integer (id);
}

static json_t *
list (Db *db, char **argv, GError **error)
{
  g_autoptr (GPtrArray) jobs = print_spool_list (db, 100, error);
  json_t *all = jobs != NULL ? json_array () : NULL;

  for (guint i = 0; jobs != NULL && i < jobs->len; i++)
    json_array_insert_new (all, 0, show (g_ptr_array_index (jobs, i)));
  return all;
}

/* answer ID yes|no */
static json_t *
answer (Db *db, char **argv, GError **error)
{
  gint64 id = 0;

  if (!print_flow_answer (db, atoll (argv[0]), strcmp (argv[1], "yes") == 0, clock_now (), &id,
                          error))
    return NULL;
  return json_integer (id);
}

/* again ID */
static json_t *
again (Db *db, char **argv, GError **error)
{
  gint64 id = 0;

  if (!print_flow_again (db, atoll (argv[0]), clock_now (), &id, error))
    return NULL;
  return json_integer (id);
}

/* cancel ID */
static json_t *
cancel (Db *db, char **argv, GError **error)
{
  return print_flow_cancel (db, atoll (argv[0]), clock_now (), error) ? json_true () : NULL;
}

/* leave ID */
static json_t *
leave (Db *db, char **argv, GError **error)
{
  return print_flow_leave (db, atoll (argv[0]), clock_now (), error) ? json_true () : NULL;
}

/* health DEVICE */
static json_t *
health (Db *db, char **argv, GError **error)
{
  PrinterHealth seen;

  if (!print_flow_health (db, argv[0], clock_now (), &seen, error))
    return NULL;
  return json_pack ("{sb ss}", "known", seen.known, "condition",
                    printer_condition_word (seen.condition));
}

static void
on_state (gboolean sending, PrinterCondition condition, gpointer data)
{
  fprintf (stderr, "%s %s\n", sending ? "sending" : "waiting", printer_condition_word (condition));
}

/* send FILE.pdf MEDIA COPIES */
static json_t *
send (Db *db, char **argv, GError **error)
{
  static const char *const words[] = {"printed", "failed", "unknown", "not-sent"};
  g_autoptr (GBytes) pdf = file_read (argv[0], 64 * 1024 * 1024, error);
  g_autoptr (PrintClientEnd) end = NULL;

  if (pdf == NULL)
    return NULL;
  end = print_client_send (db_peek_directory (db), pdf, argv[1], atoi (argv[2]), on_state, NULL);
  return json_pack ("{ss ss ss}", "outcome", words[end->outcome], "reason", end->reason,
                    "condition", printer_condition_word (end->condition));
}

static const struct {
  const char *word;
  int arguments;
  json_t *(*run) (Db *db, char **argv, GError **error);
} acts[] = {{"add", 2, add},       {"list", 0, list},   {"answer", 2, answer}, {"again", 1, again},
            {"cancel", 1, cancel}, {"leave", 1, leave}, {"health", 1, health}, {"send", 3, send}};

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (Db) db = argc > 2 ? db_open (argv[1], clock_now (), &error) : NULL;
  g_autoptr (json_t) answer_json = NULL;

  for (gsize i = 0; db != NULL && i < G_N_ELEMENTS (acts); i++)
    if (strcmp (acts[i].word, argv[2]) == 0 && acts[i].arguments == argc - 3)
      answer_json = acts[i].run (db, argv + 3, &error);
  if (answer_json == NULL) {
    fprintf (stderr, "spool-desk: %s\n", error != NULL ? error->message : "DIRECTORY ACT...");
    return error != NULL ? onestop_error_exit_code (error) : 2;
  }
  g_autofree char *text = strict_json_write (answer_json);
  puts (text);
  return 0;
}
