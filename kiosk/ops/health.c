/* health.c: one function a part. Refuses to touch a device, to change anything, and to call
 * something fine that it could not look at. */
#include "ops/health.h"

#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/file.h"
#include "devices/printer-condition.h"
#include "store/device-health.h"
#include "store/guide-store.h"
#include "store/outbox.h"
#include "store/peer-store.h"
#include "store/print-spool.h"
#include "trust/certificate.h"

#define MINUTE_MS G_GINT64_CONSTANT (60000)
#define HOUR_MS (60 * MINUTE_MS)
#define DAY_MS (24 * HOUR_MS)
#define LOOKED_MS (2 * MINUTE_MS) /* onestop-print looks every few seconds */
#define HEARD_MS (3 * MINUTE_MS)  /* onestop-sync asks every half minute */
#define BACKLOG_WARNING_MS (15 * MINUTE_MS)
#define BACKLOG_FAULT_MS DAY_MS
#define DISK_FAULT (64u << 20)
#define DISK_WARNING (1024u << 20)
#define GUIDE_OLD_DAYS 180
#define KEYS_SOON_MS (14 * DAY_MS)
#define CERTIFICATE_SOON_MS (10 * DAY_MS)

static const char *const level_words[] = {"fault", "warning", "notice", "fine"};

const char *
health_level_word (HealthLevel level)
{
  return level_words[level];
}

void
health_finding_free (HealthFinding *finding)
{
  if (finding == NULL)
    return;
  g_free (finding->part);
  g_free (finding->word);
  g_free (finding->sentence);
  g_free (finding->remedy);
  g_free (finding);
}

/* Takes `sentence`. */
static void
add (GPtrArray *all, HealthLevel level, const char *part, const char *word, char *sentence,
     const char *remedy)
{
  HealthFinding *finding = g_new0 (HealthFinding, 1);

  finding->level = level;
  finding->part = g_strdup (part);
  finding->word = g_strdup (word);
  finding->sentence = sentence;
  finding->remedy = g_strdup (remedy);
  g_ptr_array_add (all, finding);
}

static void
add_fine (GPtrArray *all, const char *part, char *sentence)
{
  add (all, HEALTH_FINE, part, "fine", sentence, "");
}

/* ---- devices ---- */

static void
check_printer (const HealthSubject *subject, GPtrArray *all, const char *part, const char *uri,
               const char *called)
{
  g_autoptr (DeviceHealth) seen = device_health_get (subject->db, part, NULL);
  PrinterCondition condition = PRINTER_CONDITION_OTHER;
  g_autofree char *since = NULL;

  if (*uri == '\0') {
    add (all, HEALTH_NOTICE, part, "not-configured", g_strdup_printf ("No %s is set up.", called),
         "If there is one, write its address into the configuration.");
    return;
  }
  if (seen == NULL || ABS (subject->now - seen->checked_at) > LOOKED_MS) {
    add (
        all, HEALTH_FAULT, part, "not-watched",
        g_strdup_printf ("Nobody has looked at the %s lately: onestop-print does not run.", called),
        "Start onestop-print.");
    return;
  }
  (void)printer_condition_parse (seen->condition, &condition);
  since = clock_local (seen->since);
  if (condition == PRINTER_CONDITION_READY)
    add_fine (all, part, g_strdup_printf ("The %s is ready.", called));
  else
    add (all, printer_condition_can_print (condition) ? HEALTH_WARNING : HEALTH_FAULT, part,
         printer_condition_word (condition),
         g_strdup_printf ("%s (%s, code %s, since %s).", printer_condition_sentence (condition),
                          called, printer_condition_code (condition), since),
         printer_condition_remedy (condition));
}

static void
check_spool (const HealthSubject *subject, GPtrArray *all)
{
  static const PrintState stuck[] = {PRINT_STATE_UNKNOWN, PRINT_STATE_FAILED};
  guint n = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (stuck); i++) {
    g_autoptr (GPtrArray) jobs = print_spool_in_state (subject->db, stuck[i], NULL);
    n += jobs != NULL ? jobs->len : 0;
  }
  if (n == 0)
    add_fine (all, "print-spool", g_strdup ("No paper is left over."));
  else
    add (all, HEALTH_WARNING, "print-spool", "left-over",
         g_strdup_printf ("%u papers failed or wait for somebody to say whether they came out.", n),
         "See onestop print list, then retry or cancel them.");
}

