/* pending.c: stands where rooms below are not built yet; goes when they are. */
#include "base/error.h"
#include "devices/code-reader.h"
#include "flow/eligibility-flow.h"
#include "flow/guide-flow.h"

/* The real ones, once they are linked, win. */
#pragma weak code_reader_new
#pragma weak code_reader_free
#pragma weak code_reader_is_keyboard
#pragma weak code_reader_is_ready
#pragma weak code_wedge_key
#pragma weak code_wedge_silence
#pragma weak guide_flow_load
#pragma weak eligibility_flow_new
#pragma weak eligibility_flow_free
#pragma weak eligibility_flow_page
#pragma weak eligibility_flow_step
#pragma weak eligibility_flow_at_most
#pragma weak eligibility_flow_peek_answer
#pragma weak eligibility_flow_answer
#pragma weak eligibility_flow_next
#pragma weak eligibility_flow_back
#pragma weak eligibility_flow_result
#pragma weak eligibility_result_free

Guide *
guide_flow_load (GError **error)
{
  g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_NOT_FOUND, "no guide yet");
  return NULL;
}

EligibilityFlow *
eligibility_flow_new (Guide *guide, const char *service, const char *today, GError **error)
{
  return NULL;
}

void
eligibility_flow_free (EligibilityFlow *flow)
{
}

const GPtrArray *
eligibility_flow_page (const EligibilityFlow *flow)
{
  return NULL;
}

guint
eligibility_flow_step (const EligibilityFlow *flow)
{
  return 1;
}

guint
eligibility_flow_at_most (const EligibilityFlow *flow)
{
  return 1;
}

const json_t *
eligibility_flow_peek_answer (const EligibilityFlow *flow, const char *fact)
{
  return NULL;
}

gboolean
eligibility_flow_answer (EligibilityFlow *flow, const char *fact, const json_t *value,
                         GError **error)
{
  return TRUE;
}

gboolean
eligibility_flow_next (EligibilityFlow *flow)
{
  return TRUE;
}

gboolean
eligibility_flow_back (EligibilityFlow *flow)
{
  return FALSE;
}

EligibilityResult *
eligibility_flow_result (const EligibilityFlow *flow, const char *language)
{
  return NULL;
}

void
eligibility_result_free (EligibilityResult *result)
{
}

struct _CodeReader {
  int unused;
};

CodeReader *
code_reader_new (const char *device, CodeReaderFunc func, gpointer data, GError **error)
{
  return g_new0 (CodeReader, 1);
}

void
code_reader_free (CodeReader *reader)
{
  g_free (reader);
}

gboolean
code_reader_is_keyboard (const CodeReader *reader)
{
  return FALSE;
}

gboolean
code_reader_is_ready (const CodeReader *reader)
{
  return FALSE;
}

CodeWedgeResult
code_wedge_key (CodeWedge *wedge, gunichar character, gint64 ms, char **ret_text)
{
  return CODE_WEDGE_PASS;
}

CodeWedgeResult
code_wedge_silence (CodeWedge *wedge, gint64 ms, char **ret_text)
{
  return CODE_WEDGE_SWALLOW;
}
