/* roll.c: dots of the thermal head on a canvas. Knows no record: receipts and tickets lay out
 * themselves. */
#include "paper/roll.h"

#include <math.h>

#include "base/clock.h"

#define DOT (25.4 / ROLL_DPI)
#define LEFT 32 /* dots from the edge of the paper to the first dot of the head */
#define TOP 24
#define FEED 96
#define BAND_MOST 64
#define MODULE_LEAST 4
#define MODULE_MOST 6

struct Roll {
  Canvas *canvas;
  double y; /* dots */
};

static gboolean
lay_out (Roll *roll, RollLayout layout, gconstpointer record, GError **error)
{
  roll->y = TOP;
  return layout (roll, record, error);
}

GBytes *
roll_render (const char *title, gint64 date_ms, RollLayout layout, gconstpointer record,
             GError **error)
{
  g_autoptr (Canvas) measuring = canvas_new_measuring (ROLL_PAPER);
  g_autoptr (Canvas) canvas = NULL;
  Roll roll = {.canvas = measuring};

  if (!lay_out (&roll, layout, record, error))
    return NULL;
  canvas = canvas_new (ROLL_PAPER, (ceil (roll.y) + FEED) * DOT, title, date_ms);
  roll.canvas = canvas;
  if (!lay_out (&roll, layout, record, error))
    return NULL;
  return canvas_finish (canvas, error);
}

double
roll_y (const Roll *roll)
{
  return roll->y;
}

void
roll_space (Roll *roll, double dots)
{
  roll->y += dots;
}

void
roll_move_to (Roll *roll, double y)
{
  roll->y = y;
}

static CanvasText
canvas_style (RollText style)
{
  return (CanvasText){.size = MAX (style.size, ROLL_LEAST_TEXT) * DOT,
                      .bold = style.bold,
                      .align = style.align,
                      .leading = 0.92,
                      .spacing = style.spacing * DOT};
}

double
roll_text_at (Roll *roll, RollText style, const char *text, double x, double y, double width)
{
  CanvasText text_style = canvas_style (style);

  if (text == NULL || *text == '\0')
    return 0;
  return canvas_text (roll->canvas, &text_style, text, (LEFT + x) * DOT, y * DOT, width * DOT) /
         DOT;
}

double
roll_text (Roll *roll, RollText style, const char *text)
{
  double height = roll_text_at (roll, style, text, 0, roll->y, ROLL_WIDTH);

  roll->y += height;
  return height;
}

void
roll_text_fit (Roll *roll, RollText style, const char *text)
{
  CanvasText text_style = canvas_style (style);

  roll->y += canvas_text_fit (roll->canvas, &text_style, text, LEFT * DOT, roll->y * DOT,
                              ROLL_WIDTH * DOT, ROLL_LEAST_TEXT * DOT) /
             DOT;
}

/* A line of words in the middle of a bar of `height`, by its own height and not the font's gaps. */
static void
centred_in (Roll *roll, int size, const char *text, double height, double grey)
{
  CanvasText style = {.size = size * DOT, .bold = TRUE, .align = CANVAS_CENTRE, .grey = grey};
  double needs = 0, text_height;

  canvas_measure (roll->canvas, &style, text, 0, &needs);
  if (needs > (ROLL_WIDTH - 16) * DOT)
    style.size *= (ROLL_WIDTH - 16) * DOT / needs * 0.995;
  text_height = canvas_measure (roll->canvas, &style, text, 0, NULL) / DOT;
  canvas_text (roll->canvas, &style, text, LEFT * DOT, (roll->y + (height - text_height) / 2) * DOT,
               ROLL_WIDTH * DOT);
}

void
roll_band (Roll *roll, int size, const char *text)
{
  double height = MIN (BAND_MOST, size + 24);

  roll->y = round (roll->y);
  canvas_fill (roll->canvas, LEFT * DOT, roll->y * DOT, ROLL_WIDTH * DOT, height * DOT, 0);
  centred_in (roll, size, text, height, 1);
  roll->y += height;
}

void
roll_outlined (Roll *roll, int size, const char *text)
{
  double height = size + 28;

  roll->y = round (roll->y);
  roll_box (roll, 0, roll->y, ROLL_WIDTH, height);
  centred_in (roll, size, text, height, 0);
  roll->y += height;
}

void
roll_dashes (Roll *roll)
{
  roll->y = round (roll->y) + 16;
  canvas_dashes (roll->canvas, LEFT * DOT, (roll->y + 1.5) * DOT, ROLL_WIDTH * DOT, 3 * DOT);
  roll->y += 16;
}

