/* queue.c: letters and three digits. Draws nothing by itself: the last number drawn is the store's.
 */
#include "domain/queue.h"

#include <string.h>

#include "base/error.h"

#define QUEUE_LAST 999

static const QueueFamily families[] = {
    {'A', "人才综合专窗", "Talent services"},
    {'B', "外国人才专窗", "Services for foreign talents"},
    {'C', "创业服务专窗", "Business start-up"},
    {0, NULL, NULL},
};

static const struct {
  const char *word, *zh, *en;
} states[] = {
    [QUEUE_STATE_WAITING] = {"waiting", "等候中", "Waiting"},
    [QUEUE_STATE_CALLED] = {"called", "已叫号", "Called"},
    [QUEUE_STATE_SERVED] = {"served", "已办理", "Served"},
    [QUEUE_STATE_MISSED] = {"missed", "已过号", "Missed"},
};

const QueueFamily *
queue_families (void)
{
  return families;
}

const QueueFamily *
queue_family (char letter)
{
  for (const QueueFamily *family = families; family->letter != 0; family++)
    if (family->letter == letter)
      return family;
  return NULL;
}

gboolean
queue_block_is_valid (const QueueBlock *block)
{
  return block->first >= 1 && block->first <= block->last && block->last <= QUEUE_LAST;
}

gboolean
queue_next (const QueueBlock *block, int last_drawn, int *ret_n, GError **error)
{
  if (!queue_block_is_valid (block) ||
      (last_drawn != 0 && (last_drawn < block->first || last_drawn > block->last))) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID,
                 "number %d cannot be of a block %d to %d", last_drawn, block->first, block->last);
    return FALSE;
  }
  if (last_drawn == block->last) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_FULL,
                 "all numbers %d to %d of this device are drawn today", block->first, block->last);
    return FALSE;
  }
  *ret_n = last_drawn == 0 ? block->first : last_drawn + 1;
  return TRUE;
}

char *
queue_number_format (char letter, int n, GError **error)
{
  if (queue_family (letter) == NULL || n < 1 || n > QUEUE_LAST) {
    g_set_error_literal (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID,
                         "a queue number is a family's letter and 1 to 999");
    return NULL;
  }
  return g_strdup_printf ("%c%03d", letter, n);
}

gboolean
queue_number_parse (const char *text, char *ret_letter, int *ret_n)
{
  int n = 0;

  if (text == NULL || strlen (text) != QUEUE_NUMBER_LENGTH || queue_family (text[0]) == NULL)
    return FALSE;
  for (int i = 1; i < QUEUE_NUMBER_LENGTH; i++) {
    if (!g_ascii_isdigit (text[i]))
      return FALSE;
    n = n * 10 + (text[i] - '0');
  }
  if (n == 0)
    return FALSE;
  if (ret_letter != NULL)
    *ret_letter = text[0];
  if (ret_n != NULL)
    *ret_n = n;
  return TRUE;
}

const char *
queue_state_word (QueueState state)
{
  return states[state].word;
}

gboolean
queue_state_parse (const char *word, QueueState *ret_state)
{
  for (gsize i = 0; i < G_N_ELEMENTS (states); i++) {
    if (g_strcmp0 (states[i].word, word) == 0) {
      *ret_state = (QueueState)i;
      return TRUE;
    }
  }
  return FALSE;
}

const char *
queue_state_zh (QueueState state)
{
  return states[state].zh;
}

const char *
queue_state_en (QueueState state)
{
  return states[state].en;
}
