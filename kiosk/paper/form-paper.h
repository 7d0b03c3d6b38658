/* form-paper.h: the form of a service on A4, blank or with answers (自助填单), and a mandate
 * (授权委托书): for the window, or for the employer's seal. With answers it is personal paper: it
 * goes over the print socket and is never spooled. */
#pragma once

#include "domain/guide.h"

typedef struct {
  const GuideService *service;
  const json_t *answers; /* flat, as domain/form says; NULL: blank */
  gboolean english;
  const char *hall_name, *device;
  gint64 at;
  gboolean training;
} FormPaper;

/* The service's form; INVALID if it has none. Sections and fields that the answers do not ask for
 * are left out; a blank form has all. Owned. */
GBytes *form_paper_render (const FormPaper *paper, int *ret_pages, GError **error);

/* The mandate, blank but for the service. `answers` is not read. Owned. */
GBytes *form_paper_render_mandate (const FormPaper *paper, int *ret_pages, GError **error);
