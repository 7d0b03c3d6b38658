/* missing-paper.c: two lists and what they are not. */
#include "paper/missing-paper.h"

#include "domain/material.h"
#include "paper/roll.h"

static void
material_line (Roll *roll, const GuideMaterial *material, const char *more_zh, const char *more_en,
               gboolean ticked, gboolean english)
{
  const RollText text = {.size = 28}, small = {.size = 24};
  const char *zh = guide_text (material->name, "zh_CN", NULL),
             *en = guide_text (material->name, "en", NULL);
  double y = roll_y (roll), width = ROLL_WIDTH - 44;

  roll_tick (roll, 0, y + 7, 27, ticked);
  y += roll_text_at (roll, text, zh, 44, y, width);
  if (english && g_strcmp0 (zh, en) != 0)
    y += roll_text_at (roll, small, en, 44, y, width);
  y += roll_text_at (roll, small, more_zh, 44, y, width);
  if (english)
    y += roll_text_at (roll, small, more_en, 44, y, width);
  roll_move_to (roll, y + 4);
}

static guint
count (const GPtrArray *lines, MaterialState state)
{
  guint n = 0;
  for (guint i = 0; i < lines->len; i++)
    n += ((MaterialLine *)lines->pdata[i])->state == state;
  return n;
}

/* The lines in `state` under a heading; nothing when there are none. */
static void
list (Roll *roll, const MissingPaper *paper, MaterialState state, const char *zh, const char *en)
{
  const RollText head = {.size = 30, .bold = TRUE};
  guint n = count (paper->lines, state);
  g_autofree char *title = g_strdup_printf ("%s　%u 份%s%s", zh, n, paper->english ? "　" : "",
                                            paper->english ? en : "");

  if (n == 0)
    return;
  roll_text (roll, head, title);
  for (guint i = 0; i < paper->lines->len; i++) {
    const MaterialLine *line = paper->lines->pdata[i];
    g_autofree char *days_zh =
        state == MATERIAL_DEFERRED
            ? g_strdup_printf ("可容缺，%u 日内补齐", line->material->deferrable_days)
            : NULL;
    g_autofree char *days_en =
        state == MATERIAL_DEFERRED
            ? g_strdup_printf ("May follow within %u days", line->material->deferrable_days)
            : NULL;
    gboolean conditional = state == MATERIAL_UNDECIDED;
    if (line->state != state)
      continue;
    material_line (roll, line->material,
                   conditional ? guide_text (line->material->when_text, "zh_CN", NULL) : days_zh,
                   conditional ? guide_text (line->material->when_text, "en", NULL) : days_en,
                   state == MATERIAL_PRESENT, paper->english);
  }
  roll_space (roll, 10);
}

static void
lay_out_note (Roll *roll, gboolean english)
{
  const RollText text = {.size = 26}, small = {.size = 24};

  roll_text (
      roll, text,
      "这是自助机按您已交的材料数出来的，不是补正告知，也不是收件或受理的凭证；还没有人看过材料。"
      "是否齐全，以窗口收件时核对为准。");
  if (english)
    roll_text (roll, small,
               "The machine has counted what you gave it. This is no official notice to complete "
               "the documents, no receipt, and nobody has looked at them yet. The window decides "
               "what is complete.");
}

static gboolean
lay_out (Roll *roll, gconstpointer record, GError **error)
{
  const MissingPaper *paper = record;
  const RollText name = {.size = 34, .bold = TRUE, .align = CANVAS_CENTRE};
  const RollText second = {.size = 26, .align = CANVAS_CENTRE};

  roll_head (roll, paper->hall_name, paper->english);
  roll_bands (roll, paper->training, 1);
  roll_band (roll, 36, paper->english ? "自助预检提示　Pre-check" : "自 助 预 检 提 示");
  roll_text (roll, second,
             paper->english ? "（非补正告知）not an official notice" : "（非补正告知）");
  roll_space (roll, 6);
  roll_text (roll, name, guide_text (paper->service->name, "zh_CN", NULL));
  if (paper->english)
    roll_text (roll, second, guide_text (paper->service->name, "en", NULL));
  roll_rule (roll);
  roll_space (roll, 10);
  list (roll, paper, MATERIAL_MISSING, "还缺", "Missing");
  list (roll, paper, MATERIAL_DEFERRED, "可以后补", "May follow later");
  list (roll, paper, MATERIAL_UNDECIDED, "符合情形才要", "If it applies");
  list (roll, paper, MATERIAL_PRESENT, "已有", "There");
  roll_dashes (roll);
  lay_out_note (roll, paper->english);
  roll_dashes (roll);
  roll_stamp (roll, paper->device, paper->at, 1, paper->english);
  return TRUE;
}

GBytes *
missing_paper_render (const MissingPaper *paper, GError **error)
{
  return roll_render ("自助预检提示（非补正告知）", paper->at, lay_out, paper, error);
}
