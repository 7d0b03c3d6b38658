/* intake.c: what a file is by its content, and the pixels of a preview. Plain arithmetic on bounded
 * memory; refuses to know any format's inside. */
#include "document/intake.h"

#include <math.h>
#include <string.h>

static gboolean
begins (IntakeFile file, gsize at, const char *magic, gsize length)
{
  return file.length >= at + length && memcmp (file.bytes + at, magic, length) == 0;
}

static gboolean
holds (IntakeFile file, gsize within, const char *word)
{
  return memmem (file.bytes, MIN (file.length, within), word, strlen (word)) != NULL;
}

static gboolean
is_heic (IntakeFile file)
{
  static const char *const brands[] = {"heic", "heix", "heim", "hevc", "mif1", "msf1", "avif"};

  if (!begins (file, 4, "ftyp", 4))
    return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (brands); i++)
    if (begins (file, 8, brands[i], 4))
      return TRUE;
  return FALSE;
}

static gboolean
is_text (IntakeFile file)
{
  gsize length = MIN (file.length, 4096), odd = 0;

  for (gsize i = 0; i < length; i++) {
    if (file.bytes[i] == 0)
      return FALSE;
    odd += file.bytes[i] < 0x20 && strchr ("\t\n\r\f\033", file.bytes[i]) == NULL;
  }
  return odd == 0;
}

static const char *
kind_of_zip (IntakeFile file)
{
  if (holds (file, G_MAXSIZE, "word/document.xml"))
    return "word";
  if (holds (file, G_MAXSIZE, "[Content_Types].xml") ||
      holds (file, 256, "application/vnd.oasis.opendocument"))
    return "office";
  return "zip";
}

const char *
intake_kind (IntakeFile file)
{
  static const struct {
    gsize at;
    const char *magic;
    gsize length;
    const char *kind;
  } magics[] = {
      {0, "\xff\xd8\xff", 3, "jpeg"},
      {0, "\x89PNG\r\n\x1a\n", 8, "png"},
      {0, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 8, "word"},
      {0, "{\\rtf", 5, "word"},
      {0, "GIF8", 4, "gif"},
      {0, "II*\0", 4, "tiff"},
      {0, "MM\0*", 4, "tiff"},
      {8, "WEBP", 4, "webp"},
      {0, "BM", 2, "bmp"},
  };

  if (file.length == 0)
    return "empty";
  for (gsize i = 0; i < G_N_ELEMENTS (magics); i++)
    if (begins (file, magics[i].at, magics[i].magic, magics[i].length))
      return magics[i].kind;
  if (is_heic (file))
    return "heic";
  if (begins (file, 0, "PK\3\4", 4))
    return kind_of_zip (file);
  /* Some writers put a line or a mark before it, as all readers accept. */
  if (holds (file, 1024, "%PDF-"))
    return "pdf";
  if (holds (file, 1024, "<svg"))
    return "svg";
  return is_text (file) ? "text" : "unknown";
}

void
intake_picture_fit (const IntakeWish *wish, double width, double height, gboolean may_grow,
                    guint *ret_width, guint *ret_height)
{
  gboolean sideways = wish->rotate % 180 == 90;
  double box_width = sideways ? wish->max_height : wish->max_width;
  double box_height = sideways ? wish->max_width : wish->max_height;
  double scale = MIN (box_width / width, box_height / height);

  if (!may_grow)
    scale = MIN (scale, 1.0);
  *ret_width = (guint)CLAMP (lround (width * scale), 1, (long)box_width);
  *ret_height = (guint)CLAMP (lround (height * scale), 1, (long)box_height);
}

gboolean
intake_picture_begin (IntakePicture *picture, guint from_width, guint from_height, guint width,
                      guint height)
{
  picture->pixels = region_new ((gsize)width * height * 3, NULL);
  picture->width = width;
  picture->height = height;
  picture->from_width = from_width;
  picture->from_height = from_height;
  picture->sums = g_new0 (guint64, (gsize)width * 3);
  picture->counts = g_new0 (guint32, width);
  return picture->pixels != NULL;
}

void
intake_picture_clear (IntakePicture *picture)
{
  g_clear_pointer (&picture->pixels, region_free);
  g_clear_pointer (&picture->sums, g_free);
  g_clear_pointer (&picture->counts, g_free);
}

static void
finish_row (IntakePicture *picture)
{
  guint8 *to = region_peek (picture->pixels) + (gsize)picture->row * picture->width * 3;

  for (guint x = 0; x < picture->width; x++)
    for (guint c = 0; c < 3; c++)
      to[x * 3 + c] =
          picture->counts[x] > 0
              ? (guint8)((picture->sums[x * 3 + c] + picture->counts[x] / 2) / picture->counts[x])
              : 255;
  memset (picture->sums, 0, (gsize)picture->width * 3 * sizeof *picture->sums);
  memset (picture->counts, 0, picture->width * sizeof *picture->counts);
}

void
intake_picture_feed (IntakePicture *picture, const guint8 *rgb)
{
  guint row = (guint)((guint64)picture->fed * picture->height / picture->from_height);

  if (picture->fed >= picture->from_height)
    return;
  if (row != picture->row) {
    finish_row (picture);
    picture->row = row;
  }
  for (guint x = 0; x < picture->from_width; x++, rgb += 3) {
    guint to = (guint)((guint64)x * picture->width / picture->from_width);
    picture->sums[to * 3] += rgb[0];
    picture->sums[to * 3 + 1] += rgb[1];
    picture->sums[to * 3 + 2] += rgb[2];
    picture->counts[to]++;
  }
  if (++picture->fed == picture->from_height)
    finish_row (picture);
}

GBytes *
intake_picture_take (IntakePicture *picture, guint rotate, guint *ret_width, guint *ret_height)
{
  gsize w = picture->width, h = picture->height;
  gsize width = rotate % 180 == 90 ? h : w, height = rotate % 180 == 90 ? w : h;
  g_autoptr (Region) turned = NULL;
  const guint8 *from = region_peek (picture->pixels);
  guint8 *to;

  *ret_width = (guint)width;
  *ret_height = (guint)height;
  if (rotate == 0)
    return region_take_bytes (g_steal_pointer (&picture->pixels), w * h * 3);
  turned = region_new (w * h * 3, NULL);
  if (turned == NULL)
    return NULL;
  to = region_peek (turned);
  for (gsize y = 0; y < h; y++)
    for (gsize x = 0; x < w; x++, from += 3) {
      gsize at = rotate == 90    ? x * width + (h - 1 - y)
                 : rotate == 180 ? (h - 1 - y) * width + (w - 1 - x)
                                 : (w - 1 - x) * width + y;
      memcpy (to + at * 3, from, 3);
    }
  return region_take_bytes (g_steal_pointer (&turned), w * h * 3);
}