/* A device named by a path: "folder:DIR", "serial:PATH", "v4l2:PATH", "helper:PATH". */
static void
check_path_device (GPtrArray *all, const char *part, const char *device, int mode)
{
  const char *path = strchr (device, ':');

  if (*device == '\0' || strcmp (device, "none") == 0)
    return;
  if (path == NULL || g_str_has_prefix (device, "sane:")) {
    add_fine (all, part, g_strdup_printf ("Set up as %s; seen only when it is used.", device));
    return;
  }
  if (access (path + 1, mode) == 0)
    add_fine (all, part, g_strdup_printf ("%s is there.", path + 1));
  else
    add (all, HEALTH_FAULT, part, "missing", g_strdup_printf ("%s is not there.", path + 1),
         "Check the cable, or the path in the configuration.");
}

/* A scanner whose path is there may still have failed at the last scan. */
static void
check_scanner (const HealthSubject *subject, GPtrArray *all)
{
  g_autoptr (DeviceHealth) seen = device_health_get (subject->db, "scanner", NULL);
  guint before = all->len;

  check_path_device (all, "scanner", subject->config->scanner_device, R_OK);
  if (all->len == before || seen == NULL || strcmp (seen->condition, "ready") == 0 ||
      ((HealthFinding *)g_ptr_array_index (all, before))->level != HEALTH_FINE)
    return;
  g_autofree char *at = clock_local (seen->checked_at);
  g_ptr_array_set_size (all, (gint)before);
  add (all, HEALTH_FAULT, "scanner", seen->condition,
       g_strdup_printf ("The last scan failed at %s: %s.", at, seen->condition),
       "Look at the scanner and scan a page; a good scan takes this back.");
}

static void
check_devices (const HealthSubject *subject, GPtrArray *all)
{
  const Config *config = subject->config;

  check_printer (subject, all, "receipt-printer", config->receipt_printer_uri, "receipt printer");
  check_printer (subject, all, "page-printer", config->page_printer_uri, "page printer");
  check_spool (subject, all);
  check_scanner (subject, all);
  check_path_device (all, "code-reader", config->code_reader_device, R_OK);
  check_path_device (all, "id-reader", config->id_reader_device, X_OK);
  check_path_device (all, "card-reader", config->card_reader_device, R_OK);
}

/* ---- the machine ---- */

static void
check_disk (const HealthSubject *subject, GPtrArray *all)
{
  struct statvfs disk;
  g_autofree char *room = NULL;

  if (statvfs (subject->directory, &disk) != 0) {
    add (all, HEALTH_FAULT, "disk", "unreadable",
         g_strdup_printf ("The place %s cannot be looked at.", subject->directory),
         "Check the disk.");
    return;
  }
  guint64 free_bytes = (guint64)disk.f_bavail * disk.f_frsize;
  room = g_format_size (free_bytes);
  if (free_bytes < DISK_FAULT)
    add (all, HEALTH_FAULT, "disk", "full",
         g_strdup_printf ("The disk has %s left: no application is taken.", room),
         "Let onestop-sync send what waits, or free room on the disk.");
  else if (free_bytes < DISK_WARNING)
    add (all, HEALTH_WARNING, "disk", "low", g_strdup_printf ("The disk has only %s left.", room),
         "Let onestop-sync send what waits, or free room on the disk.");
  else
    add_fine (all, "disk", g_strdup_printf ("The disk has %s left.", room));
}

static void
check_store (const HealthSubject *subject, GPtrArray *all)
{
  g_autoptr (GError) error = NULL;

  if (db_check (subject->db, &error))
    add_fine (all, "store", g_strdup ("The store is sound."));
  else
    add (all, HEALTH_FAULT, "store", "damaged",
         g_strdup_printf ("The store is damaged: %s.", error->message),
         "Take the machine out of service and restore the last backup.");
}

static void
check_clock (const HealthSubject *subject, GPtrArray *all)
{
  g_autofree char *now = clock_local (subject->now);

  if (subject->clock_unsure)
    add (all, HEALTH_FAULT, "clock", "unsure",
         g_strdup_printf ("The clock says %s, and that cannot be believed.", now),
         "Set the clock, and change the battery on the board if it comes back.");
  else
    add_fine (all, "clock", g_strdup_printf ("The clock says %s.", now));
}

/* ---- the other end ---- */

