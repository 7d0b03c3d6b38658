/* guide-read.c: JSON of a guide into structs, one function a struct. Checks what the structs need
 * to be safe to use, not what a schema can say. */
#include "domain/guide-read.h"

#include <string.h>

#include "base/error.h"
#include "base/strict-json.h"
#include "domain/logic.h"

#define DEFAULT_MAX_BYTES (20u * 1024 * 1024)
#define DEFAULT_MAX_DOCUMENTS 10
#define DEFAULT_MAX_LENGTH 100
#define MULTILINE_MAX_LENGTH 1000

/* Brackets, commas and colons outside of strings: what a parser makes of the text is no more. */
static gboolean
values_are_few (const char *text, gsize length)
{
  guint values = 0;
  gboolean in_string = FALSE;
  for (gsize i = 0; i < length && values <= GUIDE_MAX_VALUES; i++) {
    if (in_string && text[i] == '\\')
      i++;
    else if (text[i] == '"')
      in_string = !in_string;
    else if (!in_string && memchr ("[{,:", text[i], 4) != NULL)
      values++;
  }
  return values <= GUIDE_MAX_VALUES;
}

json_t *
guide_read_json (const void *bytes, gsize length, GError **error)
{
  if (length > GUIDE_MAX_BYTES) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID, "a guide of more than 2 MiB");
    return NULL;
  }
  if (!values_are_few (bytes, length)) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID, "a guide of more than %d values",
                 GUIDE_MAX_VALUES);
    return NULL;
  }
  return strict_json_parse (bytes, length, error);
}

void
guide_read_refuse (GuideReader *reader, const char *place, const char *what)
{
  if (reader->error == NULL)
    g_set_error (&reader->error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID, "%s: %s", place, what);
}

GPtrArray *
guide_read_array (GuideReader *reader)
{
  GPtrArray *array = g_ptr_array_new ();
  g_ptr_array_add (reader->arrays, array);
  return array;
}

static gpointer
make (GuideReader *reader, gsize size)
{
  gpointer memory = g_malloc0 (size);
  g_ptr_array_add (reader->memory, memory);
  return memory;
}

static const char *
text_of (const json_t *json, const char *key)
{
  return json_string_value (json_object_get (json, key));
}

static guint
count_of (const json_t *json, const char *key, guint fallback)
{
  const json_t *value = json_object_get (json, key);
  if (!json_is_integer (value))
    return fallback;
  return (guint)CLAMP (json_integer_value (value), 0, G_MAXINT);
}

static gboolean
flag_of (const json_t *json, const char *key)
{
  return json_is_true (json_object_get (json, key));
}

static const char *
need_id (GuideReader *reader, const json_t *json, const char *place)
{
  const char *id = text_of (json, "id");
  if (id == NULL || *id == '\0') {
    guide_read_refuse (reader, place, "has no id");
    return "";
  }
  return id;
}

static const GuideText *
need_text (GuideReader *reader, const json_t *json, const char *key, const char *place)
{
  const GuideText *text = json_object_get (json, key);
  if (guide_text (text, "zh_CN", NULL) == NULL) {
    g_autofree char *what = g_strdup_printf ("has no %s in zh-CN", key);
    guide_read_refuse (reader, place, what);
    return NULL;
  }
  return text;
}

/* The index of `word` in `words`, or -1. */
static int
index_of (const char *const *words, const char *word)
{
  for (int i = 0; word != NULL && words[i] != NULL; i++)
    if (strcmp (words[i], word) == 0)
      return i;
  return -1;
}

static int
need_word (GuideReader *reader, const char *const *words, const json_t *json, const char *key,
           const char *place)
{
  int found = index_of (words, text_of (json, key));
  if (found < 0) {
    g_autofree char *what = g_strdup_printf ("has no %s that we know", key);
    guide_read_refuse (reader, place, what);
    return 0;
  }
  return found;
}

static const char *const *
words_of (GuideReader *reader, const json_t *json, const char *key)
{
  const json_t *list = json_object_get (json, key);
  gsize n = json_array_size (list), at = 0;
  const char **words = make (reader, (n + 1) * sizeof *words);
  for (gsize i = 0; i < n; i++) {
    const char *word = json_string_value (json_array_get (list, i));
    if (word != NULL)
      words[at++] = word;
  }
  return words;
}

