/* printer-condition.c: one table of conditions and one of IPP keywords. Refuses to believe a
 * reason's severity suffix, and to call a printer broken for a word that it does not know. */
#include "devices/printer-condition.h"

#include <string.h>

#include "base/translate.h"

static const struct {
  const char *word, *code, *sentence, *remedy;
} conditions[PRINTER_CONDITION_N] = {
    [PRINTER_CONDITION_NOT_CONFIGURED] = {"not-configured", "P-10",
                                          N_ ("No printer is set up for this machine"),
                                          N_ ("Set the printer's address in the configuration")},
    [PRINTER_CONDITION_UNREACHABLE] = {"unreachable", "P-11", N_ ("The printer is not answering"),
                                       N_ ("Check the printer's power and cable")},
    [PRINTER_CONDITION_NOT_ANSWERING] = {"not-answering", "P-12",
                                         N_ ("The printer answers nothing useful"),
                                         N_ ("Switch the printer off and on again")},
    [PRINTER_CONDITION_JAM] = {"jam", "P-03", N_ ("Paper is stuck in the printer"),
                               N_ ("Open the printer and take the stuck paper out")},
    [PRINTER_CONDITION_COVER_OPEN] = {"cover-open", "P-01", N_ ("The printer's cover is open"),
                                      N_ ("Close the printer's cover")},
    [PRINTER_CONDITION_MEDIA_EMPTY] = {"media-empty", "P-02", N_ ("The printer is out of paper"),
                                       N_ ("Put paper into the printer")},
    [PRINTER_CONDITION_MARKER_EMPTY] = {"marker-empty", "P-04",
                                        N_ ("The printer is out of ink or toner"),
                                        N_ ("Change the ink or toner")},
    [PRINTER_CONDITION_OUTPUT_FULL] = {"output-full", "P-05", N_ ("The printer's tray is full"),
                                       N_ ("Take the paper out of the printer's tray")},
    [PRINTER_CONDITION_HOT] = {"hot", "P-06", N_ ("The printer is too hot"),
                               N_ ("Wait until the printer has cooled down")},
    [PRINTER_CONDITION_OFFLINE] = {"offline", "P-13", N_ ("The printer is switched off"),
                                   N_ ("Switch the printer on")},
    [PRINTER_CONDITION_PAUSED] = {"paused", "P-07", N_ ("The printer is paused"),
                                  N_ ("Resume the printer at its panel")},
    [PRINTER_CONDITION_STOPPED] = {"stopped", "P-08", N_ ("The printer has stopped"),
                                   N_ ("Look at the printer's panel")},
    [PRINTER_CONDITION_MEDIA_LOW] = {"media-low", "P-21", N_ ("The printer is low on paper"),
                                     N_ ("Have paper ready")},
    [PRINTER_CONDITION_MARKER_LOW] = {"marker-low", "P-22",
                                      N_ ("The printer is low on ink or toner"),
                                      N_ ("Have ink or toner ready")},
    [PRINTER_CONDITION_OUTPUT_NEAR_FULL] = {"output-near-full", "P-23",
                                            N_ ("The printer's tray is nearly full"),
                                            N_ ("Take the paper out of the printer's tray")},
    [PRINTER_CONDITION_OTHER] = {"other", "P-20", N_ ("The printer prints, and reports something"),
                                 N_ ("Look at the printer's panel")},
    [PRINTER_CONDITION_READY] = {"ready", "P-00", N_ ("The printer is ready"),
                                 N_ ("Nothing to do")},
};

