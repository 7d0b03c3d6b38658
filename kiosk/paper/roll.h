/* roll.h: what the papers of the 80 mm roll have in common.
 *
 * A thermal head of 203 dpi and 576 dots, one bit: no greys, no text under 24 dots, reverse bands
 * at most 64 dots high, 96 dots of feed before the cut. Measures here are in dots of the head; x
 * runs from 0 to ROLL_WIDTH within the printed width. */
#pragma once

#include <glib.h>

#include "paper/canvas.h"
#include "paper/qr.h"

#define ROLL_PAPER 80.0 /* mm */
#define ROLL_WIDTH 576
#define ROLL_DPI 203
#define ROLL_LEAST_TEXT 24

typedef struct Roll Roll;

/* Draws a record onto the roll from the top; FALSE with an error. Called twice: measuring, then for
 * good; it must do the same both times. */
typedef gboolean (*RollLayout) (Roll *roll, gconstpointer record, GError **error);

/* The PDF of one paper, as long as the layout needs. */
GBytes *roll_render (const char *title, gint64 date_ms, RollLayout layout, gconstpointer record,
                     GError **error);

/* How one text is set, in dots. `align` as on the canvas. */
typedef struct {
  int size;
  gboolean bold;
  CanvasAlign align;
  int spacing; /* between letters */
} RollText;

/* The place of the next thing, in dots from the top; moved by all that follows. */
double roll_y (const Roll *roll);
void roll_space (Roll *roll, double dots);

/* A text over the whole width, or in the column from x. Returns its height; roll_text also moves
 * on, roll_text_at does not. NULL and empty texts are nothing. */
double roll_text (Roll *roll, RollText style, const char *text);
double roll_text_at (Roll *roll, RollText style, const char *text, double x, double y,
                     double width);

/* One line that shrinks to fit. */
void roll_text_fit (Roll *roll, RollText style, const char *text);

/* A black bar with white words; a bar of dashes; a line. */
void roll_band (Roll *roll, int size, const char *text);
void roll_outlined (Roll *roll, int size, const char *text);
void roll_dashes (Roll *roll);
void roll_rule (Roll *roll);
void roll_box (Roll *roll, double x, double y, double width, double height);
void roll_line (Roll *roll, double x1, double y1, double x2, double y2);
void roll_tick (Roll *roll, double x, double y, double size, gboolean ticked);

/* Mark, hall and what it is about. */
void roll_head (Roll *roll, const char *hall_name, gboolean english);

/* The bands that say that a paper is a test or a copy; nothing for a first, true print. */
void roll_bands (Roll *roll, gboolean training, int copy);

/* 首次打印 or 第 n 次打印, with the device. */
void roll_stamp (Roll *roll, const char *device, gint64 at, int copy, gboolean english);

/* The code in the middle, as large as modules of at most six dots make it; or, when it leaves room
 * for a column of `least_beside` dots, at the left: then `*ret_beside` is where that column begins,
 * and roll_y still at the code's top. Otherwise `*ret_beside` is 0 and the code is passed.
 * `*ret_bottom` is below it. FULL when it does not fit. */
gboolean roll_qr (Roll *roll, const char *text, QrLevel level, int least_beside, double *ret_beside,
                  double *ret_bottom, GError **error);
void roll_move_to (Roll *roll, double y);
