/* papers.c: binds the scan flow, which outlives pages, to whichever page is on show. */
#include "kiosk/papers.h"

#include "base/log.h"
#include "flow/intake-flow.h"
#include "kiosk/shell.h"

#define PROGRESS "papers-progress"

static void
on_scan_changed (ScanFlow *flow, gpointer data)
{
  Kiosk *kiosk = data;
  Page *page = shell_page (kiosk->shell);
  SessionState state = session_page (kiosk->session);

  session_touch (kiosk->session, g_get_monotonic_time () / 1000);
  if (state != SESSION_MATERIALS && state != SESSION_SCAN && state != SESSION_STICK)
    return;
  if (scan_flow_is_busy (flow) && g_object_get_data (G_OBJECT (page), PROGRESS) != NULL) {
    void (*progress) (Page *) = (void (*) (Page *))g_object_get_data (G_OBJECT (page), PROGRESS);
    progress (page);
  } else if (session_state (kiosk->session) != SESSION_IDLE) {
    shell_rebuild (kiosk->shell);
  }
}

ScanFlow *
papers_flow (Page *page)
{
  Session *session = page_session (page);
  ScanFlow *flow = session_flow (session, SESSION_SLOT_SCAN);
  IntakeFlow *intake = session_flow (session, SESSION_SLOT_INTAKE);
  g_autoptr (GError) error = NULL;

  if (flow != NULL || intake == NULL)
    return flow;
  flow = scan_flow_new (page_kiosk (page)->app, intake, on_scan_changed, page_kiosk (page), &error);
  if (flow == NULL) {
    log_error ("papers.no-scan-flow", "%s", error->message);
    return NULL;
  }
  session_take_flow (session, SESSION_SLOT_SCAN, flow, (GDestroyNotify)scan_flow_free);
  return flow;
}

void
papers_listen (Page *page, void (*progress) (Page *page))
{
  g_object_set_data (G_OBJECT (page), PROGRESS, (gpointer)progress);
}

const GuideMaterial *
papers_material (Page *page)
{
  IntakeFlow *intake = session_flow (page_session (page), SESSION_SLOT_INTAKE);
  const char *id = session_flow (page_session (page), SESSION_SLOT_PAPER);

  return intake != NULL && id != NULL ? guide_material (intake_flow_peek_service (intake), id)
                                      : NULL;
}

void
papers_take_up (Page *page, const char *material)
{
  session_take_flow (page_session (page), SESSION_SLOT_PAPER, g_strdup (material), g_free);
}

const char *
papers_fault (Page *page)
{
  ScanFlow *flow = session_flow (page_session (page), SESSION_SLOT_SCAN);
  ScanFlowStatus status;

  if (flow == NULL)
    return NULL;
  status = scan_flow_status (flow);
  if (status.fault == NULL || g_strcmp0 (status.fault, "cancelled") == 0)
    return NULL;
  return translate (page_language (page), scan_flow_peek_sentence (status.fault));
}

/* ---- taking out, and back in ---- */

typedef struct {
  Kiosk *kiosk;
  char *slot, *media, *name;
  GBytes *bytes;
  guint pages;
  int rotate;
} Removed;

static void
removed_free (gpointer data)
{
  Removed *removed = data;
  g_free (removed->slot);
  g_free (removed->media);
  g_free (removed->name);
  g_bytes_unref (removed->bytes);
  g_free (removed);
}

static void
on_undo (gpointer data)
{
  Removed *removed = data;
  Session *session = removed->kiosk->session;
  IntakeFlow *intake = session_flow (session, SESSION_SLOT_INTAKE);
  guint index = 0;
  g_autoptr (GError) error = NULL;

  if (intake == NULL)
    return;
  if (!intake_flow_add_document (intake, removed->slot, removed->media, removed->name,
                                 removed->bytes, removed->pages, &index, &error) ||
      !intake_flow_rotate_document (intake, removed->slot, index, removed->rotate, &error))
    log_warning ("papers.undo", "%s", error->message);
  shell_rebuild (removed->kiosk->shell);
}

void
papers_remove (Page *page, const char *material, guint index)
{
  Kiosk *kiosk = page_kiosk (page);
  IntakeFlow *intake = session_flow (kiosk->session, SESSION_SLOT_INTAKE);
  g_autoptr (GPtrArray) documents = intake_flow_documents (intake, material);
  const IntakeDocument *document = index < documents->len ? documents->pdata[index] : NULL;
  g_autoptr (GError) error = NULL;
  Removed *removed;

  if (document == NULL)
    return;
  removed = g_new (Removed, 1);
  *removed = (Removed){kiosk,
                       g_strdup (document->slot),
                       g_strdup (document->media),
                       g_strdup (document->name),
                       g_bytes_ref (document->bytes),
                       document->pages,
                       document->rotate};
  if (!scan_flow_remove (papers_flow (page), material, index, &error)) {
    log_warning ("papers.remove", "%s", error->message);
    removed_free (removed);
    return;
  }
  /* The page is another one by now: the flow has called back. What was taken out lives as long as
   * the window knows it. */
  shell_toast (kiosk->shell, translate (session_language (kiosk->session), N_ ("Taken out")),
               translate (session_language (kiosk->session), N_ ("Put it back")), on_undo, removed);
  g_object_set_data_full (G_OBJECT (kiosk->shell), "papers-removed", removed, removed_free);
}
