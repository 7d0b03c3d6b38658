/* test-printer.c: a printer's words, media, and the verdict over a job. */
#include <glib.h>
#include <string.h>

#include "base/error.h"
#include "devices/printer.h"

static void
test_conditions (void)
{
  PrinterCondition condition = PRINTER_CONDITION_READY;

  for (int i = 0; i < PRINTER_CONDITION_N; i++) {
    g_assert_nonnull (printer_condition_word (i));
    g_assert_cmpint (strlen (printer_condition_code (i)), ==, 4);
    g_assert_cmpint (strlen (printer_condition_sentence (i)), >, 5);
    g_assert_cmpint (strlen (printer_condition_remedy (i)), >, 5);
    g_assert_true (printer_condition_parse (printer_condition_word (i), &condition));
    g_assert_cmpint (condition, ==, i);
    for (int j = 0; j < i; j++) {
      g_assert_cmpstr (printer_condition_word (i), !=, printer_condition_word (j));
      g_assert_cmpstr (printer_condition_code (i), !=, printer_condition_code (j));
      g_assert_cmpint (printer_condition_worst (i, j), ==, j);
    }
  }
  g_assert_false (printer_condition_parse ("no-such", &condition));
  g_assert_false (printer_condition_parse (NULL, &condition));
  g_assert_cmpint (condition, ==, PRINTER_CONDITION_READY);
}

static void
test_reasons (void)
{
  static const struct {
    const char *keyword;
    PrinterCondition condition;
  } cases[] = {
      {"none", PRINTER_CONDITION_READY},
      {"media-empty", PRINTER_CONDITION_MEDIA_EMPTY},
      {"media-empty-error", PRINTER_CONDITION_MEDIA_EMPTY},
      {"media-empty-warning", PRINTER_CONDITION_MEDIA_EMPTY},
      {"media-empty-report", PRINTER_CONDITION_MEDIA_EMPTY},
      {"media-empty-error-error", PRINTER_CONDITION_OTHER},
      {"media-emptyish", PRINTER_CONDITION_OTHER},
      {"media", PRINTER_CONDITION_OTHER},
      {"-error", PRINTER_CONDITION_OTHER},
      {"", PRINTER_CONDITION_OTHER},
      {"com.example-smoke", PRINTER_CONDITION_OTHER},
      {"toner-low-report", PRINTER_CONDITION_MARKER_LOW},
      {"moving-to-paused", PRINTER_CONDITION_PAUSED},
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpint (printer_condition_from_reason (cases[i].keyword), ==, cases[i].condition);
  g_assert_false (printer_condition_can_print (PRINTER_CONDITION_STOPPED));
  g_assert_true (printer_condition_can_print (PRINTER_CONDITION_MEDIA_LOW));
  g_assert_true (printer_condition_is_mendable (PRINTER_CONDITION_JAM));
  g_assert_false (printer_condition_is_mendable (PRINTER_CONDITION_UNREACHABLE));
  g_assert_false (printer_condition_is_mendable (PRINTER_CONDITION_READY));
}

static void
test_media (void)
{
  static const char *const bad[] = {"",           "A4",         "roll:",     "roll:8000",
                                    "roll:80x",   "roll:8000x", "roll:0x0",  "roll:8000x20000x1",
                                    "roll:-1x-1", "papyrus",    "roll:9e9x9"};
  PrinterMedia media = {0};

  g_assert_true (printer_media_parse ("a4", &media, NULL));
  g_assert_cmpint (media.width, ==, 21000);
  g_assert_true (printer_media_parse ("roll:8000x11289", &media, NULL));
  g_assert_cmpint (media.length, ==, 11289);
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++) {
    g_autoptr (GError) error = NULL;
    g_assert_false (printer_media_parse (bad[i], &media, &error));
    g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID);
  }
  g_assert_cmpint (media.length, ==, 11289);
  g_assert_cmpint (printer_media_roll (112.891).length, ==, 11289);
  g_assert_cmpint (printer_media_roll (1).length, ==, 3000);
  g_assert_cmpint (printer_media_roll (1e9).length, ==, 200000);
}

static void
test_verdicts (void)
{
  PrinterJob job = {.state = PRINTER_JOB_COMPLETED};
  PrinterStatus status = {.condition = PRINTER_CONDITION_READY};

  g_assert_cmpint (printer_outcome (&job, &status), ==, PRINTER_OUTCOME_PRINTED);
  status.condition = PRINTER_CONDITION_MEDIA_LOW;
  g_assert_cmpint (printer_outcome (&job, &status), ==, PRINTER_OUTCOME_PRINTED);
  status.condition = PRINTER_CONDITION_MEDIA_EMPTY;
  g_assert_cmpint (printer_outcome (&job, &status), ==, PRINTER_OUTCOME_UNKNOWN);
  job.state = PRINTER_JOB_ABORTED;
  g_assert_cmpint (printer_outcome (&job, &status), ==, PRINTER_OUTCOME_FAILED);
  job.state = PRINTER_JOB_CANCELED;
  g_assert_cmpint (printer_outcome (&job, &status), ==, PRINTER_OUTCOME_FAILED);
  for (int state = 0; state < PRINTER_JOB_CANCELED; state++) {
    job.state = state;
    g_assert_cmpint (printer_outcome (&job, &status), ==, PRINTER_OUTCOME_PENDING);
  }
}

static void
test_nobody_there (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (printer_open ("http://localhost:1/ipp", &error));
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_null (printer_open ("ipp://127.0.0.1:1/ipp/print", &error));
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_OFFLINE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/printer/conditions", test_conditions);
  g_test_add_func ("/printer/reasons", test_reasons);
  g_test_add_func ("/printer/media", test_media);
  g_test_add_func ("/printer/verdicts", test_verdicts);
  g_test_add_func ("/printer/nobody-there", test_nobody_there);
  return g_test_run ();
}
