/* slip-paper.c: what a check came to, on paper. Promises nothing and names nobody. */
#include "paper/slip-paper.h"

#include "base/error.h"
#include "paper/roll.h"

static void
both (Roll *roll, RollText zh, RollText en, SlipPaperText text, gboolean english)
{
  roll_text (roll, zh, text.zh);
  if (english && g_strcmp0 (text.zh, text.en) != 0)
    roll_text (roll, en, text.en);
}

/* The headline, boxed with what limits it: the one thing that must not be misread. */
static void
lay_out_headline (Roll *roll, const SlipPaper *slip)
{
  const RollText big = {.size = 48, .bold = TRUE, .align = CANVAS_CENTRE};
  const RollText text = {.size = 28, .align = CANVAS_CENTRE};
  const RollText small = {.size = 25, .align = CANVAS_CENTRE};
  const double inside = ROLL_WIDTH - 40;
  double top = roll_y (roll), y = top + 12;

  y += roll_text_at (roll, big, slip->headline.zh, 20, y, inside);
  if (slip->english)
    y += roll_text_at (roll, text, slip->headline.en, 20, y, inside);
  y += 4 + roll_text_at (roll, text, "自助预判，最终以市人才服务中心认定为准", 20, y, inside);
  if (slip->english)
    y += roll_text_at (roll, small, "This is a self-check. The talent centre decides.", 20, y,
                       inside);
  y += 16;
  roll_box (roll, 0, top, ROLL_WIDTH, y - top);
  roll_move_to (roll, y + 14);
}

static void
lay_out_category (Roll *roll, const SlipPaper *slip)
{
  const RollText value = {.size = 31, .bold = TRUE}, small = {.size = 25};
  g_autofree char *day =
      g_strdup_printf (slip->english ? "预判日期　Checked on　%s" : "预判日期　%s", slip->day);

  both (roll, value, small, slip->category, slip->english);
  both (roll, small, small, slip->clause, slip->english);
  roll_text (roll, small, day);
}

static void
lay_out_services (Roll *roll, const SlipPaper *slip)
{
  const RollText head = {.size = 30, .bold = TRUE}, text = {.size = 27}, small = {.size = 24};
  g_autofree char *title = g_strdup_printf (slip->english ? "可能与您有关　%u 项　May concern you"
                                                          : "可能与您有关　%u 项",
                                            slip->n_services);

  roll_text (roll, head, title);
  for (guint i = 0; i < slip->n_services; i++) {
    const SlipPaperService *service = &slip->services[i];
    g_autofree char *zh =
        g_strconcat ("· ", service->name.zh, service->to_recognise ? "（需认定）" : "", NULL);
    roll_text (roll, text, zh);
    if (slip->english && service->name.en != NULL) {
      g_autofree char *en = g_strconcat ("   ", service->name.en,
                                         service->to_recognise ? " (if recognised)" : "", NULL);
      roll_text (roll, small, en);
    }
  }
}

static gboolean
lay_out_code (Roll *roll, const SlipPaper *slip, GError **error)
{
  const RollText head = {.size = 30, .bold = TRUE, .align = CANVAS_CENTRE};
  const RollText text = {.size = 26, .align = CANVAS_CENTRE};
  double beside, bottom;

  if (slip->ticket_text == NULL) {
    roll_text (roll, text, "答案较多，放不进一个码；\n办理时请在自助机上重新回答。");
    if (slip->english)
      roll_text (roll, text,
                 "There are too many answers for one code. Answer again when you apply.");
    return TRUE;
  }
  g_autofree char *until = g_strdup_printf ("%s 前到本大厅任一台自助机扫这个码", slip->good_until);
  if (!roll_qr (roll, slip->ticket_text, QR_LEVEL_M, 0, &beside, &bottom, error))
    return FALSE;
  roll_text (roll, head, slip->english ? "扫码接着办　Scan to go on" : "扫码接着办");
  roll_text (roll, text, until);
  roll_text (roll, text, "看结果不限次，每台机器可凭此开办一次");
  if (slip->english) {
    g_autofree char *english =
        g_strdup_printf ("Show it to any kiosk of this hall until %s. Each kiosk starts one "
                         "application from it.",
                         slip->good_until);
    roll_text (roll, text, english);
  }
  return TRUE;
}

static void
lay_out_foot (Roll *roll, const SlipPaper *slip)
{
  const RollText small = {.size = 24, .align = CANVAS_CENTRE};
  g_autofree char *guide =
      g_strdup_printf ("服务指南第 %u 版（%s 起）", slip->guide_version, slip->guide_day);

  roll_text (roll, small,
             slip->ticket_text != NULL ? "本单不含姓名和证件号；码内是您的回答"
                                       : "本单不含姓名和证件号");
  if (slip->english)
    roll_text (roll, small,
               slip->ticket_text != NULL
                   ? "No name or document number is on it. The code holds your answers."
                   : "No name or document number is on it.");
  roll_text (roll, small, guide);
  roll_text (roll, small, "依据 苏人才〔2018〕3号");
  roll_stamp (roll, slip->device, slip->at, slip->copy, slip->english);
}

static gboolean
lay_out (Roll *roll, gconstpointer record, GError **error)
{
  const SlipPaper *slip = record;

  roll_head (roll, slip->hall_name, slip->english);
  roll_bands (roll, slip->training, slip->copy);
  roll_band (roll, 40, slip->english ? "资格预判结果单　Self-check" : "资格预判结果单");
  roll_space (roll, 12);
  lay_out_headline (roll, slip);
  lay_out_category (roll, slip);
  roll_dashes (roll);
  if (slip->n_services > 0) {
    lay_out_services (roll, slip);
    roll_dashes (roll);
  }
  if (!lay_out_code (roll, slip, error))
    return FALSE;
  roll_dashes (roll);
  lay_out_foot (roll, slip);
  return TRUE;
}

GBytes *
slip_paper_render (const SlipPaper *slip, GError **error)
{
  if (slip->hall_name == NULL || slip->headline.zh == NULL || slip->day == NULL ||
      slip->guide_day == NULL || (slip->ticket_text != NULL && slip->good_until == NULL)) {
    g_set_error_literal (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID,
                         "a slip needs hall, headline, day and guide");
    return NULL;
  }
  return roll_render ("资格预判结果单", slip->at, lay_out, slip, error);
}