void
roll_rule (Roll *roll)
{
  roll->y = round (roll->y);
  canvas_rule (roll->canvas, LEFT * DOT, (roll->y + 1.5) * DOT, ROLL_WIDTH * DOT, 3 * DOT);
  roll->y += 3;
}

void
roll_box (Roll *roll, double x, double y, double width, double height)
{
  canvas_box (roll->canvas, (LEFT + x + 2) * DOT, (y + 2) * DOT, (width - 4) * DOT,
              (height - 4) * DOT, 4 * DOT, 0);
}

void
roll_line (Roll *roll, double x1, double y1, double x2, double y2)
{
  canvas_line (roll->canvas, (LEFT + x1) * DOT, y1 * DOT, (LEFT + x2) * DOT, y2 * DOT, 4 * DOT, 0);
}

void
roll_tick (Roll *roll, double x, double y, double size, gboolean ticked)
{
  canvas_tick (roll->canvas, (LEFT + x) * DOT, y * DOT, size * DOT, ticked);
}

void
roll_head (Roll *roll, const char *hall_name, gboolean english)
{
  const RollText hall = {.size = 34, .bold = TRUE}, line = {.size = 26};
  const CanvasText hall_style = canvas_style (hall), line_style = canvas_style (line);
  static const char service[] = "高层次人才“一站式”服务";
  double hall_width = 0, line_width = 0, width, x;

  canvas_measure (roll->canvas, &hall_style, hall_name, 0, &hall_width);
  canvas_measure (roll->canvas, &line_style, service, 0, &line_width);
  width = MIN (MAX (hall_width, line_width) / DOT, ROLL_WIDTH - 88);
  x = (ROLL_WIDTH - width - 88) / 2;
  canvas_mark (roll->canvas, (LEFT + x) * DOT, (roll->y + 10) * DOT, 68 * DOT);
  roll->y += roll_text_at (roll, hall, hall_name, x + 88, roll->y, width + 2);
  roll->y += roll_text_at (roll, line, service, x + 88, roll->y, width + 2);
  if (english) {
    const RollText small = {.size = 24, .align = CANVAS_CENTRE};
    roll->y += 2;
    roll_text (roll, small, "One-stop service for high-level talents");
  }
  roll->y += 16;
}

void
roll_bands (Roll *roll, gboolean training, int copy)
{
  if (training) {
    roll_band (roll, 36, "测试  TEST  不作凭证");
    roll->y += 10;
  }
  if (copy > 1) {
    g_autofree char *text = g_strdup_printf ("补打 %d  REPRINT %d", copy - 1, copy - 1);
    roll_outlined (roll, 32, text);
    roll->y += 10;
  }
}

void
roll_stamp (Roll *roll, const char *device, gint64 at, int copy, gboolean english)
{
  const RollText small = {.size = 24, .align = CANVAS_CENTRE};
  g_autofree char *time = clock_local (at);
  g_autofree char *print =
      copy > 1 ? g_strdup_printf ("第 %d 次打印", copy) : g_strdup ("首次打印");
  g_autofree char *line = device != NULL && *device != '\0'
                              ? g_strdup_printf ("自助机 %s　%s　%s", device, time, print)
                              : g_strdup_printf ("%s　%s", time, print);

  roll_text_fit (roll, small, line);
  if (english && copy > 1) {
    g_autofree char *again = g_strdup_printf ("Print no. %d", copy);
    roll_text (roll, small, again);
  }
}

gboolean
roll_qr (Roll *roll, const char *text, QrLevel level, int least_beside, double *ret_beside,
         double *ret_bottom, GError **error)
{
  g_autoptr (Qr) qr = qr_new (text, level, 0, 0, error);
  int dots = 0;
  double side, x;
  gboolean beside;

  if (qr == NULL || !qr_module (qr, ROLL_WIDTH * DOT, ROLL_DPI, MODULE_LEAST, &dots, error))
    return FALSE;
  dots = MIN (dots, MODULE_MOST);
  side = qr_side (qr, dots, ROLL_DPI) / DOT;
  beside = least_beside > 0 && side + least_beside <= ROLL_WIDTH;
  /* At the left the quiet zone may lie on the margin, which is as white. */
  x = beside ? -QR_QUIET * dots + 8 : (ROLL_WIDTH - side) / 2;
  roll->y = round (roll->y);
  qr_draw (qr, roll->canvas, (LEFT + x) * DOT, roll->y * DOT, dots, ROLL_DPI);
  *ret_beside = beside ? x + side : 0;
  *ret_bottom = roll->y + side;
  if (!beside)
    roll->y = *ret_bottom;
  return TRUE;
}
