/* guide-paper.h: one service of the guide on A4: 《办事指南（一次性告知）》, everything at once.
 *
 * Holds nothing of the visitor. What the guide does not confirm carries ※; what it does not state
 * is said to be the window's to answer. */
#pragma once

#include "domain/guide.h"

typedef struct {
  const Guide *guide;
  const GuideService *service;
  gboolean english; /* every text again in English */
  const char *hall_name, *device;
  gint64 at; /* ms: when it is printed */
  gboolean training;
} GuidePaper;

/* The PDF. `ret_pages` may be NULL. Owned. */
GBytes *guide_paper_render (const GuidePaper *paper, int *ret_pages, GError **error);