static void
check_backlog (const HealthSubject *subject, GPtrArray *all)
{
  OutboxStatus waiting;
  g_autoptr (PeerState) peer = peer_store_load (subject->db, NULL);
  g_autofree char *since = NULL;

  if (!outbox_status (subject->db, &waiting, NULL) || peer == NULL) {
    add (all, HEALTH_FAULT, "backlog", "unreadable",
         g_strdup ("What waits to be sent cannot be read."), "Check the disk.");
    return;
  }
  if (waiting.entries == 0 && waiting.objects == 0) {
    add_fine (all, "backlog", g_strdup ("Everything has been sent."));
    return;
  }
  since = clock_local (waiting.since);
  gint64 age = subject->now - waiting.since;
  add (all,
       age > BACKLOG_FAULT_MS     ? HEALTH_FAULT
       : age > BACKLOG_WARNING_MS ? HEALTH_WARNING
                                  : HEALTH_NOTICE,
       "backlog", "waiting",
       g_strdup_printf ("%" G_GINT64_FORMAT " entries and %" G_GINT64_FORMAT
                        " documents wait to be sent since %s%s%s.",
                        waiting.entries, waiting.objects, since,
                        peer->last_error != NULL ? "; the last try: " : "",
                        peer->last_error != NULL ? peer->last_error : ""),
       "Check the network, and that onestop-sync runs.");
}

static void
check_city (const HealthSubject *subject, GPtrArray *all)
{
  static const char remedy[] = "Check the network, and that onestop-sync runs.";
  g_autoptr (PeerState) peer = peer_store_load (subject->db, NULL);

  if (subject->enrolment == NULL)
    return;
  if (peer == NULL || peer->last_attempt == 0) {
    add (all, HEALTH_WARNING, "city", "never", g_strdup ("The city was never spoken to."), remedy);
    return;
  }
  g_autofree char *since = clock_local (peer->last_success);
  if (peer->failures > 0)
    add (all, HEALTH_WARNING, "city", "offline",
         g_strdup_printf ("The city cannot be reached (last time: %s).",
                          peer->last_success > 0 ? since : "never"),
         remedy);
  else if (ABS (subject->now - peer->last_success) > HEARD_MS)
    add (all, HEALTH_WARNING, "city", "not-heard",
         g_strdup_printf ("Nothing was heard of the city since %s.",
                          peer->last_success > 0 ? since : "ever"),
         remedy);
  else
    add_fine (all, "city", g_strdup ("The city answers."));
}

static void
check_enrolment (const HealthSubject *subject, GPtrArray *all)
{
  if (subject->enrolment == NULL)
    add (all, HEALTH_FAULT, "enrolment", "missing",
         g_strdup ("This device is not enrolled: nothing can be submitted or drawn."),
         "Run onestop-sync enrol with a code from the central office.");
  else
    add_fine (all, "enrolment",
              g_strdup_printf ("Enrolled as %s in hall %s.", subject->enrolment->device,
                               subject->enrolment->hall));
}

/* What ends at `to`: a fault after it, a warning `soon` before. */
static void
add_expiry (GPtrArray *all, const char *part, const char *called, gint64 now, gint64 to,
            gint64 soon, const char *remedy)
{
  g_autofree char *day = clock_day (to);

  if (now >= to)
    add (all, HEALTH_FAULT, part, "expired", g_strdup_printf ("The %s ended on %s.", called, day),
         remedy);
  else if (to - now < soon)
    add (all, HEALTH_WARNING, part, "ends-soon",
         g_strdup_printf ("The %s ends on %s.", called, day), remedy);
  else
    add_fine (all, part, g_strdup_printf ("The %s is good until %s.", called, day));
}

static void
check_key_set (const HealthSubject *subject, GPtrArray *all)
{
  static const char remedy[] = "Let onestop-sync reach the central office.";

  if (subject->enrolment == NULL)
    return;
  if (subject->key_set == NULL)
    add (all, HEALTH_FAULT, "key-set", "missing",
         g_strdup ("There is no good key set: no application is taken."), remedy);
  else
    add_expiry (all, "key-set", "key set", subject->now, subject->key_set->expires, KEYS_SOON_MS,
                remedy);
}

static void
check_certificate (const HealthSubject *subject, GPtrArray *all)
{
  g_autofree char *kept = g_build_filename (subject->directory, "keys", "tls.crt", NULL);
  const char *named = subject->config->city_certificate;
  g_autofree char *pem = file_read_text (*named != '\0' ? named : kept, 65536, NULL);
  gint64 from = 0, to = 0;

  if (subject->enrolment == NULL)
    return;
  if (pem == NULL || !certificate_times (pem, &from, &to, NULL))
    add (all, HEALTH_FAULT, "certificate", "missing",
         g_strdup ("This device's certificate cannot be read: nothing can be sent."),
         "Enrol the device again.");
  else
    add_expiry (all, "certificate", "device's certificate", subject->now, to, CERTIFICATE_SOON_MS,
                "Let onestop-sync renew it, or enrol the device again.");
}

