/* scan-sane.c: one page from a SANE device, as the SANE standard (version 1.06) has it. Every call
 * may block for as long as the backend likes: whoever started us counts the seconds. Refuses
 * three-pass scanners and pages over SCAN_PAGE_MAX_PIXELS. Never calls sane_exit: backends cancel
 * threads of theirs that may hold the loader's lock, and unloading them then waits for ever (seen
 * with libsane 1.2.1). The helper ends instead, by _exit. Parking may wait for ever too, so it
 * comes last, after the page was given. */
#include <math.h>
#include <sane/sane.h>
#include <sane/saneopts.h>
#include <signal.h>
#include <string.h>

#include "base/fault.h"
#include "devices/scan-page.h"

#define A4_WIDTH_MM 210.0
#define A4_HEIGHT_MM 297.0
#define MAX_OPTION 8192

/* One task a life, so one device; the signal handler needs it as well. */
static SANE_Handle device;
static volatile sig_atomic_t reading;

gboolean
scan_page_stop_sane (void)
{
  if (!reading)
    return FALSE;
  sane_cancel (device);
  return TRUE;
}

static ScannerFault
fault_of (SANE_Status status)
{
  switch (status) {
  case SANE_STATUS_GOOD:
    return SCANNER_FAULT_NONE;
  case SANE_STATUS_JAMMED:
    return SCANNER_FAULT_JAMMED;
  case SANE_STATUS_COVER_OPEN:
    return SCANNER_FAULT_COVER_OPEN;
  case SANE_STATUS_NO_DOCS:
    return SCANNER_FAULT_NO_DOCUMENT;
  case SANE_STATUS_DEVICE_BUSY:
    return SCANNER_FAULT_BUSY;
  case SANE_STATUS_ACCESS_DENIED:
    return SCANNER_FAULT_DENIED;
  case SANE_STATUS_IO_ERROR:
    return SCANNER_FAULT_GONE;
  case SANE_STATUS_NO_MEM:
    return SCANNER_FAULT_TOO_LARGE;
  default:
    return SCANNER_FAULT_FAILED;
  }
}

static ScannerFault
fail (SANE_Status status, const char *doing, char **ret_message)
{
  *ret_message = g_strdup_printf ("%s: %s", doing, sane_strstatus (status));
  return fault_of (status);
}

static const SANE_Option_Descriptor *
find_option (SANE_Handle handle, const char *name, SANE_Int *ret_index)
{
  SANE_Int count = 0;

  if (sane_control_option (handle, 0, SANE_ACTION_GET_VALUE, &count, NULL) != SANE_STATUS_GOOD)
    return NULL;
  for (SANE_Int i = 1; i < count; i++) {
    const SANE_Option_Descriptor *option = sane_get_option_descriptor (handle, i);
    if (option != NULL && option->name != NULL && strcmp (option->name, name) == 0) {
      *ret_index = i;
      return SANE_OPTION_IS_ACTIVE (option->cap) && SANE_OPTION_IS_SETTABLE (option->cap) ? option
                                                                                          : NULL;
    }
  }
  return NULL;
}

static double
number_of (const SANE_Option_Descriptor *option, SANE_Word word)
{
  return option->type == SANE_TYPE_FIXED ? SANE_UNFIX (word) : word;
}

static SANE_Word
word_of (const SANE_Option_Descriptor *option, double number)
{
  return option->type == SANE_TYPE_FIXED ? SANE_FIX (number) : (SANE_Word)lround (number);
}

/* Sets a one-word option to the nearest value that it takes; gives the value it has then, or 0. */
static double
set_number (SANE_Handle handle, const char *name, double wanted)
{
  SANE_Int index = 0;
  const SANE_Option_Descriptor *option = find_option (handle, name, &index);
  SANE_Word word;

  if (option == NULL || option->size != sizeof (SANE_Word) ||
      (option->type != SANE_TYPE_FIXED && option->type != SANE_TYPE_INT))
    return 0;
  if (option->constraint_type == SANE_CONSTRAINT_RANGE)
    wanted = CLAMP (wanted, number_of (option, option->constraint.range->min),
                    number_of (option, option->constraint.range->max));
  word = word_of (option, wanted);
  if (option->constraint_type == SANE_CONSTRAINT_WORD_LIST) {
    const SANE_Word *list = option->constraint.word_list;
    word = list[1];
    for (SANE_Int i = 2; i <= list[0]; i++)
      if (fabs (number_of (option, list[i]) - wanted) < fabs (number_of (option, word) - wanted))
        word = list[i];
  }
  if (sane_control_option (handle, index, SANE_ACTION_SET_VALUE, &word, NULL) != SANE_STATUS_GOOD ||
      sane_control_option (handle, index, SANE_ACTION_GET_VALUE, &word, NULL) != SANE_STATUS_GOOD)
    return 0;
  option = sane_get_option_descriptor (handle, index);
  return number_of (option, word);
}

