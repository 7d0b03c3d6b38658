/* guide.h: one Service Guide document, read and immutable.
 *
 * A guide is the JSON of assets/guide/guide.schema.json: departments, services, facts, criteria,
 * categories, notices and consents in two languages. guide_parse reads the bytes once; everything
 * reached from a Guide is borrowed and lives as long as the last reference to it. The structs are
 * read-only for everybody but guide.c: arrays are GPtrArray of the named struct, never NULL.
 *
 * What the guide does not state is a NULL text, an empty array or an `unknown` limit; what it
 * states without confirmation has `unconfirmed` TRUE. Both are shown as guide_unconfirmed_text.
 *
 * Languages are "zh_CN" or "zh-CN", "en", ...; zh-CN is complete, others fall back to it. */
#pragma once

#include <glib.h>
#include <jansson.h>

#include "domain/criterion.h"
#include "domain/logic.h"

#define GUIDE_MAX_BYTES (2u * 1024 * 1024)
#define GUIDE_MAX_VALUES 100000 /* objects, lists and their members */

typedef struct _Guide Guide;
typedef json_t GuideText; /* a string, or an object {"zh-CN", "en"}; NULL is "not stated" */

typedef enum {
  GUIDE_GROUP_QUALIFICATION = 1, /* Article 4 (一) 资格认定 */
  GUIDE_GROUP_BENEFIT = 2,       /* (二) 待遇落实 */
  GUIDE_GROUP_STARTUP = 3,       /* (三) 创业服务 */
  GUIDE_GROUP_CONSULTING = 4     /* (四) 咨询服务 */
} GuideGroup;

typedef enum {
  GUIDE_INTAKE_NONE,      /* not taken in at a kiosk: name, group and basis only */
  GUIDE_INTAKE_DIRECT,    /* decided by the centre itself */
  GUIDE_INTAKE_ON_BEHALF, /* taken in on behalf of a department */
  GUIDE_INTAKE_PRECHECK,  /* papers are readied here, the formal application goes elsewhere */
  GUIDE_INTAKE_CONSULT    /* a question, answered */
} GuideIntakeMode;

typedef enum {
  GUIDE_STATUS_IN_FORCE,
  GUIDE_STATUS_REPLACED,
  GUIDE_STATUS_TO_CONFIRM /* shown as 「现行有效情况待确认」; also where none is given */
} GuideBasisStatus;

typedef struct {
  const GuideText *title;
  const char *number;  /* "苏人才〔2018〕3号", or NULL */
  const char *article; /* "第四条（一）", or NULL */
  const char *url;
  GuideBasisStatus status;
} GuideBasis;

typedef enum {
  GUIDE_UNIT_WORKDAY,
  GUIDE_UNIT_CALENDAR_DAY,
  GUIDE_UNIT_MONTH,
  GUIDE_UNIT_HOUR,
  GUIDE_UNIT_IMMEDIATE, /* on the spot: value is 0 */
  GUIDE_UNIT_BATCH      /* a window of days: from, to, every */
} GuideUnit;

typedef enum {
  GUIDE_START_UNSTATED,
  GUIDE_START_RECEIVED,
  GUIDE_START_ACCEPTED,
  GUIDE_START_SUBMITTED,
  GUIDE_START_HANDED_OVER,
  GUIDE_START_PAPER_RECEIVED,
  GUIDE_START_ENTRY,
  GUIDE_START_PUBLICITY_END
} GuideStart;

/* What a limit binds. A service has any number of limits, each with its own `text` where it holds
 * for some cases only. */
typedef enum {
  GUIDE_LIMIT_STATUTORY,
  GUIDE_LIMIT_PROMISED,
  GUIDE_LIMIT_INTAKE, /* until when somebody may apply, or what intake promises */
  GUIDE_LIMIT_PUBLICITY
} GuideLimitKind;

typedef struct {
  GuideLimitKind kind;
  gboolean unknown; /* the honest limit: nothing else but `text` is set */
  GuideUnit unit;
  guint value;
  GuideStart start;
  const char *from, *to, *every; /* batch: "MM-DD", "DD" or "YYYY-MM-DD"; month, year, once */
  const GuideText *text;         /* for which cases, in words; or NULL */
  const GuideBasis *basis;       /* or NULL */
  gboolean unconfirmed;
} GuideLimit;

