/* catalogue-page.h: screen 04: the services of Article 4, in four groups. */
#pragma once

#include "domain/guide.h"
#include "kiosk/page.h"

#define CATALOGUE_PAGE_TYPE (catalogue_page_get_type ())
G_DECLARE_FINAL_TYPE (CataloguePage, catalogue_page, ONESTOP, CATALOGUE_PAGE, Page)

/* A row for `service`: name, limit, whether it can be done here. Pressing it chooses the service.
 * Floating. */
GtkWidget *catalogue_page_row_new (Page *page, const void *service);

/* The limit to show in few words: promised, else statutory; NULL if neither is known. Borrowed. */
const GuideLimit *catalogue_page_limit (const GuideService *service);

/* "Guide version 12, published 2026-11-23". Owned. */
char *catalogue_page_version (Page *page);
