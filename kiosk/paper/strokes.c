/* strokes.c: pen lines out of an SVG. A reader of numbers, not of XML: it looks for the few
 * attributes it knows and refuses to care about the rest. */
#include "paper/strokes.h"

#include <math.h>
#include <string.h>

#include "base/error.h"
#include "domain/person.h"

#define MAX_BYTES (4u * 1024 * 1024)
#define MAX_COORDINATE 1e6

typedef struct {
  char command; /* M, L or C (three points, in three entries) */
  double x, y;
} Point;

struct Strokes {
  double left, top, width, height; /* of the view box */
  GArray *points;                  /* Point */
};

void
strokes_free (Strokes *strokes)
{
  if (strokes == NULL)
    return;
  g_array_unref (strokes->points);
  g_free (strokes);
}

/* The next number at `*at`, after blanks and commas. FALSE at anything else. */
static gboolean
take_number (const char **at, double *ret_value)
{
  const char *p = *at + strspn (*at, " \t\r\n,");
  char *end;
  double value;

  if (*p == '\0' || strchr ("+-.0123456789", *p) == NULL)
    return FALSE;
  value = g_ascii_strtod (p, &end);
  if (end == p || !isfinite (value) || fabs (value) > MAX_COORDINATE)
    return FALSE;
  *at = end;
  *ret_value = value;
  return TRUE;
}

static gboolean
take_numbers (const char **at, double *ret_values, int n)
{
  for (int i = 0; i < n; i++)
    if (!take_number (at, &ret_values[i]))
      return FALSE;
  return TRUE;
}

static void
add (Strokes *strokes, char command, double x, double y)
{
  Point point = {command, x, y};
  g_array_append_val (strokes->points, point);
}

static void
read_polyline (Strokes *strokes, const char *points)
{
  double xy[2];
  char command = 'M';

  while (strokes->points->len < STROKES_MAX_POINTS && take_numbers (&points, xy, 2)) {
    add (strokes, command, xy[0], xy[1]);
    command = 'L';
  }
}

/* One command with its numbers, at the pen's place (x, y). FALSE where the path ends. */
static gboolean
read_step (Strokes *strokes, const char **at, char command, double pen[2], double start[2])
{
  static const char letters[] = "MLHVQC";
  static const int counts[] = {2, 2, 1, 1, 4, 6};
  char upper = g_ascii_toupper (command);
  const char *known = strchr (letters, upper);
  gboolean relative = command != upper;
  double v[6] = {0}, x0 = relative ? pen[0] : 0, y0 = relative ? pen[1] : 0;

  if (upper == 'Z') {
    add (strokes, 'L', start[0], start[1]);
    memcpy (pen, start, 2 * sizeof pen[0]);
    return TRUE;
  }
  if (known == NULL || !take_numbers (at, v, counts[known - letters]))
    return FALSE;
  switch (upper) {
  case 'H':
    add (strokes, 'L', x0 + v[0], pen[1]);
    break;
  case 'V':
    add (strokes, 'L', pen[0], y0 + v[0]);
    break;
  case 'Q': { /* as a cubic */
    double cx = x0 + v[0], cy = y0 + v[1], ex = x0 + v[2], ey = y0 + v[3];
    add (strokes, 'C', pen[0] + 2 * (cx - pen[0]) / 3, pen[1] + 2 * (cy - pen[1]) / 3);
    add (strokes, 'C', ex + 2 * (cx - ex) / 3, ey + 2 * (cy - ey) / 3);
    add (strokes, 'C', ex, ey);
    break;
  }
  case 'C':
    for (int i = 0; i < 6; i += 2)
      add (strokes, 'C', x0 + v[i], y0 + v[i + 1]);
    break;
  default:
    add (strokes, upper, x0 + v[0], y0 + v[1]);
    break;
  }
  {
    const Point *last = &g_array_index (strokes->points, Point, strokes->points->len - 1);
    pen[0] = last->x;
    pen[1] = last->y;
  }
  if (upper == 'M')
    memcpy (start, pen, 2 * sizeof pen[0]);
  return TRUE;
}

static void
read_path (Strokes *strokes, const char *d)
{
  double pen[2] = {0, 0}, start[2] = {0, 0};
  char command = 0;

  while (strokes->points->len < STROKES_MAX_POINTS) {
    d += strspn (d, " \t\r\n,");
    if (g_ascii_isalpha (*d)) {
      command = *d++;
    } else if (*d == '\0' || command == 0 || strchr ("Zz", command) != NULL) {
      return;
    } else if (g_ascii_toupper (command) == 'M') {
      command = command == 'M' ? 'L' : 'l'; /* more pairs after M are lines */
    }
    if (strokes->points->len == 0 && g_ascii_toupper (command) != 'M')
      return;
    if (!read_step (strokes, &d, command, pen, start))
      return;
  }
}

