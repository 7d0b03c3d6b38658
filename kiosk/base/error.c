/* error.c: the error domain and its tables to exit codes and HTTP. Refuses to know any module. */
#include "base/error.h"

/* clang-format off */
G_DEFINE_QUARK (onestop-error-quark, onestop_error)
/* clang-format on */

static const struct {
  const char *word;
  int exit_code;
  int http_status;
} codes[ONESTOP_ERROR_N_CODES] = {
    [ONESTOP_ERROR_RETRY] = {"retry", 3, 503},
    [ONESTOP_ERROR_OFFLINE] = {"offline", 3, 502},
    [ONESTOP_ERROR_DENIED] = {"denied", 3, 403},
    [ONESTOP_ERROR_INVALID] = {"invalid", 4, 400},
    [ONESTOP_ERROR_NOT_FOUND] = {"not_found", 3, 404},
    [ONESTOP_ERROR_CONFLICT] = {"conflict", 3, 409},
    [ONESTOP_ERROR_FULL] = {"full", 3, 507},
    [ONESTOP_ERROR_DEVICE] = {"device", 3, 503},
    [ONESTOP_ERROR_CORRUPT] = {"corrupt", 5, 500},
    [ONESTOP_ERROR_CANCELLED] = {"cancelled", 3, 503},
    [ONESTOP_ERROR_BUG] = {"bug", 5, 500},
};

int
onestop_error_exit_code (const GError *error)
{
  if (error == NULL || error->domain != ONESTOP_ERROR || error->code < 0 ||
      error->code >= ONESTOP_ERROR_N_CODES)
    return 5;
  return codes[error->code].exit_code;
}

int
onestop_error_http_status (OnestopError code)
{
  return codes[code].http_status;
}

const char *
onestop_error_word (OnestopError code)
{
  return codes[code].word;
}

gboolean
onestop_error_is (const GError *error, OnestopError code)
{
  return error != NULL && g_error_matches (error, ONESTOP_ERROR, (int)code);
}
