/* sheet.h: pages of A4 with a head and a foot, filled from the top; tables that break between rows.
 *
 * A sheet is laid out twice: first on a measuring canvas, to learn how many pages there are.
 * Measures are mm. Every page says which case it belongs to, "page n of m", and who printed it. */
#pragma once

#include <glib.h>

#include "paper/canvas.h"

#define SHEET_WIDTH 210.0
#define SHEET_HEIGHT 297.0
#define SHEET_LEFT 19.0
#define SHEET_INNER 172.0  /* width between the margins */
#define SHEET_TOP 34.0     /* below the head */
#define SHEET_BOTTOM 277.0 /* above the foot */

typedef struct {
  Canvas *canvas;
  const char *title, *number; /* head */
  const char *foot, *stamp;   /* foot, and the pale mark across: who printed it */
  gboolean training;
  int page, pages; /* this page from 1; all of them, 0 while measuring */
  gboolean bare;   /* this page has its own frame instead of a head */
  double y;        /* where the next thing goes */
} Sheet;

/* "示例大厅　GS-K1　2026-11-23 11:00 打印": a foot for paper that nobody signs for; the first two
 * may be NULL. Owned. */
char *sheet_foot (const char *hall_name, const char *device, gint64 at);

/* Begins a page; ends the one before, if any. `bare`: without the head (covers). */
void sheet_next_page (Sheet *sheet, gboolean bare);

/* Ends the last page. */
void sheet_finish (Sheet *sheet);

/* A new page unless `height` still fits. */
void sheet_need (Sheet *sheet, double height);

/* A section's heading: a number in Chinese and words. */
void sheet_heading (Sheet *sheet, int number, const char *words);

/* A paragraph over the width. */
void sheet_paragraph (Sheet *sheet, const char *text);

/* Columns of a table; their widths add up to SHEET_INNER. */
#define SHEET_MAX_COLUMNS 6
typedef struct {
  int n;
  double widths[SHEET_MAX_COLUMNS];
  const char *heads[SHEET_MAX_COLUMNS]; /* all NULL: no head row */
  gboolean first_is_label;              /* the first column is grey and bold */
} SheetTable;

/* The head row, if there is one; rows repeat it on every page. */
void sheet_table_head (Sheet *sheet, const SheetTable *table);

/* One row, as high as its highest cell. A cell that is longer than a page goes on in further rows.
 */
void sheet_table_row (Sheet *sheet, const SheetTable *table, const char *const *cells);