static const LogicRule *
rule_of (GuideReader *reader, const json_t *json, const char *key, const char *place)
{
  json_t *rule = json_object_get (json, key);
  if (rule == NULL)
    return NULL;
  g_autoptr (GError) why = NULL;
  LogicRule *compiled = logic_compile (rule, &why);
  if (compiled == NULL) {
    g_autofree char *where = g_strdup_printf ("%s/%s", place, key);
    guide_read_refuse (reader, where, why->message);
    return NULL;
  }
  g_ptr_array_add (reader->rules, compiled);
  return compiled;
}

/* TRUE if an unconfirmed pointer of `service` stands at, above or below `pointer`. */
static gboolean
touched (const json_t *service, const char *pointer)
{
  const json_t *list = json_object_get (service, "unconfirmed");
  gsize length = strlen (pointer);
  for (gsize i = 0; i < json_array_size (list); i++) {
    const char *entry = json_string_value (json_array_get (list, i));
    gsize n = entry == NULL ? 0 : strlen (entry);
    if (entry == NULL || strncmp (entry, pointer, MIN (n, length)) != 0)
      continue;
    if (n == length || (n < length ? pointer[n] : entry[length]) == '/')
      return TRUE;
  }
  return FALSE;
}

/* --- Small things -------------------------------------------------------------------------------
 */

static const GuideBasis *
read_basis (GuideReader *reader, const json_t *json, const char *place)
{
  static const char *const statuses[] = {"in_force", "replaced", "to_confirm", NULL};
  if (json == NULL)
    return NULL;
  GuideBasis *basis = make (reader, sizeof *basis);
  basis->title = need_text (reader, json, "title", place);
  basis->number = text_of (json, "number");
  basis->article = text_of (json, "article");
  basis->url = text_of (json, "url");
  int status = index_of (statuses, text_of (json, "status"));
  basis->status = status < 0 ? GUIDE_STATUS_TO_CONFIRM : (GuideBasisStatus)status;
  return basis;
}

static GPtrArray *
read_bases (GuideReader *reader, const json_t *json, const char *place)
{
  GPtrArray *array = guide_read_array (reader);
  const json_t *list = json_object_get (json, "basis");
  for (gsize i = 0; i < json_array_size (list); i++)
    g_ptr_array_add (array, (gpointer)read_basis (reader, json_array_get (list, i), place));
  return array;
}

static const GuideLimit *
read_limit (GuideReader *reader, const json_t *json, GuideLimitKind kind, const char *place)
{
  static const char *const units[] = {"workday",   "calendar_day", "month", "hour",
                                      "immediate", "batch",        NULL};
  static const char *const starts[] = {"",          "received",      "accepted",
                                       "submitted", "handed_over",   "paper_received",
                                       "entry",     "publicity_end", NULL};
  GuideLimit *limit = make (reader, sizeof *limit);
  limit->kind = kind;
  limit->text = json_object_get (json, "text");
  limit->basis = read_basis (reader, json_object_get (json, "basis"), place);
  limit->unknown = flag_of (json, "unknown");
  if (limit->unknown)
    return limit;
  limit->unit = need_word (reader, units, json, "unit", place);
  limit->value = count_of (json, "value", 0);
  limit->start = MAX (index_of (starts, text_of (json, "start")), 0);
  const json_t *window = json_object_get (json, "window");
  limit->from = text_of (window, "from");
  limit->to = text_of (window, "to");
  limit->every = text_of (window, "every");
  if (limit->unit == GUIDE_UNIT_BATCH && limit->to == NULL)
    guide_read_refuse (reader, place, "a batch has no last day");
  if (limit->unit <= GUIDE_UNIT_HOUR && limit->value == 0)
    guide_read_refuse (reader, place, "has no number");
  return limit;
}

