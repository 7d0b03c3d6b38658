/* sheet.c: A4 pages that fill themselves. Knows no case: it is told the words of head and foot. */
#include "paper/sheet.h"

#include <string.h>

#include "base/clock.h"
#include "domain/person.h"

#define LINE 0.2  /* mm, of tables */
#define GREY 0.45 /* of their lines */
#define HIGHEST_ROW (SHEET_BOTTOM - SHEET_TOP - 20)
#define PADDING_X 2.6
#define PADDING_Y 1.5

static const CanvasText body = {.size = 3.7, .leading = 0.95};
static const CanvasText strong = {.size = 3.7, .bold = TRUE, .leading = 0.95};

static void
draw_head (Sheet *sheet)
{
  const CanvasText title = {.size = 4.2, .bold = TRUE};
  const CanvasText number = {.size = 3.9, .align = CANVAS_RIGHT};

  canvas_mark (sheet->canvas, SHEET_LEFT, 16.2, 8);
  canvas_text (sheet->canvas, &title, sheet->title, SHEET_LEFT + 11, 17, 100);
  canvas_text (sheet->canvas, &number, sheet->number, SHEET_LEFT + 100, 17.2, SHEET_INNER - 100);
  canvas_rule (sheet->canvas, SHEET_LEFT, 27, SHEET_INNER, 0.5);
}

static void
draw_foot (Sheet *sheet)
{
  const CanvasText small = {.size = 3.1, .grey = 0.25};
  const CanvasText right = {.size = 3.1, .grey = 0.25, .align = CANVAS_RIGHT};
  double y = sheet->bare ? 288 : 281, x = SHEET_LEFT;
  g_autofree char *pages =
      g_strdup_printf ("%s　第 %d 页，共 %d 页", sheet->number, sheet->page, sheet->pages);

  if (!sheet->bare)
    canvas_line (sheet->canvas, x, y, x + SHEET_INNER, y, LINE, GREY);
  canvas_text_fit (sheet->canvas, &small, sheet->foot, x, y + 1.5, 108, 2.2);
  canvas_text (sheet->canvas, &right, pages, x + 108, y + 1.5, SHEET_INNER - 108);
}

/* Who read it, pale across the page, above all that stands there. */
static void
draw_stamp (Sheet *sheet)
{
  cairo_t *cr = canvas_peek_cairo (sheet->canvas);
  const CanvasText style = {.size = 9, .align = CANVAS_CENTRE};

  if (cr == NULL || sheet->stamp == NULL)
    return;
  cairo_save (cr);
  cairo_translate (cr, SHEET_WIDTH / 2 * CANVAS_POINT, SHEET_HEIGHT / 2 * CANVAS_POINT);
  cairo_rotate (cr, -G_PI / 5);
  cairo_push_group (cr);
  canvas_text (sheet->canvas, &style, sheet->stamp, -130, -6, 260);
  cairo_pop_group_to_source (cr);
  cairo_paint_with_alpha (cr, 0.09);
  cairo_restore (cr);
}

static void
draw_training (Sheet *sheet)
{
  const CanvasText style = {.size = 4, .bold = TRUE, .align = CANVAS_CENTRE, .grey = 1};

  canvas_fill (sheet->canvas, 75, 6, 60, 7, 0);
  canvas_text (sheet->canvas, &style, "测试　TEST　不作凭证", 75, 6.6, 60);
}

static void
end_page (Sheet *sheet)
{
  if (sheet->page == 0)
    return;
  draw_foot (sheet);
  if (sheet->training)
    draw_training (sheet);
  draw_stamp (sheet);
}

char *
sheet_foot (const char *hall_name, const char *device, gint64 at)
{
  g_autofree char *time = clock_local (at);
  g_autoptr (GString) foot = g_string_new (NULL);

  if (hall_name != NULL)
    g_string_append_printf (foot, "%s　", hall_name);
  if (device != NULL)
    g_string_append_printf (foot, "%s　", device);
  g_string_append_printf (foot, "%s 打印", time);
  return g_string_free (g_steal_pointer (&foot), FALSE);
}

void
sheet_next_page (Sheet *sheet, gboolean bare)
{
  end_page (sheet);
  if (sheet->page > 0)
    canvas_next_page (sheet->canvas);
  sheet->page++;
  sheet->y = SHEET_TOP;
  sheet->bare = bare;
  if (!bare)
    draw_head (sheet);
}

void
sheet_finish (Sheet *sheet)
{
  end_page (sheet);
}

