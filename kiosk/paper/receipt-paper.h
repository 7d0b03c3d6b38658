/* receipt-paper.h: the receipt of a submission on an 80 mm roll.
 *
 * Black on white without greys for a thermal head of 203 dpi (576 dots). The length is measured, so
 * the page ends where the text ends. It says what happened and no more: submitted and waiting to be
 * received (收件); being received is not being accepted (受理). Chinese always, and the visitor's
 * language beside it. No name, no number of a person. */
#pragma once

#include <glib.h>

#include "domain/receipt.h"

#define RECEIPT_PAPER_WIDTH 80.0 /* mm */

/* The receipt as PDF. INVALID if a receipt cannot be printed from this record; FULL if its QR text
 * does not fit. The same record gives the same bytes. */
GBytes *receipt_paper_render (const Receipt *receipt, GError **error);
