/* queue.h: window families and the numbers of the queue.
 *
 * A number is a family's letter and three digits (A012), new every day. Each device draws from its
 * own block, given at enrolment; a full block is a refusal with a way out, never a second A001. */
#pragma once

#include <glib.h>

#define QUEUE_NUMBER_LENGTH 4

/* The families in the order in which screens show them. */
typedef struct {
  char letter;    /* 'A' */
  const char *zh; /* 人才综合专窗 */
  const char *en; /* Talent services */
} QueueFamily;

/* All families; the end has letter 0. Static. */
const QueueFamily *queue_families (void);

/* The family of a letter, or NULL. Static. */
const QueueFamily *queue_family (char letter);

/* A device's numbers of each family and day: first to last, both inclusive, within 1 to 999. */
typedef struct {
  int first, last;
} QueueBlock;

gboolean queue_block_is_valid (const QueueBlock *block);

/* The number after `last_drawn` (0: none yet today) in `block`. FULL when the block is used up;
 * INVALID for a block or last number that cannot be. */
gboolean queue_next (const QueueBlock *block, int last_drawn, int *ret_n, GError **error);

/* "A012". `letter` of a known family, `n` 1 to 999; NULL with INVALID otherwise. Owned. */
char *queue_number_format (char letter, int n, GError **error);

/* Exactly that form. FALSE otherwise, outputs (each may be NULL) untouched. */
gboolean queue_number_parse (const char *text, char *ret_letter, int *ret_n);

/* Where a ticket stands. */
typedef enum {
  QUEUE_STATE_WAITING, /* "waiting" 等候中 */
  QUEUE_STATE_CALLED,  /* "called" 已叫号 */
  QUEUE_STATE_SERVED,  /* "served" 已办理 */
  QUEUE_STATE_MISSED,  /* "missed" 已过号 */
} QueueState;

const char *queue_state_word (QueueState state); /* stable word. Static. */
gboolean queue_state_parse (const char *word, QueueState *ret_state);
const char *queue_state_zh (QueueState state);
const char *queue_state_en (QueueState state);