static SANE_Status
set_text (SANE_Handle handle, const char *name, const char *text)
{
  SANE_Int index = 0;
  const SANE_Option_Descriptor *option = find_option (handle, name, &index);
  char buffer[MAX_OPTION] = {0};
  SANE_Word word;

  if (option == NULL)
    return SANE_STATUS_UNSUPPORTED;
  switch (option->type) {
  case SANE_TYPE_STRING:
    if (option->size > MAX_OPTION || strlen (text) >= (gsize)option->size)
      return SANE_STATUS_INVAL;
    memcpy (buffer, text, strlen (text));
    return sane_control_option (handle, index, SANE_ACTION_SET_VALUE, buffer, NULL);
  case SANE_TYPE_BOOL:
    word = strcmp (text, "yes") == 0 || strcmp (text, "true") == 0 || strcmp (text, "1") == 0;
    return sane_control_option (handle, index, SANE_ACTION_SET_VALUE, &word, NULL);
  case SANE_TYPE_INT:
  case SANE_TYPE_FIXED:
    if (option->size != sizeof (SANE_Word))
      return SANE_STATUS_UNSUPPORTED;
    word = word_of (option, g_ascii_strtod (text, NULL));
    return sane_control_option (handle, index, SANE_ACTION_SET_VALUE, &word, NULL);
  default:
    return SANE_STATUS_UNSUPPORTED;
  }
}

static void
set_colour (SANE_Handle handle)
{
  SANE_Int index = 0;
  const SANE_Option_Descriptor *option = find_option (handle, SANE_NAME_SCAN_MODE, &index);
  const char *best = NULL;

  if (option == NULL || option->constraint_type != SANE_CONSTRAINT_STRING_LIST)
    return;
  for (const SANE_String_Const *mode = option->constraint.string_list; *mode != NULL; mode++) {
    g_autofree char *lower = g_ascii_strdown (*mode, -1);
    if (strstr (lower, "color") != NULL && (best == NULL || strlen (*mode) < strlen (best)))
      best = *mode;
  }
  if (best != NULL)
    set_text (handle, SANE_NAME_SCAN_MODE, best);
}

/* The whole bed, but no more than A4. */
static void
set_area (SANE_Handle handle)
{
  SANE_Int index = 0;
  const SANE_Option_Descriptor *option = find_option (handle, SANE_NAME_SCAN_BR_X, &index);

  if (option == NULL || option->unit != SANE_UNIT_MM)
    return;
  set_number (handle, SANE_NAME_SCAN_TL_X, 0);
  set_number (handle, SANE_NAME_SCAN_TL_Y, 0);
  set_number (handle, SANE_NAME_SCAN_BR_X, A4_WIDTH_MM);
  set_number (handle, SANE_NAME_SCAN_BR_Y, A4_HEIGHT_MM);
}

static ScannerFault
open_device (const char *spec, SANE_Handle *ret_handle, char **ret_message)
{
  g_auto (GStrv) parts = g_strsplit (spec, ";", -1);
  SANE_Status status = sane_init (NULL, NULL);

  if (status != SANE_STATUS_GOOD)
    return fail (status, "SANE", ret_message);
  status = sane_open (parts[0], ret_handle);
  if (status != SANE_STATUS_GOOD) {
    ScannerFault fault = fail (status, "open", ret_message);
    /* "Invalid argument" is SANE's word for a device that is not there. */
    return status == SANE_STATUS_INVAL || status == SANE_STATUS_UNSUPPORTED ? SCANNER_FAULT_GONE
                                                                            : fault;
  }
  for (char **part = parts + 1; *part != NULL; part++) {
    char *equals = strchr (*part, '=');
    if (equals != NULL)
      *equals = '\0';
    status = equals != NULL ? set_text (*ret_handle, *part, equals + 1) : SANE_STATUS_INVAL;
    if (status != SANE_STATUS_GOOD) {
      *ret_message = g_strdup_printf ("option %s: %s", *part, sane_strstatus (status));
      return SCANNER_FAULT_FAILED;
    }
  }
  return SCANNER_FAULT_NONE;
}