static const struct {
  const char *keyword;
  PrinterCondition condition;
} reasons[] = {
    {"none", PRINTER_CONDITION_READY},
    {"media-jam", PRINTER_CONDITION_JAM},
    {"cover-open", PRINTER_CONDITION_COVER_OPEN},
    {"door-open", PRINTER_CONDITION_COVER_OPEN},
    {"interlock-open", PRINTER_CONDITION_COVER_OPEN},
    {"media-empty", PRINTER_CONDITION_MEDIA_EMPTY},
    {"media-needed", PRINTER_CONDITION_MEDIA_EMPTY},
    {"input-tray-missing", PRINTER_CONDITION_MEDIA_EMPTY},
    {"toner-empty", PRINTER_CONDITION_MARKER_EMPTY},
    {"marker-supply-empty", PRINTER_CONDITION_MARKER_EMPTY},
    {"marker-waste-full", PRINTER_CONDITION_MARKER_EMPTY},
    {"developer-empty", PRINTER_CONDITION_MARKER_EMPTY},
    {"opc-life-over", PRINTER_CONDITION_MARKER_EMPTY},
    {"output-area-full", PRINTER_CONDITION_OUTPUT_FULL},
    {"output-tray-missing", PRINTER_CONDITION_OUTPUT_FULL},
    {"fuser-over-temp", PRINTER_CONDITION_HOT},
    {"fuser-under-temp", PRINTER_CONDITION_HOT},
    {"shutdown", PRINTER_CONDITION_OFFLINE},
    {"deactivated", PRINTER_CONDITION_OFFLINE},
    {"offline", PRINTER_CONDITION_OFFLINE},
    {"connecting-to-device", PRINTER_CONDITION_OFFLINE},
    {"timed-out", PRINTER_CONDITION_OFFLINE},
    {"paused", PRINTER_CONDITION_PAUSED},
    {"moving-to-paused", PRINTER_CONDITION_PAUSED},
    {"hold-new-jobs", PRINTER_CONDITION_PAUSED},
    {"stopping", PRINTER_CONDITION_PAUSED},
    {"stopped-partly", PRINTER_CONDITION_OTHER},
    {"media-low", PRINTER_CONDITION_MEDIA_LOW},
    {"toner-low", PRINTER_CONDITION_MARKER_LOW},
    {"marker-supply-low", PRINTER_CONDITION_MARKER_LOW},
    {"marker-waste-almost-full", PRINTER_CONDITION_MARKER_LOW},
    {"developer-low", PRINTER_CONDITION_MARKER_LOW},
    {"opc-near-eol", PRINTER_CONDITION_MARKER_LOW},
    {"output-area-almost-full", PRINTER_CONDITION_OUTPUT_NEAR_FULL},
};

PrinterCondition
printer_condition_from_reason (const char *keyword)
{
  static const char *const suffixes[] = {"-error", "-warning", "-report"};
  gsize length = strlen (keyword);

  for (gsize i = 0; i < G_N_ELEMENTS (suffixes); i++)
    if (g_str_has_suffix (keyword, suffixes[i])) {
      length -= strlen (suffixes[i]);
      break;
    }
  for (gsize i = 0; i < G_N_ELEMENTS (reasons); i++)
    if (strlen (reasons[i].keyword) == length && strncmp (reasons[i].keyword, keyword, length) == 0)
      return reasons[i].condition;
  return PRINTER_CONDITION_OTHER;
}

PrinterCondition
printer_condition_worst (PrinterCondition a, PrinterCondition b)
{
  return MIN (a, b);
}

gboolean
printer_condition_can_print (PrinterCondition condition)
{
  return condition >= PRINTER_CONDITION_FIRST_ABLE;
}

gboolean
printer_condition_is_mendable (PrinterCondition condition)
{
  return condition >= PRINTER_CONDITION_JAM && condition <= PRINTER_CONDITION_HOT;
}

const char *
printer_condition_word (PrinterCondition condition)
{
  return conditions[condition].word;
}

gboolean
printer_condition_parse (const char *word, PrinterCondition *ret_condition)
{
  for (int i = 0; i < PRINTER_CONDITION_N; i++)
    if (g_strcmp0 (conditions[i].word, word) == 0) {
      *ret_condition = i;
      return TRUE;
    }
  return FALSE;
}

const char *
printer_condition_code (PrinterCondition condition)
{
  return conditions[condition].code;
}

const char *
printer_condition_sentence (PrinterCondition condition)
{
  return conditions[condition].sentence;
}

const char *
printer_condition_remedy (PrinterCondition condition)
{
  return conditions[condition].remedy;
}
