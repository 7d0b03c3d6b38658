/* code-flow.c: one face for the serial reader and the one that acts as a keyboard. */
#include "flow/code-flow.h"

#include "devices/code-reader.h"
#include "devices/code-wedge.h"

/* Nobody types on a kiosk's keyboard: so many fast characters are a reader's. */
#define BURST 6

struct _CodeFlow {
  CodeReader *reader;
  CodeWedge wedge;
  CodeFlowFunc func, replay;
  gpointer data;
};

static void
on_reader (CodeReaderEvent event, const char *text, gpointer data)
{
  CodeFlow *flow = data;
  if (event == CODE_READER_CODE)
    flow->func (text, flow->data);
  else if (event == CODE_READER_UNREADABLE)
    flow->func (NULL, flow->data);
}

CodeFlow *
code_flow_new (const char *device, CodeFlowFunc func, CodeFlowFunc replay, gpointer data,
               GError **error)
{
  CodeFlow *flow = g_new0 (CodeFlow, 1);
  flow->func = func;
  flow->replay = replay;
  flow->data = data;
  flow->wedge.burst = BURST;
  flow->reader =
      code_reader_new (device != NULL && *device != '\0' ? device : "none", on_reader, flow, error);
  if (flow->reader == NULL)
    g_clear_pointer (&flow, g_free);
  return flow;
}

void
code_flow_free (CodeFlow *flow)
{
  if (flow == NULL)
    return;
  code_reader_free (flow->reader);
  g_free (flow);
}

static gboolean
take (CodeFlow *flow, CodeWedgeResult result, const char *text)
{
  switch (result) {
  case CODE_WEDGE_CODE:
    flow->func (text, flow->data);
    return TRUE;
  case CODE_WEDGE_UNREADABLE:
    flow->func (NULL, flow->data);
    return TRUE;
  case CODE_WEDGE_SWALLOW:
  case CODE_WEDGE_PASS:
  default:
    if (text != NULL)
      flow->replay (text, flow->data);
    return result == CODE_WEDGE_SWALLOW;
  }
}

gboolean
code_flow_key (CodeFlow *flow, gunichar character, gint64 now)
{
  g_autofree char *text = NULL;
  if (!code_reader_is_keyboard (flow->reader))
    return FALSE;
  CodeWedgeResult result = code_wedge_key (&flow->wedge, character, now, &text);
  return take (flow, result, text);
}

void
code_flow_tick (CodeFlow *flow, gint64 now)
{
  g_autofree char *text = NULL;
  if (!code_reader_is_keyboard (flow->reader))
    return;
  CodeWedgeResult result = code_wedge_silence (&flow->wedge, now, &text);
  take (flow, result, text);
}

gboolean
code_flow_is_ready (const CodeFlow *flow)
{
  return code_reader_is_ready (flow->reader);
}