static void
read_limits (GuideReader *reader, GuideService *service, const char *place)
{
  static const char *const kinds[] = {"statutory", "promised", "intake", "publicity"};
  const json_t *limits = json_object_get (service->json, "limits");
  service->limits = guide_read_array (reader);
  for (guint kind = 0; kind < G_N_ELEMENTS (kinds); kind++) {
    const json_t *member = json_object_get (limits, kinds[kind]);
    gboolean several = json_is_array (member);
    gsize n = several ? json_array_size (member) : member != NULL;
    for (gsize i = 0; i < n; i++) {
      g_autofree char *pointer = several ? g_strdup_printf ("/limits/%s/%zu", kinds[kind], i)
                                         : g_strdup_printf ("/limits/%s", kinds[kind]);
      g_autofree char *where = g_strconcat (place, pointer, NULL);
      const json_t *json = several ? json_array_get (member, i) : member;
      GuideLimit *limit = (GuideLimit *)read_limit (reader, json, kind, where);
      limit->unconfirmed = touched (service->json, pointer);
      g_ptr_array_add (service->limits, limit);
    }
  }
}

/* --- Fields and forms ---------------------------------------------------------------------------
 */

static const char *const field_types[] = {"text",
                                          "multiline",
                                          "name",
                                          "name-mrz",
                                          "integer",
                                          "decimal",
                                          "date",
                                          "choice",
                                          "multichoice",
                                          "bool",
                                          "id-cn",
                                          "residence-permit",
                                          "travel-permit",
                                          "permanent-card",
                                          "passport",
                                          "mrz",
                                          "uscc",
                                          "mobile",
                                          "phone",
                                          "email",
                                          "country",
                                          "region",
                                          "file",
                                          "signature",
                                          NULL};

const char *
guide_field_type_word (GuideFieldType type)
{
  return field_types[type];
}

static void
read_options (GuideReader *reader, GuideField *field, const json_t *json, const char *place)
{
  const json_t *list = json_object_get (json, "options");
  field->options = guide_read_array (reader);
  for (gsize i = 0; i < json_array_size (list); i++) {
    const json_t *item = json_array_get (list, i);
    GuideOption *option = make (reader, sizeof *option);
    option->value = text_of (item, "value");
    option->label = need_text (reader, item, "label", place);
    option->note = json_object_get (item, "note");
    option->proof = json_object_get (item, "proof");
    option->heading = json_object_get (item, "heading");
    if (option->value == NULL)
      guide_read_refuse (reader, place, "an option has no value");
    g_ptr_array_add (field->options, option);
  }
  for (guint i = 0; list == NULL && reader->facts != NULL && i < reader->facts->len; i++) {
    const GuideField *fact = g_ptr_array_index (reader->facts, i);
    if (g_strcmp0 (fact->id, field->fact) == 0 && fact->type == field->type)
      field->options = fact->options;
  }
  gboolean choice = field->type == GUIDE_FIELD_CHOICE || field->type == GUIDE_FIELD_MULTICHOICE;
  if (choice != (field->options->len > 0))
    guide_read_refuse (reader, place, "options belong to choices, and to them alone");
}

/* A limit of a field, written as text or as a number. */
static const char *
bound_of (GuideReader *reader, const json_t *json, const char *key)
{
  const json_t *value = json_object_get (json, key);
  if (!json_is_integer (value))
    return json_string_value (value);
  char *text = g_strdup_printf ("%" JSON_INTEGER_FORMAT, json_integer_value (value));
  g_ptr_array_add (reader->memory, text);
  return text;
}

GuideField *
guide_read_field (GuideReader *reader, const json_t *json, const char *place)
{
  GuideField *field = make (reader, sizeof *field);
  field->id = need_id (reader, json, place);
  field->type = need_word (reader, field_types, json, "type", place);
  field->label = need_text (reader, json, "label", place);
  field->help = json_object_get (json, "help");
  field->why = json_object_get (json, "why");
  field->error = json_object_get (json, "error");
  field->required = flag_of (json, "required");
  field->visible_if = rule_of (reader, json, "visible_if", place);
  field->valid_if = rule_of (reader, json, "valid_if", place);
  field->fact = text_of (json, "fact");
  field->sensitive = flag_of (json, "sensitive");
  field->min = bound_of (reader, json, "min");
  field->max = bound_of (reader, json, "max");
  field->max_length =
      count_of (json, "max_length",
                field->type == GUIDE_FIELD_MULTILINE ? MULTILINE_MAX_LENGTH : DEFAULT_MAX_LENGTH);
  field->pattern = text_of (json, "pattern");
  field->page = text_of (json, "page");
  if (field->page == NULL)
    field->page = field->id;
  field->detail = flag_of (json, "detail");
  field->cost = MAX (count_of (json, "cost", 1), 1);
  if (field->max_length == 0)
    guide_read_refuse (reader, place, "max_length is 0");
  if (field->pattern != NULL) {
    g_autoptr (GRegex) regex = g_regex_new (field->pattern, G_REGEX_ANCHORED, 0, NULL);
    if (regex == NULL)
      guide_read_refuse (reader, place, "the pattern is no regular expression");
  }
  read_options (reader, field, json, place);
  return field;
}

