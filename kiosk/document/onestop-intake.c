/* onestop-intake.c: the helper that alone decodes what came from outside. One task a life, the file
 * on standard input, JSON lines on standard output, pixels to descriptor 3.
 *
 *   onestop-intake check     {"event":"kind","kind"}, then
 *       {"event":"verdict","verdict":"accepted"|"refused","kind","media","pages","width","height",
 *        "rotate","reason"}  (media and reason may be null)
 *   onestop-intake preview --page N --width W --height H [--rotate D]
 *       {"event":"kind"}, {"event":"pixels","width","height","bytes"}, or a verdict that refuses
 *   onestop-intake try       {"event":"jail","worked":[]}: what must not work in the jail
 *
 * Exit 0 whatever the verdict, 2 usage, 71 no jail to be had. A death by a signal is the file's
 * doing. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "base/fault.h"
#include "base/file.h"
#include "base/region.h"
#include "base/strict-json.h"
#include "document/document.h"
#include "document/intake.h"
#include "document/jail.h"

#define PIXELS_FD 3

typedef struct {
  const char *kind, *media;
  const char *(*check) (IntakeFile file, IntakeFacts *ret_facts);
  const char *(*draw) (IntakeFile file, const IntakeWish *wish, IntakePicture *picture);
} Decoder;

static const Decoder decoders[] = {
    {"jpeg", "image/jpeg", intake_check_jpeg, intake_draw_jpeg},
    {"png", "image/png", intake_check_png, intake_draw_png},
    {"pdf", "application/pdf", intake_check_pdf, intake_draw_pdf},
};

static int
say (json_t *taken)
{
  g_autoptr (json_t) event = taken;
  g_autofree char *line = strict_json_write (event);
  return printf ("%s\n", line) < 0 || fflush (stdout) != 0 ? 5 : 0;
}

static int
say_verdict (const char *kind, const char *media, const IntakeFacts *facts, const char *reason)
{
  return say (json_pack ("{s:s, s:s, s:s, s:s?, s:i, s:i, s:i, s:i, s:s?}", "event", "verdict",
                         "verdict", reason == NULL ? "accepted" : "refused", "kind", kind, "media",
                         media, "pages", (int)facts->pages, "width", (int)facts->width, "height",
                         (int)facts->height, "rotate", (int)facts->rotate, "reason", reason));
}

static const Decoder *
find_decoder (const char *kind)
{
  for (gsize i = 0; i < G_N_ELEMENTS (decoders); i++)
    if (strcmp (decoders[i].kind, kind) == 0)
      return &decoders[i];
  return NULL;
}

/* The whole of standard input. FALSE if it is more than DOCUMENT_MAX_BYTES, unread. */
static gboolean
take_input (IntakeFile *ret_file, GBytes **ret_held)
{
  struct stat st;

  if (fstat (STDIN_FILENO, &st) == 0 && S_ISREG (st.st_mode)) {
    void *start;
    if (st.st_size > (off_t)DOCUMENT_MAX_BYTES)
      return FALSE;
    *ret_file = (IntakeFile){(const guint8 *)"", 0};
    if (st.st_size == 0)
      return TRUE;
    start = mmap (NULL, st.st_size, PROT_READ, MAP_PRIVATE | MAP_POPULATE, STDIN_FILENO, 0);
    if (start == MAP_FAILED)
      return FALSE;
    *ret_file = (IntakeFile){start, st.st_size};
    return TRUE;
  }
  *ret_held = region_read (STDIN_FILENO, DOCUMENT_MAX_BYTES, NULL);
  if (*ret_held == NULL)
    return FALSE;
  ret_file->bytes = g_bytes_get_data (*ret_held, &ret_file->length);
  return TRUE;
}

static int
give_pixels (IntakePicture *picture, guint rotate)
{
  guint width = 0, height = 0;
  g_autoptr (GBytes) rgb = intake_picture_take (picture, rotate, &width, &height);
  gsize length = 0;
  const guint8 *bytes = rgb != NULL ? g_bytes_get_data (rgb, &length) : NULL;

  if (!file_write_all (PIXELS_FD, bytes, length))
    return 5;
  return say (json_pack ("{s:s, s:i, s:i, s:i}", "event", "pixels", "width", (int)width, "height",
                         (int)height, "bytes", (int)length));
}

