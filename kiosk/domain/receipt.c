/* receipt.c: the receipt record to JSON and back. Has no member for a person, and wants none. */
#include "domain/receipt.h"

#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/strict-json.h"
#include "domain/case-number.h"

#define MAX_PAGES 10000
#define MAX_COPY 1000

static const char *const limit_words[] = {
    [RECEIPT_LIMIT_NONE] = NULL,
    [RECEIPT_LIMIT_WORKDAY] = "workday",
    [RECEIPT_LIMIT_CALENDAR_DAY] = "calendar_day",
    [RECEIPT_LIMIT_MONTH] = "month",
    [RECEIPT_LIMIT_IMMEDIATE] = "immediate",
};

static void
receipt_document_free (gpointer data)
{
  ReceiptDocument *document = data;

  g_free (document->slot);
  g_free (document->name_zh);
  g_free (document->name_en);
  g_free (document);
}

Receipt *
receipt_new (void)
{
  Receipt *receipt = g_new0 (Receipt, 1);

  receipt->documents = g_ptr_array_new_with_free_func (receipt_document_free);
  receipt->missing = g_ptr_array_new_with_free_func (receipt_document_free);
  receipt->copy = 1;
  return receipt;
}

void
receipt_free (Receipt *receipt)
{
  if (receipt == NULL)
    return;
  g_ptr_array_unref (receipt->documents);
  g_ptr_array_unref (receipt->missing);
  char *texts[] = {receipt->number,     receipt->service,     receipt->service_zh,
                   receipt->service_en, receipt->hall,        receipt->hall_name,
                   receipt->device,     receipt->language,    receipt->contact_zh,
                   receipt->contact_en, receipt->ticket_text, receipt->limit_zh,
                   receipt->limit_en};
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    g_free (texts[i]);
  g_free (receipt);
}

static void
add (GPtrArray *list, const char *slot, const char *name_zh, const char *name_en, int pages)
{
  ReceiptDocument *document = g_new0 (ReceiptDocument, 1);

  document->slot = g_strdup (slot);
  document->name_zh = g_strdup (name_zh);
  document->name_en = g_strdup (name_en);
  document->pages = pages;
  g_ptr_array_add (list, document);
}

void
receipt_add_document (Receipt *receipt, const char *slot, const char *name_zh, const char *name_en,
                      int pages)
{
  add (receipt->documents, slot, name_zh, name_en, pages);
}

void
receipt_add_missing (Receipt *receipt, const char *slot, const char *name_zh, const char *name_en)
{
  add (receipt->missing, slot, name_zh, name_en, 0);
}

int
receipt_pages (const Receipt *receipt)
{
  int pages = 0;

  for (guint i = 0; i < receipt->documents->len; i++)
    pages += ((ReceiptDocument *)receipt->documents->pdata[i])->pages;
  return pages;
}

static gboolean
refuse (GError **error, const char *what)
{
  g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID, "receipt: %s", what);
  return FALSE;
}

/* {"zh-CN", "en"} into two owned texts. */
static gboolean
read_names (const json_t *object, const char *key, char **ret_zh, char **ret_en, GError **error)
{
  json_t *names = strict_json_object (object, key, error);
  const char *zh = names == NULL ? NULL : strict_json_string (names, "zh-CN", error);
  const char *en = zh == NULL ? NULL : strict_json_string (names, "en", error);

  if (en == NULL)
    return FALSE;
  *ret_zh = g_strdup (zh);
  *ret_en = g_strdup (en);
  return TRUE;
}

static gboolean
read_documents (GPtrArray *list, const json_t *json, const char *key, gboolean with_pages,
                GError **error)
{
  json_t *array = strict_json_array (json, key, error);
  json_t *item;
  size_t i;

  if (array == NULL)
    return FALSE;
  if (json_array_size (array) > RECEIPT_MAX_DOCUMENTS)
    return refuse (error, "too many documents");
  json_array_foreach (array, i, item) {
    const char *slot = strict_json_string (item, "slot", error);
    g_autofree char *zh = NULL, *en = NULL;
    gint64 pages = 0;
    if (slot == NULL || !read_names (item, "name", &zh, &en, error) ||
        (with_pages && !strict_json_int (item, "pages", &pages, error)))
      return FALSE;
    if (pages < 0 || pages > MAX_PAGES)
      return refuse (error, "a number of pages that cannot be");
    add (list, slot, zh, en, (int)pages);
  }
  return TRUE;
}

static gboolean
read_limit (Receipt *receipt, const json_t *json, GError **error)
{
  json_t *limit = json_object_get (json, "limit");
  const char *unit;
  gint64 n = 0;

  if (limit == NULL || json_is_null (limit))
    return TRUE;
  unit = strict_json_string (limit, "unit", error);
  if (unit == NULL)
    return FALSE;
  for (int i = 1; i < (int)G_N_ELEMENTS (limit_words); i++)
    if (strcmp (limit_words[i], unit) == 0)
      receipt->limit_unit = (ReceiptLimitUnit)i;
  if (receipt->limit_unit == RECEIPT_LIMIT_NONE)
    return refuse (error, "a limit in a unit that is not known");
  if (receipt->limit_unit == RECEIPT_LIMIT_IMMEDIATE)
    return TRUE;
  if (!strict_json_int (limit, "n", &n, error))
    return FALSE;
  if (n < 0 || n > 3660)
    return refuse (error, "a limit that cannot be");
  receipt->limit_n = (int)n;
  return TRUE;
}