static void
read_form (GuideReader *reader, GuideService *service, const char *place)
{
  static const char *const parts[] = {"answers", "applicant", "on_behalf", NULL};
  const json_t *form = json_object_get (service->json, "form");
  service->form = guide_read_array (reader);
  for (gsize i = 0; i < json_array_size (form); i++) {
    g_autofree char *where = g_strdup_printf ("%s/form/%zu", place, i);
    const json_t *json = json_array_get (form, i);
    GuideSection *section = make (reader, sizeof *section);
    section->id = need_id (reader, json, where);
    section->title = need_text (reader, json, "title", where);
    section->help = json_object_get (json, "help");
    section->part = json_object_get (json, "part") == NULL
                        ? GUIDE_PART_ANSWERS
                        : need_word (reader, parts, json, "part", where);
    section->visible_if = rule_of (reader, json, "visible_if", where);
    section->fields = guide_read_array (reader);
    const json_t *fields = json_object_get (json, "fields");
    for (gsize k = 0; k < json_array_size (fields); k++) {
      g_autofree char *field_place = g_strdup_printf ("%s/fields/%zu", where, k);
      g_ptr_array_add (section->fields,
                       guide_read_field (reader, json_array_get (fields, k), field_place));
    }
    g_ptr_array_add (service->form, section);
  }
}

/* --- Materials, steps and the rest of a service -------------------------------------------------
 */

static guint
read_forms (GuideReader *reader, const json_t *json, const char *place)
{
  static const char *const forms[] = {"original_shown", "original",  "copy",        "copy_stamped",
                                      "e_doc",          "e_licence", "shared_data", NULL};
  const json_t *list = json_object_get (json, "form");
  guint bits = 0;
  for (gsize i = 0; i < json_array_size (list); i++) {
    int found = index_of (forms, json_string_value (json_array_get (list, i)));
    if (found < 0)
      guide_read_refuse (reader, place, "asks for a form that we do not know");
    else
      bits |= 1u << found;
  }
  return bits;
}

static void
read_material (GuideReader *reader, GuideService *service, gsize index, const json_t *json,
               const char *place)
{
  static const char *const required[] = {"always", "if", "optional", "exempt", NULL};
  static const char *const any_file[] = {"application/pdf", "image/jpeg", "image/png", NULL};
  GuideMaterial *material = make (reader, sizeof *material);
  material->id = need_id (reader, json, place);
  material->name = need_text (reader, json, "name", place);
  material->required = need_word (reader, required, json, "required", place);
  material->when = rule_of (reader, json, "when", place);
  material->when_text = json_object_get (json, "when_text");
  material->forms = read_forms (reader, json, place);
  const json_t *copies = json_object_get (json, "copies");
  material->original_copies = count_of (copies, "original", 0);
  material->copies = count_of (copies, "copy", 0);
  material->issuer = json_object_get (json, "issuer");
  material->notes = json_object_get (json, "notes");
  material->accept =
      json_object_get (json, "accept") == NULL ? any_file : words_of (reader, json, "accept");
  material->max_bytes = count_of (json, "max_bytes", DEFAULT_MAX_BYTES);
  material->max_documents = MAX (count_of (json, "max_documents", DEFAULT_MAX_DOCUMENTS), 1);
  material->valid_days = count_of (json, "valid_days", 0);
  material->deferrable_days = count_of (json, "deferrable", 0);
  material->declaration = flag_of (json, "declaration");
  material->authentication =
      g_strcmp0 (text_of (json, "authentication"), "apostille_or_consular") == 0;
  material->translation = flag_of (json, "translation");
  material->consent = text_of (json, "consent");
  material->basis = read_bases (reader, json, place);
  g_autofree char *pointer = g_strdup_printf ("/materials/%zu", index);
  material->unconfirmed = touched (service->json, pointer);
  if (material->required == GUIDE_REQUIRED_IF && material->when == NULL)
    guide_read_refuse (reader, place, "is required if, but has no when");
  g_ptr_array_add (service->materials, material);
}

