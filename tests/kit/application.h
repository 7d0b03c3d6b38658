/* application.h: the sample talent's application of tests/data/submit, filled in and not yet handed
 * in. For tests. Aborts on any failure. */
#pragma once

#include "flow/intake-flow.h"

#define APPLICATION_SERVICE "gusu-talent-card"

/* A flow of APPLICATION_SERVICE in `language` ("en", "zh_CN") with answers, four documents, the
 * notice read, consents and signature; with `second_page` also a second page of the identity
 * paper, turned by 90 degrees. Owned. */
IntakeFlow *application_fill (App *app, const char *language, gboolean second_page);

/* The bytes of the file tests/data/submit/`name`. Owned. */
GBytes *application_sample (const char *name);