/* `wish` is NULL for a check. */
static int
work (const IntakeWish *wish)
{
  g_autoptr (GBytes) held = NULL;
  g_auto (IntakePicture) picture = {0};
  IntakeFile file = {0};
  IntakeFacts facts = {0};
  const Decoder *decoder;
  const char *kind, *reason;

  if (!take_input (&file, &held))
    return say_verdict ("unknown", NULL, &facts, "too-large");
  /* Only a few bytes are compared before the jail closes. */
  if (file.length >= 5 && memmem (file.bytes, MIN (file.length, 1024), "%PDF-", 5) != NULL)
    intake_prepare_pdf (wish != NULL);
  jail_enter ();
  kind = intake_kind (file);
  decoder = find_decoder (kind);
  say (json_pack ("{s:s, s:s}", "event", "kind", "kind", kind));
  if (decoder == NULL)
    return say_verdict (kind, NULL, &facts, file.length == 0 ? "empty" : "not-supported-kind");
  fault_point ("intake.work");
  if (wish == NULL) {
    reason = decoder->check (file, &facts);
    return say_verdict (kind, decoder->media, &facts, reason);
  }
  reason = decoder->draw (file, wish, &picture);
  return reason == NULL ? give_pixels (&picture, wish->rotate)
                        : say_verdict (kind, decoder->media, &facts, reason);
}

static int
try_jail (void)
{
  g_autoptr (GPtrArray) worked = NULL;
  json_t *words = json_array ();

  jail_enter ();
  worked = jail_try ();
  for (guint i = 0; worked->pdata[i] != NULL; i++)
    json_array_append_new (words, json_string (worked->pdata[i]));
  return say (json_pack ("{s:s, s:o}", "event", "jail", "worked", words));
}

static int
usage (FILE *to)
{
  fprintf (to, "usage: onestop-intake check < FILE\n"
               "       onestop-intake preview --page N --width W --height H [--rotate 0|90|180|270]"
               " < FILE 3> PIXELS\n"
               "       onestop-intake try\n");
  return to == stdout ? 0 : 2;
}

static gboolean
read_wish (int argc, char **argv, IntakeWish *ret_wish)
{
  guint64 page = 0, width = 0, height = 0, rotate = 0;

  for (int i = 2; i < argc; i += 2) {
    const char *value = i + 1 < argc ? argv[i + 1] : "";
    gboolean read = FALSE;
    if (strcmp (argv[i], "--page") == 0)
      read = g_ascii_string_to_unsigned (value, 10, 0, 9999, &page, NULL);
    else if (strcmp (argv[i], "--width") == 0)
      read = g_ascii_string_to_unsigned (value, 10, 1, DOCUMENT_MAX_PREVIEW, &width, NULL);
    else if (strcmp (argv[i], "--height") == 0)
      read = g_ascii_string_to_unsigned (value, 10, 1, DOCUMENT_MAX_PREVIEW, &height, NULL);
    else if (strcmp (argv[i], "--rotate") == 0)
      read = g_ascii_string_to_unsigned (value, 10, 0, 270, &rotate, NULL) && rotate % 90 == 0;
    if (!read)
      return FALSE;
  }
  *ret_wish = (IntakeWish){(guint)page, (guint)width, (guint)height, (guint)rotate};
  return width > 0 && height > 0;
}

int
main (int argc, char **argv)
{
  IntakeWish wish;

  prctl (PR_SET_PDEATHSIG, SIGKILL);
  signal (SIGPIPE, SIG_IGN);
  if (argc == 2 && strcmp (argv[1], "--help") == 0)
    return usage (stdout);
  if (argc == 2 && strcmp (argv[1], "--version") == 0)
    return printf ("onestop-intake %s\n", ONESTOP_VERSION) < 0;
  if (argc == 2 && strcmp (argv[1], "try") == 0)
    return try_jail ();
  if (argc == 2 && strcmp (argv[1], "check") == 0)
    return work (NULL);
  if (argc > 2 && strcmp (argv[1], "preview") == 0 && read_wish (argc, argv, &wish))
    return work (&wish);
  return usage (stderr);
}