static void
read_step (GuideReader *reader, GuideService *service, gsize index, const json_t *json,
           const char *place)
{
  GuideStep *step = make (reader, sizeof *step);
  step->id = need_id (reader, json, place);
  step->name = need_text (reader, json, "name", place);
  step->standard = json_object_get (json, "standard");
  step->by = text_of (json, "by");
  const json_t *limit = json_object_get (json, "limit");
  step->limit = limit == NULL ? NULL : read_limit (reader, limit, GUIDE_LIMIT_PROMISED, place);
  step->counts = !json_is_false (json_object_get (json, "counts"));
  g_autofree char *pointer = g_strdup_printf ("/steps/%zu", index);
  step->unconfirmed = touched (service->json, pointer);
  g_ptr_array_add (service->steps, step);
}

static GuideContact *
read_contact (GuideReader *reader, const json_t *json, gboolean unconfirmed)
{
  GuideContact *contact = make (reader, sizeof *contact);
  contact->role = text_of (json, "role");
  contact->name = text_of (json, "name");
  contact->tel = text_of (json, "tel");
  contact->place = json_object_get (json, "place");
  contact->unconfirmed = unconfirmed || (contact->name == NULL && contact->tel == NULL);
  return contact;
}

static void
read_channel_result_contact (GuideReader *reader, GuideService *service, const char *place)
{
  const json_t *list = json_object_get (service->json, "channels");
  service->channels = guide_read_array (reader);
  for (gsize i = 0; i < json_array_size (list); i++) {
    const json_t *json = json_array_get (list, i);
    GuideChannel *channel = make (reader, sizeof *channel);
    channel->type = text_of (json, "type");
    channel->where = json_object_get (json, "where");
    channel->hours = json_object_get (json, "hours");
    channel->traffic = json_object_get (json, "traffic");
    channel->url = text_of (json, "url");
    g_autofree char *pointer = g_strdup_printf ("/channels/%zu", i);
    channel->unconfirmed = touched (service->json, pointer);
    g_ptr_array_add (service->channels, channel);
  }
  list = json_object_get (service->json, "results");
  service->results = guide_read_array (reader);
  for (gsize i = 0; i < json_array_size (list); i++) {
    const json_t *json = json_array_get (list, i);
    GuideResult *result = make (reader, sizeof *result);
    result->name = need_text (reader, json, "name", place);
    result->type = text_of (json, "type");
    result->delivery = words_of (reader, json, "delivery");
    result->valid = text_of (json, "valid");
    g_autofree char *pointer = g_strdup_printf ("/results/%zu", i);
    result->unconfirmed = touched (service->json, pointer);
    g_ptr_array_add (service->results, result);
  }
  list = json_object_get (service->json, "contacts");
  service->contacts = guide_read_array (reader);
  for (gsize i = 0; i < json_array_size (list); i++) {
    g_autofree char *pointer = g_strdup_printf ("/contacts/%zu", i);
    g_ptr_array_add (service->contacts, read_contact (reader, json_array_get (list, i),
                                                      touched (service->json, pointer)));
  }
}

static void
read_fees (GuideReader *reader, GuideService *service, const char *place)
{
  const json_t *fees = json_object_get (service->json, "fees");
  service->fees_stated = fees != NULL;
  service->charged = flag_of (fees, "charged");
  service->fees_unconfirmed = touched (service->json, "/fees");
  service->fees = guide_read_array (reader);
  const json_t *items = json_object_get (fees, "items");
  for (gsize i = 0; i < json_array_size (items); i++) {
    const json_t *json = json_array_get (items, i);
    GuideFee *fee = make (reader, sizeof *fee);
    fee->name = need_text (reader, json, "name", place);
    fee->amount = text_of (json, "amount");
    fee->basis = read_basis (reader, json_object_get (json, "basis"), place);
    g_ptr_array_add (service->fees, fee);
  }
}

