/* error.h: the one error domain of OneStop.
 *
 * Every fallible function of ours takes a GError** and sets one of these codes. A code says what
 * the caller can do next, not which module failed; the message says what happened, in English,
 * without personal data, so that it may be logged. */
#pragma once

#include <glib.h>

#define ONESTOP_ERROR (onestop_error_quark ())

typedef enum {
  ONESTOP_ERROR_RETRY,     /* may work if done again later, unchanged */
  ONESTOP_ERROR_OFFLINE,   /* the other end cannot be reached */
  ONESTOP_ERROR_DENIED,    /* not allowed: credentials, role, key, signature */
  ONESTOP_ERROR_INVALID,   /* the input cannot be taken as it is */
  ONESTOP_ERROR_NOT_FOUND, /* no such thing */
  ONESTOP_ERROR_CONFLICT,  /* something else is there, or it changed meanwhile */
  ONESTOP_ERROR_FULL,      /* no room: disk, quota, number block, buffer limit */
  ONESTOP_ERROR_DEVICE,    /* printer, scanner, reader: it did not do it */
  ONESTOP_ERROR_CORRUPT,   /* our own stored data is damaged */
  ONESTOP_ERROR_CANCELLED, /* asked to stop */
  ONESTOP_ERROR_BUG,       /* a fault of ours */
} OnestopError;

#define ONESTOP_ERROR_N_CODES (ONESTOP_ERROR_BUG + 1)

GQuark onestop_error_quark (void);

/* The exit code that the contract gives an error: INVALID 4; RETRY, OFFLINE, DENIED, NOT_FOUND,
 * CONFLICT, FULL, DEVICE, CANCELLED 3; CORRUPT and BUG 5. A NULL or foreign error is 5. */
int onestop_error_exit_code (const GError *error);

/* The HTTP status for `code` (RFC 9110). */
int onestop_error_http_status (OnestopError code);

/* A short stable word for `code` ("retry", "offline", ...), for logs and --json. Static. */
const char *onestop_error_word (OnestopError code);

/* TRUE if `error` is of our domain with `code`. NULL is FALSE. */
gboolean onestop_error_is (const GError *error, OnestopError code);