void
sheet_need (Sheet *sheet, double height)
{
  if (sheet->y + height > SHEET_BOTTOM)
    sheet_next_page (sheet, FALSE);
}

void
sheet_heading (Sheet *sheet, int number, const char *words)
{
  static const char *const numbers[] = {"一", "二", "三", "四", "五", "六", "七", "八", "九"};
  const CanvasText style = {.font = CANVAS_SERIF, .bold = TRUE, .size = 7};
  g_autofree char *text = g_strdup_printf ("%s　%s", numbers[(number - 1) % 9], words);

  sheet_need (sheet, 34);
  if (sheet->y > SHEET_TOP)
    sheet->y += 7;
  sheet->y += canvas_text (sheet->canvas, &style, text, SHEET_LEFT, sheet->y, SHEET_INNER) + 1.5;
}

void
sheet_paragraph (Sheet *sheet, const char *text)
{
  double height = canvas_measure (sheet->canvas, &body, text, SHEET_INNER, NULL);

  sheet_need (sheet, height);
  canvas_text (sheet->canvas, &body, text, SHEET_LEFT, sheet->y, SHEET_INNER);
  sheet->y += height + 1.5;
}

static const CanvasText *
cell_style (const SheetTable *table, int column, gboolean head)
{
  return head || (column == 0 && table->first_is_label) ? &strong : &body;
}

static double
row_height (Sheet *sheet, const SheetTable *table, const char *const *cells, gboolean head)
{
  double height = 0;

  for (int i = 0; i < table->n; i++)
    height = MAX (height, canvas_measure (sheet->canvas, cell_style (table, i, head), cells[i],
                                          table->widths[i] - 2 * PADDING_X, NULL));
  return height + 2 * PADDING_Y;
}

static void
draw_row (Sheet *sheet, const SheetTable *table, const char *const *cells, double height,
          gboolean head)
{
  double x = SHEET_LEFT;

  if (head)
    canvas_fill (sheet->canvas, x, sheet->y, SHEET_INNER, height, 0.93);
  else if (table->first_is_label)
    canvas_fill (sheet->canvas, x, sheet->y, table->widths[0], height, 0.93);
  for (int i = 0; i < table->n; i++) {
    canvas_text (sheet->canvas, cell_style (table, i, head), cells[i], x + PADDING_X,
                 sheet->y + PADDING_Y, table->widths[i] - 2 * PADDING_X);
    canvas_box (sheet->canvas, x, sheet->y, table->widths[i], height, LINE, GREY);
    x += table->widths[i];
  }
  sheet->y += height;
}

void
sheet_table_head (Sheet *sheet, const SheetTable *table)
{
  double height;

  if (table->heads[0] == NULL)
    return;
  height = row_height (sheet, table, table->heads, TRUE);
  sheet_need (sheet, height * 2.5);
  draw_row (sheet, table, table->heads, height, TRUE);
}

/* Halves each cell that is higher than half a page; the second halves go into a row of their own.
 */
static void
split_row (Sheet *sheet, const SheetTable *table, const char *const *cells)
{
  const char *first[SHEET_MAX_COLUMNS], *second[SHEET_MAX_COLUMNS];
  char *kept[SHEET_MAX_COLUMNS] = {NULL};

  for (int i = 0; i < table->n; i++) {
    const char *cell = cells[i] != NULL ? cells[i] : "";
    glong length = g_utf8_strlen (cell, -1);
    double height = canvas_measure (sheet->canvas, cell_style (table, i, FALSE), cell,
                                    table->widths[i] - 2 * PADDING_X, NULL);
    first[i] = cell;
    second[i] = "";
    if (height < HIGHEST_ROW / 2 || length < 2)
      continue;
    second[i] = g_utf8_offset_to_pointer (cell, length / 2);
    kept[i] = g_strndup (cell, (gsize)(second[i] - cell));
    first[i] = kept[i];
  }
  sheet_table_row (sheet, table, first);
  sheet_table_row (sheet, table, second);
  for (int i = 0; i < table->n; i++)
    person_text_free (kept[i]);
}

void
sheet_table_row (Sheet *sheet, const SheetTable *table, const char *const *cells)
{
  double height = row_height (sheet, table, cells, FALSE);

  if (height > HIGHEST_ROW) {
    split_row (sheet, table, cells);
    return;
  }
  if (sheet->y + height > SHEET_BOTTOM) {
    sheet_next_page (sheet, FALSE);
    sheet_table_head (sheet, table);
  }
  draw_row (sheet, table, cells, height, FALSE);
}
