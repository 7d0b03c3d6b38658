/* printer-condition.h: what a printer says is wrong with it, in our own words, worst first.
 *
 * Source of the keywords: RFC 8011, section 5.4.12 (printer-state-reasons), PWG 5100.9. A reason's
 * suffix -error, -warning or -report is not believed: ippeveprinter reports an empty tray as
 * media-empty-warning while the job waits for paper. Pure: no libcups here, so screens may use it.
 */
#pragma once

#include <glib.h>

/* Worst first: a smaller value wins when several hold at once. Everything before
 * PRINTER_CONDITION_FIRST_ABLE keeps paper from coming out. */
typedef enum {
  PRINTER_CONDITION_NOT_CONFIGURED, /* no address in the configuration */
  PRINTER_CONDITION_UNREACHABLE,    /* nobody answers at the address */
  PRINTER_CONDITION_NOT_ANSWERING,  /* it takes the connection and then says nothing, or nonsense */
  PRINTER_CONDITION_JAM,            /* media-jam */
  PRINTER_CONDITION_COVER_OPEN,     /* cover-open, door-open, interlock-open */
  PRINTER_CONDITION_MEDIA_EMPTY,    /* media-empty, media-needed, input-tray-missing */
  PRINTER_CONDITION_MARKER_EMPTY,   /* toner-empty, marker-supply-empty, ... */
  PRINTER_CONDITION_OUTPUT_FULL,    /* output-area-full, output-tray-missing */
  PRINTER_CONDITION_HOT,            /* fuser-over-temp and its like */
  PRINTER_CONDITION_OFFLINE,        /* shutdown, deactivated, connecting-to-device, timed-out */
  PRINTER_CONDITION_PAUSED,         /* paused, moving-to-paused, hold-new-jobs, or takes no jobs */
  PRINTER_CONDITION_STOPPED,        /* state stopped, without a reason that we know */
  PRINTER_CONDITION_FIRST_ABLE,
  PRINTER_CONDITION_MEDIA_LOW = PRINTER_CONDITION_FIRST_ABLE, /* media-low */
  PRINTER_CONDITION_MARKER_LOW, /* toner-low, marker-supply-low, ... */
  PRINTER_CONDITION_OUTPUT_NEAR_FULL,
  PRINTER_CONDITION_OTHER, /* a reason that we do not know; it still prints */
  PRINTER_CONDITION_READY,
} PrinterCondition;

#define PRINTER_CONDITION_N (PRINTER_CONDITION_READY + 1)

/* The condition that one IPP keyword stands for; "none" is READY, a stranger OTHER. The keyword may
 * carry a suffix and be longer (media-empty-main-tray is no IPP keyword: OTHER). */
PrinterCondition printer_condition_from_reason (const char *keyword);

/* The worse of two. */
PrinterCondition printer_condition_worst (PrinterCondition a, PrinterCondition b);

/* FALSE if no paper can come out now. */
gboolean printer_condition_can_print (PrinterCondition condition);

/* TRUE if a person at the machine can mend it and the printer then goes on by itself: jam, cover,
 * paper, colour, tray. */
gboolean printer_condition_is_mendable (PrinterCondition condition);

/* The stable word, for the store, logs and --json: "media-empty", "ready", ... Static. */
const char *printer_condition_word (PrinterCondition condition);

/* The condition of a word; FALSE, `ret_condition` untouched, if there is none. */
gboolean printer_condition_parse (const char *word, PrinterCondition *ret_condition);

/* A short code to read out to the help desk, "P-02" as on the screens. Static. */
const char *printer_condition_code (PrinterCondition condition);

/* What it is and what to do about it: English msgids for base/translate.h. Static. */
const char *printer_condition_sentence (PrinterCondition condition);
const char *printer_condition_remedy (PrinterCondition condition);
