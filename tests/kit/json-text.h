/* json-text.h: JSON that a test has written down. */
#pragma once

#include "base/strict-json.h"

/* The value of `text`; aborts if it is none. Owned. */
json_t *json_text_parse (const char *text);