static gboolean
read_texts (Receipt *receipt, const json_t *json, GError **error)
{
  const struct {
    const char *key;
    char **to;
  } texts[] = {{"number", &receipt->number},     {"service", &receipt->service},
               {"hall", &receipt->hall},         {"hall_name", &receipt->hall_name},
               {"language", &receipt->language}, {"ticket_text", &receipt->ticket_text}};

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++) {
    const char *text = strict_json_string (json, texts[i].key, error);
    if (text == NULL)
      return FALSE;
    *texts[i].to = g_strdup (text);
  }
  receipt->device = g_strdup (strict_json_peek (json, "device", NULL));
  if (!case_number_is_valid (receipt->number))
    return refuse (error, "the case number does not check");
  if (*receipt->ticket_text == '\0')
    return refuse (error, "there is no text for the QR code");
  return TRUE;
}

Receipt *
receipt_from_json (const json_t *json, GError **error)
{
  g_autoptr (Receipt) receipt = receipt_new ();
  const char *at = strict_json_string (json, "at", error);
  const char *mode = at == NULL ? NULL : strict_json_string (json, "mode", error);
  gint64 copy = 0;

  if (mode == NULL || !clock_parse (at, &receipt->at, error) ||
      !strict_json_int (json, "copy", &copy, error) || !read_texts (receipt, json, error) ||
      !read_names (json, "service_name", &receipt->service_zh, &receipt->service_en, error) ||
      !read_documents (receipt->documents, json, "documents", TRUE, error) ||
      !read_documents (receipt->missing, json, "missing", FALSE, error) ||
      !read_limit (receipt, json, error))
    return NULL;
  if (json_is_object (json_object_get (json, "contact")) &&
      !read_names (json, "contact", &receipt->contact_zh, &receipt->contact_en, error))
    return NULL;
  if (json_is_object (json_object_get (json, "limit_text")) &&
      !read_names (json, "limit_text", &receipt->limit_zh, &receipt->limit_en, error))
    return NULL;
  receipt->training = strcmp (mode, "training") == 0;
  if ((!receipt->training && strcmp (mode, "normal") != 0) || copy < 1 || copy > MAX_COPY) {
    refuse (error, "a mode or copy that cannot be");
    return NULL;
  }
  receipt->copy = (int)copy;
  return g_steal_pointer (&receipt);
}

static json_t *
names_to_json (const char *zh, const char *en)
{
  return json_pack ("{s:s, s:s}", "zh-CN", zh != NULL ? zh : "", "en", en != NULL ? en : "");
}

static json_t *
documents_to_json (const GPtrArray *list, gboolean with_pages)
{
  json_t *array = json_array ();

  for (guint i = 0; i < list->len; i++) {
    const ReceiptDocument *document = list->pdata[i];
    json_t *item = json_pack ("{s:s, s:o}", "slot", document->slot, "name",
                              names_to_json (document->name_zh, document->name_en));
    if (with_pages)
      json_object_set_new (item, "pages", json_integer (document->pages));
    json_array_append_new (array, item);
  }
  return array;
}

static json_t *
limit_to_json (const Receipt *receipt)
{
  if (receipt->limit_unit == RECEIPT_LIMIT_NONE)
    return json_null ();
  if (receipt->limit_unit == RECEIPT_LIMIT_IMMEDIATE)
    return json_pack ("{s:s}", "unit", limit_words[receipt->limit_unit]);
  return json_pack ("{s:i, s:s}", "n", receipt->limit_n, "unit", limit_words[receipt->limit_unit]);
}

static const char *
or_empty (const char *text)
{
  return text != NULL ? text : "";
}

json_t *
receipt_to_json (const Receipt *receipt)
{
  g_autofree char *at = clock_format (receipt->at);
  json_t *json =
      json_pack ("{s:s, s:s, s:o, s:s, s:s, s:s, s:s}", "number", or_empty (receipt->number),
                 "service", or_empty (receipt->service), "service_name",
                 names_to_json (receipt->service_zh, receipt->service_en), "hall",
                 or_empty (receipt->hall), "hall_name", or_empty (receipt->hall_name), "at", at,
                 "language", or_empty (receipt->language));

  json_object_set_new (json, "documents", documents_to_json (receipt->documents, TRUE));
  json_object_set_new (json, "missing", documents_to_json (receipt->missing, FALSE));
  json_object_set_new (json, "limit", limit_to_json (receipt));
  json_object_set_new (json, "ticket_text", json_string (or_empty (receipt->ticket_text)));
  json_object_set_new (json, "mode", json_string (receipt->training ? "training" : "normal"));
  json_object_set_new (json, "copy", json_integer (receipt->copy));
  if (receipt->device != NULL)
    json_object_set_new (json, "device", json_string (receipt->device));
  if (receipt->contact_zh != NULL)
    json_object_set_new (json, "contact", names_to_json (receipt->contact_zh, receipt->contact_en));
  if (receipt->limit_zh != NULL)
    json_object_set_new (json, "limit_text", names_to_json (receipt->limit_zh, receipt->limit_en));
  return json;
}
