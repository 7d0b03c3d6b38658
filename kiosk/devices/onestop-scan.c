/* onestop-scan.c: the helper that alone speaks to scanners. One task a life; what it says are JSON
 * lines on standard output, a page's JPEG goes to descriptor 3, nothing goes to disk.
 *
 *   onestop-scan list                                   {"event":"device","name","vendor","model"}
 *   onestop-scan page DEVICE [--resolution N] [--after NAME]
 *       {"event":"progress","percent"}  {"event":"page","width","height","dpi","bytes","name"?}
 *   onestop-scan probe DEVICE                           {"event":"ready"}
 * or {"event":"fault","word","message","name"?}. Exit 0 done, 2 usage, 3 fault. */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "base/error.h"
#include "base/file.h"
#include "base/strict-json.h"
#include "devices/scan-page.h"

#define PAGE_FD 3
#define PARK_SECONDS 8

static int
say (json_t *taken)
{
  g_autoptr (json_t) event = taken;
  g_autofree char *line = strict_json_write (event);
  return printf ("%s\n", line) < 0 || fflush (stdout) != 0 ? 3 : 0;
}

static int
say_fault (ScannerFault fault, const char *message, const char *name)
{
  g_autofree char *text = g_utf8_make_valid (message != NULL ? message : "", -1);
  json_t *event = json_pack ("{s:s, s:s, s:s}", "event", "fault", "word",
                             scanner_fault_word (fault), "message", text);

  if (name != NULL)
    json_object_set_new (event, "name", json_string (name));
  say (event);
  return 3;
}

static void
on_progress (guint percent)
{
  static guint said = 0;

  if (percent <= said || (percent < said + 2 && percent != 100))
    return;
  said = percent;
  say (json_pack ("{s:s, s:i}", "event", "progress", "percent", (int)percent));
}

static void
on_device (const char *name, const char *vendor, const char *model)
{
  g_autofree char *device = g_strconcat ("sane:", name, NULL);
  g_autofree char *valid = g_utf8_make_valid (device, -1);
  g_autofree char *by = g_utf8_make_valid (vendor != NULL ? vendor : "", -1);
  g_autofree char *what = g_utf8_make_valid (model != NULL ? model : "", -1);

  say (json_pack ("{s:s, s:s, s:s, s:s}", "event", "device", "name", valid, "vendor", by, "model",
                  what));
}

static gboolean
write_page (GBytes *jpeg)
{
  gsize length = 0;
  const guint8 *bytes = g_bytes_get_data (jpeg, &length);

  return file_write_all (PAGE_FD, bytes, length) && close (PAGE_FD) == 0;
}

static int
give_page (const ScanPage *page)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) jpeg = scan_page_encode (page, &error);
  json_t *event;

  if (jpeg == NULL || g_bytes_get_size (jpeg) > SCANNER_MAX_PAGE)
    return say_fault (SCANNER_FAULT_TOO_LARGE, error != NULL ? error->message : "", page->name);
  if (!write_page (jpeg))
    return say_fault (SCANNER_FAULT_FAILED, "nobody takes the page", page->name);
  event =
      json_pack ("{s:s, s:i, s:i, s:i, s:i}", "event", "page", "width", (int)page->width, "height",
                 (int)page->height, "dpi", (int)page->dpi, "bytes", (int)g_bytes_get_size (jpeg));
  if (page->name != NULL)
    json_object_set_new (event, "name", json_string (page->name));
  return say (event);
}

static int
scan (const char *device, guint dpi, const char *after)
{
  g_auto (ScanPage) page = {0};
  g_autofree char *message = NULL;
  ScannerFault fault;

  if (g_str_has_prefix (device, "sane:"))
    fault = scan_page_from_sane (device + strlen ("sane:"), dpi, on_progress, &page, &message);
  else if (g_str_has_prefix (device, "folder:"))
    fault = scan_page_from_folder (device + strlen ("folder:"), after, dpi, &page, &message);
  else
    return 2;
  if (fault != SCANNER_FAULT_NONE)
    return say_fault (fault, message, page.name);
  on_progress (100);
  return give_page (&page);
}

static int
probe (const char *device)
{
  g_auto (ScanPage) page = {0};
  g_autofree char *message = NULL;
  ScannerFault fault = SCANNER_FAULT_FAILED;

  if (g_str_has_prefix (device, "sane:"))
    fault = scan_page_probe_sane (device + strlen ("sane:"), &message);
  else if (g_str_has_prefix (device, "folder:"))
    fault = scan_page_from_folder (device + strlen ("folder:"), NULL, 300, &page, &message);
  if (fault != SCANNER_FAULT_NONE)
    return say_fault (fault, message, NULL);
  return say (json_pack ("{s:s}", "event", "ready"));
}

static int
list (void)
{
  g_autofree char *message = NULL;
  ScannerFault fault = scan_page_list_sane (on_device, &message);

  return fault == SCANNER_FAULT_NONE ? 0 : say_fault (fault, message, NULL);
}

static void
on_terminate (int number)
{
  /* The standard allows sane_cancel here: the device parks its lamp. A second signal ends us. */
  if (!scan_page_stop_sane ())
    _exit (3);
}

static int
usage (FILE *to)
{
  fprintf (to, "usage: onestop-scan list\n"
               "       onestop-scan page DEVICE [--resolution N] [--after NAME] 3>PAGE.jpg\n"
               "       onestop-scan probe DEVICE\n"
               "DEVICE is sane:NAME[;OPTION=VALUE]... or folder:DIR\n");
  return to == stdout ? 0 : 2;
}

static int
run_page (int argc, char **argv)
{
  guint64 dpi = 300;
  const char *after = NULL;

  for (int i = 3; i < argc; i += 2) {
    if (i + 1 < argc && strcmp (argv[i], "--after") == 0)
      after = argv[i + 1];
    else if (i + 1 >= argc || strcmp (argv[i], "--resolution") != 0 ||
             !g_ascii_string_to_unsigned (argv[i + 1], 10, 50, 1200, &dpi, NULL))
      return usage (stderr);
  }
  return scan (argv[2], (guint)dpi, after);
}

static int
run (int argc, char **argv)
{
  struct sigaction terminate = {.sa_handler = on_terminate, .sa_flags = SA_RESETHAND};
  int result = 2;

  prctl (PR_SET_PDEATHSIG, SIGKILL);
  prctl (PR_SET_DUMPABLE, 0);
  signal (SIGPIPE, SIG_IGN);
  sigaction (SIGTERM, &terminate, NULL);
  if (argc == 2 && strcmp (argv[1], "--help") == 0)
    return usage (stdout);
  if (argc == 2 && strcmp (argv[1], "--version") == 0)
    return printf ("onestop-scan %s\n", ONESTOP_VERSION) < 0;
  if (argc == 2 && strcmp (argv[1], "list") == 0)
    return list ();
  if (argc == 3 && strcmp (argv[1], "probe") == 0)
    result = probe (argv[2]);
  else if (argc >= 3 && strcmp (argv[1], "page") == 0)
    result = run_page (argc, argv);
  return result == 2 ? usage (stderr) : result;
}

static volatile sig_atomic_t ending;

static void
on_alarm (int number)
{
  _exit (ending);
}

int
main (int argc, char **argv)
{
  ending = run (argc, argv);
  fflush (NULL);
  /* What was asked for is said. The lamp goes home if the backend lets it; not by exit: see
   * scan-sane.c. */
  signal (SIGALRM, on_alarm);
  alarm (PARK_SECONDS);
  scan_page_park_sane ();
  _exit (ending);
}
