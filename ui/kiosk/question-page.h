/* question-page.h: screen 02: one question of the eligibility check. */
#pragma once

#include "kiosk/page.h"

#define QUESTION_PAGE_TYPE (question_page_get_type ())
G_DECLARE_FINAL_TYPE (QuestionPage, question_page, ONESTOP, QUESTION_PAGE, Page)