typedef struct {
  const char *id;
  const GuideText *name;
  const GuideText *standard; /* what is looked at in this step, or NULL */
  const char *by;            /* a department's id, "applicant", "employer", or NULL */
  const GuideLimit *limit;   /* or NULL */
  gboolean counts;           /* FALSE: special step or supplement, not counted */
  gboolean unconfirmed;
} GuideStep;

typedef enum {
  GUIDE_REQUIRED_ALWAYS,
  GUIDE_REQUIRED_IF, /* `when` decides */
  GUIDE_REQUIRED_OPTIONAL,
  GUIDE_REQUIRED_EXEMPT /* named, but not asked for: shared data */
} GuideRequired;

enum {
  GUIDE_FORM_ORIGINAL_SHOWN = 1 << 0,
  GUIDE_FORM_ORIGINAL = 1 << 1,
  GUIDE_FORM_COPY = 1 << 2,
  GUIDE_FORM_COPY_STAMPED = 1 << 3,
  GUIDE_FORM_E_DOC = 1 << 4,
  GUIDE_FORM_E_LICENCE = 1 << 5,
  GUIDE_FORM_SHARED_DATA = 1 << 6
};

/* A material is a slot of the documents list: `id` is the slot's name in files and on paper. */
typedef struct {
  const char *id;
  const GuideText *name;
  GuideRequired required;
  const LogicRule *when;      /* over the form's answers, ternary; or NULL */
  const GuideText *when_text; /* the same in words, or NULL */
  guint forms;                /* GUIDE_FORM_* */
  guint original_copies, copies;
  const GuideText *issuer, *notes;
  const char *const
      *accept;             /* media types, NULL-terminated; "application/pdf", "image/jpeg", ... */
  guint64 max_bytes;       /* of one document */
  guint max_documents;     /* documents in this slot, at least 1 */
  guint valid_days;        /* age limit, 0 none stated */
  guint deferrable_days;   /* 容缺: may follow within so many days; 0 not */
  gboolean declaration;    /* 告知承诺: a declaration replaces it */
  gboolean authentication; /* by apostille or consulate, if made abroad */
  gboolean translation;    /* into Chinese, if in another language */
  const char *consent;     /* id of the consent that this document needs, or NULL */
  GPtrArray *basis;        /* GuideBasis */
  gboolean unconfirmed;
} GuideMaterial;

typedef enum {
  GUIDE_FIELD_TEXT,
  GUIDE_FIELD_MULTILINE,
  GUIDE_FIELD_NAME,     /* a person's name as written by its owner, Han or other letters */
  GUIDE_FIELD_NAME_MRZ, /* as in the passport's machine-readable zone: A to Z and blanks */
  GUIDE_FIELD_INTEGER,
  GUIDE_FIELD_DECIMAL,
  GUIDE_FIELD_DATE, /* "2026-11-23" */
  GUIDE_FIELD_CHOICE,
  GUIDE_FIELD_MULTICHOICE, /* array of option values */
  GUIDE_FIELD_BOOL,
  GUIDE_FIELD_ID_CN,
  GUIDE_FIELD_RESIDENCE_PERMIT,
  GUIDE_FIELD_TRAVEL_PERMIT,
  GUIDE_FIELD_PERMANENT_CARD,
  GUIDE_FIELD_PASSPORT,
  GUIDE_FIELD_MRZ,
  GUIDE_FIELD_USCC,
  GUIDE_FIELD_MOBILE,
  GUIDE_FIELD_PHONE,
  GUIDE_FIELD_EMAIL,
  GUIDE_FIELD_COUNTRY, /* ISO 3166-1 alpha-3 */
  GUIDE_FIELD_REGION,
  GUIDE_FIELD_FILE,
  GUIDE_FIELD_SIGNATURE
} GuideFieldType;

typedef struct {
  const char *value;
  const GuideText *label;
  const GuideText *note;    /* a line under the label, or NULL */
  const GuideText *proof;   /* what shows it (a title's document), or NULL */
  const GuideText *heading; /* heading that starts at this option in a long list, or NULL */
} GuideOption;