/* Makes the rows that SANE gave, in place, into rows without gaps of 8 bits a channel. */
static gboolean
pack (ScanPage *page, const SANE_Parameters *params)
{
  guint8 *pixels = region_peek (page->pixels);
  gsize row = (gsize)page->width * page->channels;

  if (params->depth == 1 && page->channels != 1)
    return FALSE;
  if (params->depth == 1) {
    /* Backwards, since each bit becomes a byte. */
    for (gsize y = page->height; y-- > 0;)
      for (gsize x = row; x-- > 0;)
        pixels[y * row + x] =
            pixels[y * params->bytes_per_line + x / 8] & (0x80 >> (x % 8)) ? 0 : 255;
    return TRUE;
  }
  for (gsize y = 0; y < page->height; y++) {
    const guint8 *from = pixels + y * params->bytes_per_line;
    if (params->depth == 8)
      memmove (pixels + y * row, from, row);
    for (gsize x = 0; params->depth == 16 && x < row; x++) {
      guint16 sample;
      memcpy (&sample, from + 2 * x, 2);
      pixels[y * row + x] = sample >> 8;
    }
  }
  return params->depth == 8 || params->depth == 16;
}

static ScannerFault
read_page (SANE_Handle handle, ScanPageProgress progress, ScanPage *page, char **ret_message)
{
  SANE_Parameters params = {0};
  SANE_Status status = sane_start (handle);
  gsize length = 0, expected, max;
  SANE_Int n = 0;

  if (status == SANE_STATUS_GOOD)
    status = sane_get_parameters (handle, &params);
  if (status != SANE_STATUS_GOOD)
    return fail (status, "start", ret_message);
  *ret_message = g_strdup ("this scanner's kind of pages is not known");
  if ((params.format != SANE_FRAME_RGB && params.format != SANE_FRAME_GRAY) || !params.last_frame ||
      params.pixels_per_line < 1 || params.bytes_per_line < 1)
    return SCANNER_FAULT_FAILED;
  page->channels = params.format == SANE_FRAME_RGB ? 3 : 1;
  page->width = params.pixels_per_line;
  expected = params.lines > 0 ? (gsize)params.lines * params.bytes_per_line : 0;
  max = (gsize)SCAN_PAGE_MAX_PIXELS * page->channels * MAX (params.depth / 8, 1);
  if (expected > max || page->width > SCAN_PAGE_MAX_PIXELS)
    return SCANNER_FAULT_TOO_LARGE;
  page->pixels = region_new (MAX (max, (gsize)SCAN_PAGE_MAX_PIXELS), NULL);
  if (page->pixels == NULL)
    return SCANNER_FAULT_TOO_LARGE;
  while (status == SANE_STATUS_GOOD) {
    gsize room = max - length;
    fault_point ("scan.read");
    if (room == 0)
      return SCANNER_FAULT_TOO_LARGE;
    status = sane_read (handle, region_peek (page->pixels) + length, MIN (room, 65536), &n);
    if (status == SANE_STATUS_GOOD)
      length += n;
    if (expected > 0)
      progress (MIN (length * 100 / expected, 99));
  }
  g_clear_pointer (ret_message, g_free);
  if (status != SANE_STATUS_EOF)
    return fail (status, "read", ret_message);
  page->height = length / params.bytes_per_line;
  if (page->height == 0 || (params.lines > 0 && page->height < (guint)params.lines) ||
      (guint64)page->width * page->height > SCAN_PAGE_MAX_PIXELS || !pack (page, &params)) {
    *ret_message = g_strdup_printf ("the scanner gave %" G_GSIZE_FORMAT " bytes of a page", length);
    return SCANNER_FAULT_FAILED;
  }
  return SCANNER_FAULT_NONE;
}

ScannerFault
scan_page_from_sane (const char *name, guint dpi, ScanPageProgress progress, ScanPage *ret_page,
                     char **ret_message)
{
  ScannerFault fault = open_device (name, &device, ret_message);
  double got;

  if (fault != SCANNER_FAULT_NONE)
    return fault;
  set_colour (device);
  got = set_number (device, SANE_NAME_SCAN_RESOLUTION, dpi);
  set_area (device);
  ret_page->dpi = got >= 50 && got <= 4800 ? (guint)lround (got) : dpi;
  reading = TRUE;
  fault = read_page (device, progress, ret_page, ret_message);
  reading = FALSE;
  return fault;
}

void
scan_page_park_sane (void)
{
  if (device == NULL)
    return;
  sane_cancel (device);
  sane_close (device);
  device = NULL;
}

ScannerFault
scan_page_probe_sane (const char *name, char **ret_message)
{
  return open_device (name, &device, ret_message);
}

ScannerFault
scan_page_list_sane (ScanPageFound found, char **ret_message)
{
  const SANE_Device **devices = NULL;
  SANE_Status status = sane_init (NULL, NULL);

  if (status == SANE_STATUS_GOOD)
    status = sane_get_devices (&devices, SANE_FALSE);
  if (status != SANE_STATUS_GOOD)
    return fail (status, "list", ret_message);
  for (; *devices != NULL; devices++)
    found ((*devices)->name, (*devices)->vendor, (*devices)->model);
  return SCANNER_FAULT_NONE;
}
