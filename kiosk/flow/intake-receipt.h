/* intake-receipt.h: the receipt of a submission, made before its commit. */
#pragma once

#include "domain/receipt.h"
#include "flow/intake-draft.h"

/* The receipt's record: what was handed in, what may follow, the promised limit if the guide has it
 * confirmed. Owned. */
Receipt *intake_receipt_make (const IntakeFlow *flow, const char *number, const char *ticket_text,
                              gint64 at);