static void
read_aliases (GuideReader *reader, GuideService *service, const char *place)
{
  const json_t *list = json_object_get (service->json, "aliases");
  service->aliases = guide_read_array (reader);
  for (gsize i = 0; i < json_array_size (list); i++) {
    const json_t *json = json_array_get (list, i);
    GuideAlias *alias = make (reader, sizeof *alias);
    alias->name = need_text (reader, json, "name", place);
    alias->from = text_of (json, "from");
    alias->to = text_of (json, "to");
    g_ptr_array_add (service->aliases, alias);
  }
}

static void
read_processing (GuideService *service)
{
  const json_t *json = json_object_get (service->json, "processing");
  service->in_person = count_of (json, "in_person", 0);
  service->in_person_reason = json_object_get (json, "in_person_reason");
  service->green_channel = flag_of (json, "green_channel");
  service->escort = flag_of (json, "escort");
  service->appointment = flag_of (json, "appointment");
  service->on_the_spot = g_strcmp0 (text_of (json, "type"), "on_the_spot") == 0;
  service->scope = json_object_get (json, "scope");
}

static void
read_applicants (GuideReader *reader, GuideService *service)
{
  const char *const *kinds = words_of (reader, service->json, "applicants");
  service->for_talent = index_of (kinds, "talent") >= 0;
  service->for_employer = index_of (kinds, "employer") >= 0;
  service->for_agent = index_of (kinds, "agent") >= 0;
}

static void
read_words (GuideReader *reader, GuideService *service, const char *place)
{
  static const char *const modes[] = {"", "direct", "on_behalf", "precheck", "consult", NULL};
  static const char *const groups[] = {"",        "qualification", "benefit",
                                       "startup", "consulting",    NULL};
  const json_t *json = service->json;
  service->group = need_word (reader, groups, json, "kind", place);
  service->intake_mode =
      json_object_get (json, "intake_mode") == NULL
          ? GUIDE_INTAKE_NONE
          : (GuideIntakeMode)need_word (reader, modes, json, "intake_mode", place);
  service->short_name = json_object_get (json, "short");
  service->summary = json_object_get (json, "summary");
  service->disabled_reason = json_object_get (json, "disabled_reason");
  service->not_accepted = json_object_get (json, "not_accepted");
  service->quota = json_object_get (json, "quota");
  const json_t *formal = json_object_get (json, "formal_application");
  service->formal_application = json_object_get (formal, "text");
  service->formal_url = text_of (formal, "url");
  service->rights = json_object_get (json, "rights");
  service->remedies = json_object_get (json, "remedies");
  service->queue = text_of (json, "queue");
  service->department = text_of (json_object_get (json, "authority"), "dept");
  service->notice = text_of (json, "notice");
  service->consents = words_of (reader, json, "consents");
  service->excludes = words_of (reader, json, "excludes");
  service->requires = words_of (reader, json, "requires");
  service->choose_one = json_object_get (json_object_get (json, "choose_one"), "text");
}

static void
read_answers (GuideReader *reader, GuideService *service, const char *place)
{
  const json_t *faq = json_object_get (service->json, "faq");
  const json_t *complaints = json_object_get (service->json, "complaints");
  service->faq = guide_read_array (reader);
  for (gsize i = 0; i < json_array_size (faq); i++) {
    g_autofree char *where = g_strdup_printf ("%s/faq/%zu", place, i);
    GuideFaq *pair = make (reader, sizeof *pair);
    pair->question = need_text (reader, json_array_get (faq, i), "q", where);
    pair->answer = need_text (reader, json_array_get (faq, i), "a", where);
    g_ptr_array_add (service->faq, pair);
  }
  service->complaints = guide_read_array (reader);
  for (gsize i = 0; i < json_array_size (complaints); i++) {
    const json_t *json = json_array_get (complaints, i);
    GuideComplaint *complaint = make (reader, sizeof *complaint);
    complaint->place = json_object_get (json, "place");
    complaint->tel = text_of (json, "tel");
    complaint->url = text_of (json, "url");
    g_ptr_array_add (service->complaints, complaint);
  }
}

