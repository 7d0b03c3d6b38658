/* file-view.c: the person's words and papers as markup. Refuses to let a document run anything: it
 * is sent as a sandboxed picture or as a download. */
#include "city/console/file-view.h"

#include <string.h>

#include "base/clock.h"
#include "base/strict-json.h"
#include "city/console/html.h"

#define SANDBOX "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:"

static const struct {
  const char *media, *suffix;
  gboolean picture;
} kinds[] = {{"image/jpeg", "jpg", TRUE},
             {"image/png", "png", TRUE},
             {"image/svg+xml", "svg", TRUE},
             {"application/pdf", "pdf", FALSE}};

static gsize
kind_of (const json_t *record)
{
  const char *media = strict_json_peek (record, "media", "");

  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (strcmp (kinds[i].media, media) == 0)
      return i;
  return G_N_ELEMENTS (kinds);
}

/* A field of the service's form by its name, wherever its section puts it. */
static const GuideField *
field_of (const City *city, const CaseRow *row, const char *name)
{
  const GuideService *service =
      city->guide != NULL ? guide_service (city->guide, row->service) : NULL;
  return service != NULL ? guide_field (service, name) : NULL;
}

static const char *
words_of (const GuideField *field, const char *value)
{
  for (guint i = 0; field != NULL && i < field->options->len; i++) {
    const GuideOption *option = g_ptr_array_index (field->options, i);
    if (strcmp (option->value, value) == 0)
      return guide_text (option->label, "zh_CN", NULL);
  }
  return value;
}

static void
add_value (GString *page, const GuideField *field, const json_t *value)
{
  json_t *one;
  gsize i;

  if (json_is_string (value)) {
    html_add (page, "%s", words_of (field, json_string_value (value)));
  } else if (json_is_boolean (value)) {
    html_add (page, "%s", json_is_true (value) ? "是" : "否");
  } else if (json_is_array (value)) {
    json_array_foreach (value, i, one) {
      html_add (page, "%s", i > 0 ? "、" : "");
      add_value (page, field, one);
    }
  } else if (!json_is_null (value)) {
    g_autofree char *text = strict_json_write (value);
    html_add (page, "%s", text);
  }
}

static void
add_part (GString *page, const City *city, const CaseRow *row, const char *title,
          const json_t *part)
{
  const char *key;
  json_t *value;

  if (!json_is_object (part) || json_object_size (part) == 0)
    return;
  html_add (page, "<h3>%s</h3><dl class=answers>", title);
  json_object_foreach ((json_t *)part, key, value) {
    const GuideField *field = field_of (city, row, key);
    html_add (page, "<div><dt>%s<dd>",
              field != NULL ? guide_text (field->label, "zh_CN", NULL) : key);
    add_value (page, field, value);
    html_add (page, "</div>");
  }
  html_add (page, "</dl>");
}

static const char *
slot_name (const City *city, const CaseRow *row, const char *slot)
{
  const GuideService *service =
      city->guide != NULL ? guide_service (city->guide, row->service) : NULL;
  const GuideMaterial *material = service != NULL ? guide_material (service, slot) : NULL;

  if (material != NULL)
    return guide_text (material->name, "zh_CN", NULL);
  return strcmp (slot, "signature") == 0 ? "手写签名图像（未经电子认证）" : slot;
}

static void
add_document (GString *page, const City *city, const CaseRow *row, const json_t *record, guint part,
              gsize index)
{
  gsize kind = kind_of (record);
  const char *slot = strict_json_peek (record, "slot", "");
  g_autofree char *path = g_strdup_printf ("/cases/%s/document/%u/%zu", row->number, part, index);
  gint64 bytes = json_integer_value (json_object_get (record, "bytes"));
  int turn = (int)json_integer_value (json_object_get (record, "rotate")) / 90 % 4;

  html_add (page, "<li><a href=\"%s\" target=_blank rel=noopener>", path);
  if (kind < G_N_ELEMENTS (kinds) && kinds[kind].picture)
    html_add (page, "<span class=\"sheet turn%d\"><img src=\"%s\" alt=\"%s\" loading=lazy></span>",
              turn, path, slot_name (city, row, slot));
  else
    html_add (page, "<span class=\"sheet paper\"><b>%s</b></span>",
              kind < G_N_ELEMENTS (kinds) ? "PDF" : "文件");
  html_add (page, "<b>%s</b><small>%s%d KB</small></a></li>", slot_name (city, row, slot),
            kind < G_N_ELEMENTS (kinds) && !kinds[kind].picture ? "下载 · " : "",
            (int)((bytes + 1023) / 1024));
}