/* Since when nobody has said that the last package is still the newest; 0 while that holds, and for
 * the guide that came with the program. */
static gint64
unrenewed_since (const HealthSubject *subject)
{
  PackageMark marks[PACKAGE_ROLES];

  if (!guide_store_marks (subject->db, GUIDE_PACKAGE_KIND, marks, NULL, NULL, NULL) ||
      marks[PACKAGE_TIMESTAMP].expires > subject->now)
    return 0;
  return marks[PACKAGE_TIMESTAMP].expires;
}

static void
check_guide (const HealthSubject *subject, GPtrArray *all)
{
  gint64 published = 0;

  if (subject->guide == NULL) {
    add (all, HEALTH_FAULT, "guide", "missing", g_strdup ("There is no readable guide."),
         "Install a guide: onestop guide install FILE.");
    return;
  }
  const char *text = guide_peek_published (subject->guide);
  if (text == NULL || !clock_parse (text, &published, NULL)) {
    add (all, HEALTH_NOTICE, "guide", "age-unknown",
         g_strdup_printf ("Guide version %u does not say when it was published.",
                          guide_version (subject->guide)),
         "Publish the guide with its date.");
    return;
  }
  g_autofree char *day = clock_day (published);
  gint64 days = (subject->now - published) / DAY_MS, since = unrenewed_since (subject);
  if (since > 0)
    add (all, HEALTH_WARNING, "guide", "unrenewed",
         g_strdup_printf ("Guide version %u (%s) is shown, but for %" G_GINT64_FORMAT
                          " days the city has not said that it is still the newest.",
                          guide_version (subject->guide), day, (subject->now - since) / DAY_MS),
         "Install the newest package: onestop guide install FILE.");
  else if (days > GUIDE_OLD_DAYS)
    add (all, HEALTH_WARNING, "guide", "old",
         g_strdup_printf ("Guide version %u is %" G_GINT64_FORMAT " days old (%s).",
                          guide_version (subject->guide), days, day),
         "Ask the publisher whether a newer one is due.");
  else
    add_fine (all, "guide",
              g_strdup_printf ("Guide version %u of %s.", guide_version (subject->guide), day));
}

/* ---- all ---- */

/* Worst first; a stable sort keeps the order of the checks. */
static gint
compare (gconstpointer a, gconstpointer b, gpointer data)
{
  const HealthFinding *x = *(HealthFinding *const *)a, *y = *(HealthFinding *const *)b;
  return (gint)x->level - (gint)y->level;
}

GPtrArray *
health_check (const HealthSubject *subject)
{
  GPtrArray *all = g_ptr_array_new_with_free_func ((GDestroyNotify)health_finding_free);

  check_store (subject, all);
  check_disk (subject, all);
  check_clock (subject, all);
  check_enrolment (subject, all);
  check_city (subject, all);
  check_key_set (subject, all);
  check_certificate (subject, all);
  check_guide (subject, all);
  check_devices (subject, all);
  check_backlog (subject, all);
  /* GLib promises that this sort is stable. */
  g_ptr_array_sort_with_data (all, compare, NULL);
  return all;
}

/* What `check` found, if it found anything. */
static HealthFinding *
one_of (const HealthSubject *subject, void (*check) (const HealthSubject *, GPtrArray *))
{
  g_autoptr (GPtrArray) all = g_ptr_array_new_with_free_func ((GDestroyNotify)health_finding_free);

  check (subject, all);
  return all->len > 0 ? g_ptr_array_steal_index (all, 0) : NULL;
}

HealthFinding *
health_scanner (const HealthSubject *subject)
{
  return one_of (subject, check_scanner);
}

HealthFinding *
health_city (const HealthSubject *subject)
{
  return one_of (subject, check_city);
}

HealthLevel
health_worst (const GPtrArray *findings)
{
  HealthLevel worst = HEALTH_FINE;

  for (guint i = 0; i < findings->len; i++)
    worst = MIN (worst, ((HealthFinding *)g_ptr_array_index (findings, i))->level);
  return worst;
}

json_t *
health_to_json (const GPtrArray *findings)
{
  json_t *list = json_array ();

  for (guint i = 0; i < findings->len; i++) {
    const HealthFinding *finding = g_ptr_array_index (findings, i);
    json_array_append_new (list,
                           json_pack ("{ss ss ss ss ss}", "part", finding->part, "level",
                                      level_words[finding->level], "word", finding->word,
                                      "sentence", finding->sentence, "remedy", finding->remedy));
  }
  return json_pack ("{ss so}", "worst", level_words[health_worst (findings)], "findings", list);
}
