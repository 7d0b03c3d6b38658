/* file-view.h: what was sealed, shown: applicant, answers, consents, documents. Personal data. */
#pragma once

#include "city/case-open.h"
#include "city/city.h"
#include "city/db/case-db.h"
#include "city/http.h"

void file_view_add (GString *page, City *city, const CaseRow *row, CaseOpen *open);

/* Sends one document: pictures to be shown inside our page, all else as a download; nothing in it
 * may run. */
void file_view_send (HttpRequest *request, const CaseRow *row, const json_t *record, GBytes *bytes);