static void
add_consents (GString *page, const City *city, const json_t *body)
{
  json_t *consents = json_object_get (body, "consents"), *consent;
  gsize i;

  if (json_array_size (consents) == 0)
    return;
  html_add (page, "<h3>同意事项</h3><ul class=consents>");
  json_array_foreach (consents, i, consent) {
    const char *id = strict_json_peek (consent, "id", "");
    const GuideConsent *known = city->guide != NULL ? guide_consent (city->guide, id) : NULL;
    gboolean given = json_is_true (json_object_get (consent, "given"));
    html_add (page, "<li>%s %s：<b>%s</b></li>", given ? "✓" : "○",
              known != NULL ? guide_text (known->title, "zh_CN", NULL) : id,
              given ? "同意" : "不同意");
  }
  html_add (page, "</ul>");
}

static void
add_identity (GString *page, const json_t *body)
{
  static const char *const words[][2] = {{"typed", "身份：自行填写，未核证件"},
                                         {"scan", "身份：扫描件，未核原件"},
                                         {"chip", "身份：读证核验"},
                                         {"original_seen", "身份：窗口核验原件"},
                                         {"outside", "身份：外部系统核验"}};
  const char *method =
      strict_json_peek (json_object_get (body, "identity_proof"), "method", "typed");

  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    if (strcmp (words[i][0], method) == 0)
      html_add (page, "<p class=identity>%s</p>", words[i][1]);
}

void
file_view_add (GString *page, City *city, const CaseRow *row, CaseOpen *open)
{
  for (guint i = 0; i < open->parts->len; i++) {
    const CaseOpenPart *part = g_ptr_array_index (open->parts, i);
    json_t *documents = json_object_get (part->body, "documents"), *record;
    gsize k;

    if (i > 0)
      html_add (page, "<h3>补交材料（第 %u 次）</h3>", i);
    add_identity (page, part->body);
    add_part (page, city, row, "申请人", json_object_get (part->body, "applicant"));
    add_part (page, city, row, "代办人或单位", json_object_get (part->body, "on_behalf"));
    add_part (page, city, row, "填写内容", json_object_get (part->body, "answers"));
    add_consents (page, city, part->body);
    html_add (page, "<h3>材料 <small>%d 份</small></h3><ul class=documents>",
              (int)json_array_size (documents));
    json_array_foreach (documents, k, record) {
      add_document (page, city, row, record, i, k);
    }
    html_add (page, "</ul>");
  }
}

void
file_view_send (HttpRequest *request, const CaseRow *row, const json_t *record, GBytes *bytes)
{
  gsize kind = kind_of (record);
  gboolean known = kind < G_N_ELEMENTS (kinds);
  g_autofree char *disposition = g_strdup_printf (
      "%s; filename=\"%s-%s-%d.%s\"", known && kinds[kind].picture ? "inline" : "attachment",
      row->number, strict_json_peek (record, "slot", "document"),
      (int)json_integer_value (json_object_get (record, "index")) + 1,
      known ? kinds[kind].suffix : "bin");

  /* A slot's name is data: it must not end the header or its quotes. */
  for (char *p = strchr (disposition, '"') + 1; *p != '\0' && p[1] != '\0'; p++)
    if ((guchar)*p < 0x20 || *p == '"' || *p == '\\' || (guchar)*p > 0x7e)
      *p = '_';
  http_set_header (request, "Content-Disposition", disposition);
  http_set_header (request, "Content-Security-Policy", SANDBOX);
  http_set_header (request, "Cross-Origin-Resource-Policy", "same-origin");
  http_reply_bytes (request, 200, known ? kinds[kind].media : "application/octet-stream", bytes);
}
