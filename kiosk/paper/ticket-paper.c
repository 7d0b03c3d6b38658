/* ticket-paper.c: a place in the queue, on paper. Promises no time that nobody has measured. */
#include "paper/ticket-paper.h"

#include "base/clock.h"
#include "base/error.h"
#include "domain/queue.h"
#include "paper/roll.h"

static void
lay_out_family (Roll *roll, const TicketPaper *ticket)
{
  const RollText big = {.size = 44, .bold = TRUE, .align = CANVAS_CENTRE};
  const RollText text = {.size = 30, .align = CANVAS_CENTRE};
  const QueueFamily *family = queue_family (ticket->number[0]);
  g_autofree char *line = ticket->windows_zh != NULL
                              ? g_strdup_printf ("%s　%s", family->en, ticket->windows_zh)
                              : g_strdup (family->en);

  roll_text (roll, big, family->zh);
  roll_text_fit (roll, text, line);
  if (ticket->windows_en != NULL)
    roll_text_fit (roll, text, ticket->windows_en);
}

/* One of two boxes side by side. */
static void
lay_out_count (Roll *roll, double x, double width, const char *label, const char *value)
{
  const RollText small = {.size = 26, .align = CANVAS_CENTRE};
  const RollText big = {.size = 44, .bold = TRUE, .align = CANVAS_CENTRE};
  double y = roll_y (roll) + 12;

  y += roll_text_at (roll, small, label, x, y, width);
  roll_text_at (roll, big, value, x, y - 4, width);
}

static void
lay_out_wait (Roll *roll, const TicketPaper *ticket)
{
  g_autofree char *people = g_strdup_printf ("%d 人", ticket->waiting);
  g_autofree char *minutes = g_strdup_printf ("%d 分钟", ticket->minutes);
  gboolean both = ticket->waiting >= 0 && ticket->minutes >= 0;
  double top = roll_y (roll), width = both ? ROLL_WIDTH / 2 : ROLL_WIDTH;
  const double height = 124;

  if (ticket->waiting < 0 && ticket->minutes < 0)
    return;
  if (ticket->waiting >= 0)
    lay_out_count (roll, 0, width, "前面等候 Waiting", people);
  if (ticket->minutes >= 0)
    lay_out_count (roll, both ? width : 0, width, "大约 About (min)", minutes);
  roll_box (roll, 0, top, ROLL_WIDTH, height);
  if (both)
    roll_line (roll, width, top, width, top + height);
  roll_move_to (roll, top + height);
}

/* The words beside the code, or under it. */
static void
lay_out_words (Roll *roll, double x, double bottom)
{
  CanvasAlign align = x > 0 ? CANVAS_LEFT : CANVAS_CENTRE;
  const RollText bold = {.size = 30, .bold = TRUE, .align = align};
  const RollText english = {.size = 26, .bold = TRUE, .align = align};
  const RollText text = {.size = 26, .align = align};
  double y = x > 0 ? roll_y (roll) + 40 : roll_y (roll), width = ROLL_WIDTH - x;

  y += roll_text_at (roll, bold, "扫码看排队", x, y, width);
  y += roll_text_at (roll, english, "Scan for queue", x, y, width) + 16;
  y += roll_text_at (roll, text, "叫号请看大屏", x, y, width);
  y += roll_text_at (roll, text, "过号请到窗口", x, y, width) + 16;
  y += roll_text_at (roll, text, "Watch the board. Missed it? Ask at the window.", x, y, width);
  roll_move_to (roll, MAX (y, bottom));
}

static gboolean
lay_out (Roll *roll, gconstpointer record, GError **error)
{
  const TicketPaper *ticket = record;
  const RollText number = {.size = 204, .bold = TRUE, .align = CANVAS_CENTRE};
  const RollText service = {.size = 28, .align = CANVAS_CENTRE};
  const RollText small = {.size = 24, .align = CANVAS_CENTRE};
  double beside, bottom, y;

  roll_head (roll, ticket->hall_name, FALSE);
  roll_bands (roll, ticket->training, ticket->copy);
  roll_rule (roll);
  roll_space (roll, 10);
  lay_out_family (roll, ticket);
  if (ticket->service_zh != NULL)
    roll_text (roll, service, ticket->service_zh);
  if (ticket->service_en != NULL)
    roll_text (roll, service, ticket->service_en);
  /* The font's own gap above and below digits is a third of their size. */
  y = roll_y (roll) - 46;
  roll_move_to (roll,
                y + roll_text_at (roll, number, ticket->number, -20, y, ROLL_WIDTH + 40) - 34);
  lay_out_wait (roll, ticket);
  roll_space (roll, 14);
  if (!roll_qr (roll, ticket->ticket_text, QR_LEVEL_M, 190, &beside, &bottom, error))
    return FALSE;
  lay_out_words (roll, beside, bottom);
  roll_dashes (roll);
  roll_stamp (roll, ticket->device, ticket->at, ticket->copy, FALSE);
  roll_text (roll, small, "当日有效　Valid today only");
  return TRUE;
}

GBytes *
ticket_paper_render (const TicketPaper *ticket, GError **error)
{
  g_autofree char *title = NULL;

  if (!queue_number_parse (ticket->number, NULL, NULL) || ticket->hall_name == NULL ||
      ticket->ticket_text == NULL) {
    g_set_error_literal (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID,
                         "a ticket needs number, hall and QR text");
    return NULL;
  }
  title = g_strdup_printf ("号票 %s", ticket->number);
  return roll_render (title, ticket->at, lay_out, ticket, error);
}
