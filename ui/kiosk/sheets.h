/* sheets.h: what the shell's own sheets hold: the way to a person, and the question before
 * clearing.
 */
#pragma once

#include "kiosk/shell.h"

/* The way to the window, with window families and hours. */
void sheets_show_help (Kiosk *kiosk);

/* "What is not submitted will be cleared"; feeds `event` if the visitor wants it. */
void sheets_ask_end (Kiosk *kiosk, SessionEvent event);