/* A field of a form, or (in guide_facts) a question of the eligibility check. */
typedef struct {
  const char *id;
  GuideFieldType type;
  const GuideText *label; /* of a fact: the question */
  const GuideText *help;
  const GuideText *why;   /* of a fact: why we ask, always shown */
  const GuideText *error; /* what to say when `valid_if` fails, or NULL */
  gboolean required;
  const LogicRule *visible_if, *valid_if; /* strict, over the answers; or NULL */
  GPtrArray *options;                     /* GuideOption, in order; empty where not a choice */
  const char *fact;                       /* the fact that it fills, or NULL */
  gboolean sensitive;                     /* masked when the field loses focus */
  const char *min, *max;                  /* inclusive, as text; or NULL */
  guint max_length;                       /* characters; at least 1 */
  const char *pattern;                    /* GRegex over the whole text, or NULL */
  const char *page;                       /* of a fact: those with one page are asked together */
  gboolean detail;                        /* of a fact: asked only in the check of one service */
  guint cost;                             /* of a fact: 1 tap, 2 date or number, 5 paper */
} GuideField;

/* Where the answers of a section go in the sealed body. */
typedef enum { GUIDE_PART_ANSWERS, GUIDE_PART_APPLICANT, GUIDE_PART_ON_BEHALF } GuidePart;

typedef struct {
  const char *id;
  const GuideText *title;
  const GuideText *help;
  GuidePart part;
  const LogicRule *visible_if; /* or NULL */
  GPtrArray *fields;           /* GuideField */
} GuideSection;

typedef struct {
  const GuideText *name;
  const char *amount; /* yuan, decimal text */
  const GuideBasis *basis;
} GuideFee;

typedef struct {
  const char *type; /* kiosk, window, web, hotline, wechat */
  const GuideText *where, *hours, *traffic;
  const char *url;
  gboolean unconfirmed;
} GuideChannel;

typedef struct {
  const GuideText *name;
  const char *type;            /* certificate, approval, letter, payment, record, none */
  const char *const *delivery; /* pickup, post, electronic, kiosk_print; NULL-terminated */
  const char *valid;
  gboolean unconfirmed;
} GuideResult;

/* A contact without a name and telephone is one that the centre has not filed yet. */
typedef struct {
  const char *role; /* A, B, window, hotline */
  const char *name, *tel;
  const GuideText *place;
  gboolean unconfirmed;
} GuideContact;

typedef struct {
  const GuideText *question, *answer;
} GuideFaq;

/* Where to complain; any of the three may be NULL. */
typedef struct {
  const GuideText *place;
  const char *tel, *url;
} GuideComplaint;

typedef struct {
  const char *id;
  const GuideText *name;
  const GuideText *office;
  const GuideText *task; /* what Articles 3 and 10 give it, or NULL */
  const char *leader;
  GPtrArray *specialists; /* GuideContact, roles A and B */
  gboolean unconfirmed;
} GuideDepartment;

typedef struct {
  const GuideText *title, *text;
} GuideNoticePart;

/* 告知书. `parts` hold, in this order and never fewer: who, why, what, to whom, how long, rights,
 * contact; a title and a text each. */
typedef struct {
  const char *id;
  const char *version;
  const GuideText *title, *text; /* text: the opening sentence */
  GPtrArray *parts;              /* GuideNoticePart */
} GuideNotice;

typedef struct {
  const char *id;
  const char *version;
  const GuideText *title, *text;
  const GuideText *if_refused; /* what then happens */
  gboolean required;           /* FALSE: may be refused, and the service is still done */
  const LogicRule *when;       /* over the answers: only then asked; or NULL */
} GuideConsent;

typedef struct {
  const GuideText *name;
  const char *from, *to; /* "2026-11-23" or NULL */
} GuideAlias;

