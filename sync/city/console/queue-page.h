/* queue-page.h: the work queues: saved queries with a count, what is due first. */
#pragma once

#include "city/city.h"
#include "city/console/session.h"
#include "city/http.h"

/* GET /cases?queue=ID. Replies. */
void queue_page_reply (City *city, HttpRequest *request, const Session *session);
