/* case-page.h: one case: what is clear, what was sealed (after its opening was recorded), what may
 * be done. */
#pragma once

#include "city/city.h"
#include "city/console/session.h"
#include "city/http.h"

/* GET /cases/NUMBER. `sent` and `problem` (both or neither) are of an act that was refused. */
void case_page_reply (City *city, HttpRequest *request, Session *session, const char *number,
                      int status, GHashTable *sent, const char *problem);

/* POST /cases/NUMBER/act: acts, then sends back to the page. */
void case_page_act (City *city, HttpRequest *request, Session *session, const char *number,
                    GHashTable *sent);

/* POST /cases/NUMBER/open: records the reading with its reason, then shows. */
void case_page_open (City *city, HttpRequest *request, Session *session, const char *number,
                     GHashTable *sent);

/* GET /cases/NUMBER/document/PART/INDEX. */
void case_page_document (City *city, HttpRequest *request, Session *session, const char *number,
                         const char *rest);
