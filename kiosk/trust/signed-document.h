/* signed-document.h: {"signed":{"type":T,...},"signature":S}, as key sets, acknowledgements and
 * times travel: Ed25519 over "onestop-T-1" LF and the canonical text of `signed`. */
#pragma once

#include <glib.h>
#include <jansson.h>

#include "trust/key.h"

/* Signs `content` (its "type" must be a word). The document; `content` is borrowed. Owned. */
json_t *signed_document_make (const json_t *content, const Key *signer);

/* The `signed` object of `document`, if it is of `type` and by `signer_public`. INVALID if it is
 * another shape or type, DENIED if the signature does not hold. Borrowed from `document`. */
json_t *signed_document_check (const json_t *document, const char *type,
                               const guint8 signer_public[32], GError **error);
