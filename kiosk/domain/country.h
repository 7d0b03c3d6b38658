/* country.h: country codes of ISO 3166-1. */
#pragma once

#include <glib.h>

/* TRUE for an alpha-3 code in upper case ("KAZ"). */
gboolean country_is_alpha3 (const char *alpha3);

/* The alpha-3 code of a numeric code of three digits ("398"), or NULL. Static. */
const char *country_of_numeric (const char *numeric);

/* TRUE for an alpha-3 code or one of ICAO 9303's own for travel papers ("D", "XXA", "UNO"). */
gboolean country_is_travel_code (const char *code);
