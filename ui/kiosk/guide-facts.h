/* guide-facts.h: the parts of the detail page about money, results, rights, people and the edition.
 */
#pragma once

#include "domain/guide.h"
#include "kiosk/page.h"

/* Cards; each says so where the guide does not state the thing. Floating. */
GtkWidget *guide_facts_fees (Page *page, const GuideService *service);
GtkWidget *guide_facts_results (Page *page, const GuideService *service);
GtkWidget *guide_facts_rights (Page *page, const GuideService *service);

/* Who may apply, what comes first, what it goes not together with; NULL if the guide says nothing of
 * it. Floating. */
GtkWidget *guide_facts_conditions (Page *page, const GuideService *service);

/* Questions with their answers; NULL if there are none. Floating. */
GtkWidget *guide_facts_questions (Page *page, const GuideService *service);

/* Specialists A and B side by side, then windows and hotline. */
GtkWidget *guide_facts_people (Page *page, const GuideService *service);

/* "Service guide version 3, published 2026-11-23, in force from 2026-12-01", and whether it was
 * compared with the city's. Owned. */
char *guide_facts_edition (Page *page);