GuideService *
guide_read_service (GuideReader *reader, const json_t *json, const char *place)
{
  GuideService *service = make (reader, sizeof *service);
  service->json = json;
  service->id = need_id (reader, json, place);
  service->name = need_text (reader, json, "name", place);
  service->enabled = flag_of (json, "enabled");
  service->basis = read_bases (reader, json, place);
  if (service->basis->len == 0)
    guide_read_refuse (reader, place, "has no basis");
  read_words (reader, service, place);
  read_aliases (reader, service, place);
  read_applicants (reader, service);
  read_processing (service);
  read_limits (reader, service, place);
  read_form (reader, service, place);
  read_fees (reader, service, place);
  read_channel_result_contact (reader, service, place);
  read_answers (reader, service, place);

  service->steps = guide_read_array (reader);
  service->materials = guide_read_array (reader);
  const json_t *steps = json_object_get (json, "steps");
  for (gsize i = 0; i < json_array_size (steps); i++) {
    g_autofree char *where = g_strdup_printf ("%s/steps/%zu", place, i);
    read_step (reader, service, i, json_array_get (steps, i), where);
  }
  const json_t *materials = json_object_get (json, "materials");
  for (gsize i = 0; i < json_array_size (materials); i++) {
    g_autofree char *where = g_strdup_printf ("%s/materials/%zu", place, i);
    read_material (reader, service, i, json_array_get (materials, i), where);
  }
  json_t *eligibility = json_object_get (json, "eligibility");
  if (eligibility != NULL && reader->error == NULL) {
    g_autofree char *where = g_strdup_printf ("%s/eligibility", place);
    service->eligibility = criterion_set_add (reader->criteria, eligibility, where, &reader->error);
  }
  service->complete = service->enabled && service->form->len > 0 && service->materials->len > 0 &&
                      service->notice != NULL;
  return service;
}

/* --- Departments, notices, consents --------------------------------------------------------------
 */

GuideDepartment *
guide_read_department (GuideReader *reader, const json_t *json, const char *place)
{
  GuideDepartment *department = make (reader, sizeof *department);
  department->id = need_id (reader, json, place);
  department->name = need_text (reader, json, "name", place);
  department->office = json_object_get (json, "office");
  department->task = json_object_get (json, "task");
  department->leader = text_of (json, "leader");
  department->unconfirmed = flag_of (json, "unconfirmed");
  department->specialists = guide_read_array (reader);
  const json_t *list = json_object_get (json, "specialists");
  for (gsize i = 0; i < json_array_size (list); i++)
    g_ptr_array_add (department->specialists,
                     read_contact (reader, json_array_get (list, i), FALSE));
  return department;
}

GuideNotice *
guide_read_notice (GuideReader *reader, const json_t *json, const char *place)
{
  static const char *const keys[] = {"who",      "why",    "what",   "to_whom",
                                     "how_long", "rights", "contact"};
  GuideNotice *notice = make (reader, sizeof *notice);
  notice->id = need_id (reader, json, place);
  notice->version = text_of (json, "version");
  notice->title = need_text (reader, json, "title", place);
  notice->text = need_text (reader, json, "text", place);
  notice->parts = guide_read_array (reader);
  if (notice->version == NULL)
    guide_read_refuse (reader, place, "has no version");
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++) {
    g_autofree char *where = g_strdup_printf ("%s/%s", place, keys[i]);
    const json_t *member = json_object_get (json, keys[i]);
    GuideNoticePart *part = make (reader, sizeof *part);
    part->title = need_text (reader, member, "title", where);
    part->text = need_text (reader, member, "text", where);
    g_ptr_array_add (notice->parts, part);
  }
  return notice;
}

GuideConsent *
guide_read_consent (GuideReader *reader, const json_t *json, const char *place)
{
  GuideConsent *consent = make (reader, sizeof *consent);
  consent->id = need_id (reader, json, place);
  consent->version = text_of (json, "version");
  consent->title = need_text (reader, json, "title", place);
  consent->text = need_text (reader, json, "text", place);
  consent->if_refused = need_text (reader, json, "if_refused", place);
  consent->required = flag_of (json, "required");
  consent->when = rule_of (reader, json, "when", place);
  if (consent->version == NULL)
    guide_read_refuse (reader, place, "has no version");
  return consent;
}
