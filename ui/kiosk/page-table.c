/* page-table.c: which page a state of the session shows. */
#include "kiosk/page-table.h"

#include "kiosk/attract-page.h"
#include "kiosk/catalogue-page.h"
#include "kiosk/choose-page.h"
#include "kiosk/closed-page.h"
#include "kiosk/code-page.h"
#include "kiosk/fault-page.h"
#include "kiosk/form-page.h"
#include "kiosk/guide-page.h"
#include "kiosk/home-page.h"
#include "kiosk/idle-page.h"
#include "kiosk/materials-page.h"
#include "kiosk/place-page.h"
#include "kiosk/question-page.h"
#include "kiosk/result-page.h"
#include "kiosk/review-page.h"
#include "kiosk/scan-page.h"
#include "kiosk/sign-page.h"
#include "kiosk/stick-page.h"
#include "kiosk/submitted-page.h"
#include "kiosk/ticket-page.h"
#include "kiosk/ticket-printed-page.h"
#include "kiosk/track-page.h"

static const PageRow rows[] = {
    {SESSION_ATTRACT, "attract", attract_page_get_type, TRUE},
    {SESSION_HOME, "home", home_page_get_type},
    {SESSION_QUESTION, "question", question_page_get_type},
    {SESSION_RESULT, "result", result_page_get_type},
    {SESSION_CATALOGUE, "catalogue", catalogue_page_get_type},
    {SESSION_CHOOSE, "choose", choose_page_get_type},
    {SESSION_GUIDE, "guide", guide_page_get_type},
    {SESSION_TICKET, "ticket", ticket_page_get_type},
    {SESSION_TICKET_PRINTED, "ticket-printed", ticket_printed_page_get_type},
    {SESSION_CODE, "code", code_page_get_type},
    {SESSION_TRACK, "track", track_page_get_type},
    {SESSION_PLACE, "place", place_page_get_type},
    {SESSION_FORM, "form", form_page_get_type},
    {SESSION_MATERIALS, "materials", materials_page_get_type},
    {SESSION_SCAN, "scan", scan_page_get_type},
    {SESSION_STICK, "stick", stick_page_get_type},
    {SESSION_REVIEW, "review", review_page_get_type},
    {SESSION_SIGN, "sign", sign_page_get_type},
    {SESSION_SUBMITTED, "submitted", submitted_page_get_type},
    {SESSION_FAULT, "fault", fault_page_get_type},
    {SESSION_CLOSED, "closed", closed_page_get_type},
    {SESSION_IDLE, "idle", idle_page_get_type},
};

const PageRow *
page_table_find (SessionState state)
{
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    if (rows[i].state == state)
      return &rows[i];
  return NULL;
}
