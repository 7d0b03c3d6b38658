/* device-hints.c: what onestop-print, the scanning and onestop-sync left in the store. The screen
 * itself asks no device and has no network. */
#include "kiosk/device-hints.h"

#include <string.h>

#include "base/clock.h"
#include "base/translate.h"
#include "flow/print-flow.h"
#include "ops/health.h"

/* Two or three words: the page of a fault has room for the sentence. */
static const char *
printer_words (PrinterCondition condition)
{
  switch (condition) {
  case PRINTER_CONDITION_MEDIA_EMPTY:
    return N_ ("Out of paper");
  case PRINTER_CONDITION_MEDIA_LOW:
    return N_ ("Paper is low");
  case PRINTER_CONDITION_MARKER_LOW:
    return N_ ("Ink is low");
  case PRINTER_CONDITION_OUTPUT_NEAR_FULL:
    return N_ ("Tray nearly full");
  case PRINTER_CONDITION_READY:
  case PRINTER_CONDITION_OTHER:
    return N_ ("Printer");
  default:
    return N_ ("Printer fault");
  }
}

static void
show_printer (App *app, BottomBar *bar, gint64 now)
{
  PrinterHealth health = {0};
  BottomBarState state = BOTTOM_BAR_NOTICE;

  if (!print_flow_health (app->db, PRINT_FLOW_RECEIPT_PRINTER, now, &health, NULL) ||
      !health.known) {
    bottom_bar_set_device (bar, "printer", NULL, NULL, BOTTOM_BAR_FINE);
    return;
  }
  if (!printer_condition_can_print (health.condition))
    state = BOTTOM_BAR_ERROR;
  else if (health.condition == PRINTER_CONDITION_READY ||
           health.condition == PRINTER_CONDITION_OTHER)
    state = BOTTOM_BAR_FINE;
  bottom_bar_set_device (bar, "printer", "printer", printer_words (health.condition), state);
}

static void
show_scanner (const HealthSubject *subject, BottomBar *bar)
{
  g_autoptr (HealthFinding) finding = health_scanner (subject);

  if (finding == NULL)
    bottom_bar_set_device (bar, "scanner", NULL, NULL, BOTTOM_BAR_FINE);
  else if (finding->level == HEALTH_FINE)
    bottom_bar_set_device (bar, "scanner", "scanner", N_ ("Scanner"), BOTTOM_BAR_FINE);
  else
    bottom_bar_set_device (bar, "scanner", "scanner", N_ ("Scanner fault"), BOTTOM_BAR_ERROR);
}

/* Without the city most things can be done here: never more than a notice. */
static void
show_network (const HealthSubject *subject, BottomBar *bar)
{
  g_autoptr (HealthFinding) finding = health_city (subject);

  if (finding == NULL || strcmp (finding->word, "never") == 0)
    bottom_bar_set_device (bar, "network", NULL, NULL, BOTTOM_BAR_FINE);
  else if (finding->level == HEALTH_FINE)
    bottom_bar_set_device (bar, "network", "network-wired", N_ ("Network"), BOTTOM_BAR_FINE);
  else
    bottom_bar_set_device (bar, "network", "network-offline", N_ ("Offline"), BOTTOM_BAR_NOTICE);
}

void
device_hints_show (Kiosk *kiosk, BottomBar *bar)
{
  App *app = kiosk->app;
  gint64 now = clock_now ();
  HealthSubject subject = {
      .config = app->config, .db = app->db, .enrolment = app->enrolment, .now = now};

  show_printer (app, bar, now);
  show_scanner (&subject, bar);
  show_network (&subject, bar);
}