/* The text of ` name="..."` after `from` and before `until`, owned; NULL if there is none. */
static char *
attribute (const char *from, const char *until, const char *name)
{
  g_autofree char *key = g_strdup_printf ("%s=", name);
  gsize length = strlen (key);

  for (const char *p = from; (p = g_strstr_len (p, until - p, key)) != NULL; p += length) {
    const char *end;
    if (p == from || !g_ascii_isspace (p[-1]) || (p[length] != '"' && p[length] != '\''))
      continue;
    end = memchr (p + length + 1, p[length], (gsize)(until - p - (gssize)length - 1));
    return end == NULL ? NULL : g_strndup (p + length + 1, (gsize)(end - p) - length - 1);
  }
  return NULL;
}

static gboolean
read_size (Strokes *strokes, const char *from, const char *until)
{
  g_autofree char *view = attribute (from, until, "viewBox");
  g_autofree char *width = attribute (from, until, "width");
  g_autofree char *height = attribute (from, until, "height");
  const char *at = view;
  double v[4];

  if (view != NULL && take_numbers (&at, v, 4)) {
    strokes->left = v[0];
    strokes->top = v[1];
    strokes->width = v[2];
    strokes->height = v[3];
  } else if (width != NULL && height != NULL) {
    const char *w = width, *h = height;
    if (!take_number (&w, &strokes->width) || !take_number (&h, &strokes->height))
      return FALSE;
  }
  return strokes->width > 0 && strokes->height > 0;
}

static void
read_elements (Strokes *strokes, const char *text)
{
  const char *tag = text;

  while ((tag = strchr (tag, '<')) != NULL) {
    const char *end = strchr (tag, '>');
    gboolean path = g_str_has_prefix (tag, "<path"), line = g_str_has_prefix (tag, "<polyline");
    if (end == NULL)
      return;
    if (path || line) {
      person_autotext char *numbers = attribute (tag, end, path ? "d" : "points");
      if (numbers != NULL && path)
        read_path (strokes, numbers);
      else if (numbers != NULL)
        read_polyline (strokes, numbers);
    }
    tag = end;
  }
}

static Strokes *
refuse (GError **error, const char *why)
{
  g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID, "the signature's picture %s", why);
  return NULL;
}

Strokes *
strokes_new (GBytes *svg, GError **error)
{
  g_autoptr (Strokes) strokes = g_new0 (Strokes, 1);
  gsize length;
  const char *data = g_bytes_get_data (svg, &length);
  person_autotext char *text = NULL;
  const char *root, *end;

  strokes->points = g_array_new (FALSE, FALSE, sizeof (Point));
  if (length == 0 || length > MAX_BYTES || memchr (data, '\0', length) != NULL)
    return refuse (error, "is no text of a fair size");
  text = g_strndup (data, length);
  root = strstr (text, "<svg");
  end = root == NULL ? NULL : strchr (root, '>');
  if (end == NULL || !read_size (strokes, root, end))
    return refuse (error, "is no SVG with a size");
  read_elements (strokes, end);
  if (strokes->points->len >= STROKES_MAX_POINTS) {
    g_set_error_literal (error, ONESTOP_ERROR, ONESTOP_ERROR_FULL,
                         "the signature's picture has too many points");
    return NULL;
  }
  if (strokes->points->len == 0)
    return refuse (error, "has no stroke");
  return g_steal_pointer (&strokes);
}

void
strokes_draw (const Strokes *strokes, Canvas *canvas, double x, double y, double width,
              double height)
{
  cairo_t *cr = canvas_peek_cairo (canvas);
  double scale = MIN (width / strokes->width, height / strokes->height) * CANVAS_POINT;

  if (cr == NULL)
    return;
  cairo_save (cr);
  cairo_rectangle (cr, x * CANVAS_POINT, y * CANVAS_POINT, width * CANVAS_POINT,
                   height * CANVAS_POINT);
  cairo_clip (cr);
  cairo_translate (cr, (x + width / 2) * CANVAS_POINT, (y + height / 2) * CANVAS_POINT);
  cairo_scale (cr, scale, scale);
  cairo_translate (cr, -strokes->left - strokes->width / 2, -strokes->top - strokes->height / 2);
  for (guint i = 0; i < strokes->points->len; i++) {
    const Point *p = &g_array_index (strokes->points, Point, i);
    if (p->command == 'M') {
      cairo_move_to (cr, p->x, p->y);
      cairo_rel_line_to (cr, 0, 0); /* a dot is a stroke too */
    } else if (p->command == 'L') {
      cairo_line_to (cr, p->x, p->y);
    } else {
      cairo_curve_to (cr, p->x, p->y, p[1].x, p[1].y, p[2].x, p[2].y);
      i += 2;
    }
  }
  cairo_set_source_rgb (cr, 0, 0, 0);
  cairo_set_line_cap (cr, CAIRO_LINE_CAP_ROUND);
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_ROUND);
  cairo_set_line_width (cr, 0.5 * CANVAS_POINT / scale);
  cairo_stroke (cr);
  cairo_restore (cr);
}