typedef struct {
  const char *id;
  const GuideText *name, *short_name, *summary;
  GuideGroup group;
  GPtrArray *basis;   /* GuideBasis, at least one */
  GPtrArray *aliases; /* GuideAlias */
  gboolean enabled;   /* FALSE: listed, but not offered (may not exist any more) */
  const GuideText *disabled_reason;
  GuideIntakeMode intake_mode;
  gboolean complete;      /* has form, materials and notice: may be applied for at a kiosk */
  const char *queue;      /* window family "A", "B", "C" */
  const char *department; /* id, or NULL */
  gboolean for_talent, for_employer, for_agent; /* who may apply */
  const Criterion *eligibility;                 /* or NULL */
  const GuideText *not_accepted, *quota, *scope, *formal_application, *rights, *remedies;
  const char *formal_url; /* precheck: where the formal application goes; or NULL */
  guint in_person;        /* visits in person */
  const GuideText *in_person_reason;
  gboolean green_channel, escort, appointment, on_the_spot;
  GPtrArray *steps;     /* GuideStep */
  GPtrArray *materials; /* GuideMaterial */
  GPtrArray *form;      /* GuideSection */
  GPtrArray *limits;    /* GuideLimit, statutory first, then promised */
  gboolean fees_stated, charged;
  gboolean fees_unconfirmed;
  GPtrArray *fees;             /* GuideFee */
  GPtrArray *channels;         /* GuideChannel */
  GPtrArray *results;          /* GuideResult */
  GPtrArray *contacts;         /* GuideContact */
  const char *notice;          /* id of its notice, or NULL */
  const char *const *consents; /* ids, NULL-terminated, in the order in which they are asked */
  const char *const *excludes; /* services that exclude this one; NULL-terminated */
  const char *const *requires; /* services that come first; NULL-terminated */
  const GuideText *choose_one; /* of several schemes one may be chosen, in words; or NULL */
  GPtrArray *faq;              /* GuideFaq */
  GPtrArray *complaints;       /* GuideComplaint */
  const json_t *json;          /* the service as it stands in the document */
} GuideService;

/* Reads a document of at most GUIDE_MAX_BYTES. INVALID with the JSON pointer and the reason: what
 * the structs above need, references, rules that logic.h refuses. Owned. */
Guide *guide_parse (const void *bytes, gsize length, GError **error);
Guide *guide_ref (Guide *guide);
void guide_unref (Guide *guide);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Guide, guide_unref)

/* Lower-case hex SHA-256 of the bytes: the document's name, pinned by cases. */
const char *guide_peek_sha256 (const Guide *guide);
guint guide_version (const Guide *guide);
const char *guide_peek_scope (const Guide *guide);     /* "320500" */
const char *guide_peek_published (const Guide *guide); /* RFC 3339 */
const char *guide_peek_effective (const Guide *guide); /* "2026-11-23" */
const json_t *guide_peek_json (const Guide *guide);

/* All of them, in the order of the document. Arrays of GuideService, GuideDepartment, GuideField.
 */
const GPtrArray *guide_services (const Guide *guide);
const GPtrArray *guide_departments (const Guide *guide);
const GPtrArray *guide_facts (const Guide *guide);
/* Article 2: criteria (一), (二), (三), in order. Array of Criterion. */
const GPtrArray *guide_categories (const Guide *guide);

/* By id; NULL if the guide has none. */
const GuideService *guide_service (const Guide *guide, const char *id);
const GuideDepartment *guide_department (const Guide *guide, const char *id);
const GuideField *guide_fact (const Guide *guide, const char *id);
const GuideNotice *guide_notice (const Guide *guide, const char *id);
const GuideConsent *guide_consent (const Guide *guide, const char *id);

/* Services of one group in the document's order. Array of GuideService; free with
 * g_ptr_array_unref. */
GPtrArray *guide_group (const Guide *guide, GuideGroup group);

/* The text in `language`; where the text lacks it, zh-CN, and *ret_fallback (may be NULL) is TRUE.
 * NULL for a NULL text. Borrowed. */
const char *guide_text (const GuideText *text, const char *language, gboolean *ret_fallback);

/* "以窗口答复为准，待市人才服务中心确认", or the same in `language`. Static. */
const char *guide_unconfirmed_text (const char *language);

/* TRUE if the service names `pointer` ("/limits/promised", relative to the service), or a place
 * above it, among its unconfirmed facts. */
gboolean guide_service_unconfirmed (const GuideService *service, const char *pointer);

/* A slot or field of a service; NULL if it has none of that name. */
const GuideMaterial *guide_material (const GuideService *service, const char *id);
const GuideField *guide_field (const GuideService *service, const char *id);

/* The first limit of `kind`, or NULL. */
const GuideLimit *guide_limit (const GuideService *service, GuideLimitKind kind);

/* "收件之日起 15 个工作日" / "15 working days from receipt"; an unknown limit gives
 * guide_unconfirmed_text. Owned. */
char *guide_limit_text (const GuideLimit *limit, const char *language);

/* Names of things in `language`. Static. */
const char *guide_group_name (GuideGroup group, const char *language);
const char *guide_intake_mode_word (GuideIntakeMode mode); /* "direct", ...; "none" */
const char *guide_field_type_word (GuideFieldType type);   /* the schema's word */
const char *guide_basis_status_text (GuideBasisStatus status, const char *language);
