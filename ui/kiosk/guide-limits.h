/* guide-limits.h: how long a service takes, as lines: what the law allows, what was promised, and
 * the steps that do not count. */
#pragma once

#include "domain/guide.h"
#include "kiosk/page.h"

#define LIMIT_LINE_TYPE (limit_line_get_type ())
G_DECLARE_FINAL_TYPE (LimitLine, limit_line, ONESTOP, LIMIT_LINE, GtkWidget)

/* "15 calendar days from receipt (Residence permit)". Owned. */
char *guide_limits_words (Page *page, const GuideLimit *limit);

/* A card with all limits of `service`. Floating. */
GtkWidget *guide_limits_new (Page *page, const GuideService *service);
