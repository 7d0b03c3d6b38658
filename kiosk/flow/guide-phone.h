/* guide-phone.h: a service in the few words that a QR code holds, to be taken away on the phone
 * without any network: name, limit, documents, where. */
#pragma once

#include "domain/guide.h"

#define GUIDE_PHONE_MAX_VERSION 13 /* of the code, level M: 331 bytes */

/* As many documents as fit, then "and N more". `hall_name` may be NULL. Never NULL; owned. */
char *guide_phone_text (const Guide *guide, const GuideService *service, const char *hall_name,
                        const char *language);
