/* device-hints.h: printer, scanner and network in the bottom bar, as the store knows them. */
#pragma once

#include "kiosk/bottom-bar.h"

/* Looks again. A device that is not set up, or that nobody has looked at, has no hint. */
void device_hints_show (Kiosk *kiosk, BottomBar *bar);
