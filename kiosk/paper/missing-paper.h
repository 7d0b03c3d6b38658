/* missing-paper.h: 《自助预检提示（非补正告知）》 on the 80 mm roll: which documents are there and
 * which are missing, as the machine counts them. It is no notice of an office: nobody has received
 * or looked at anything, and it says so. Holds neither name nor number. */
#pragma once

#include "domain/guide.h"

typedef struct {
  const GuideService *service;
  const GPtrArray *lines; /* MaterialLine, as material_list gives them */
  gboolean english;
  const char *hall_name, *device;
  gint64 at;
  gboolean training;
} MissingPaper;

/* The PDF. Owned. */
GBytes *missing_paper_render (const MissingPaper *paper, GError **error);
