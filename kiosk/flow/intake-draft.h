/* intake-draft.h: what an IntakeFlow is made of, for the three files of the intake flow alone. */
#pragma once

#include "flow/intake-flow.h"

#define INTAKE_DRAFT_SIGNATURE_SLOT "signature"

typedef struct {
  char *id;
  gboolean given;
  gint64 at;
} IntakeConsent;

struct _IntakeFlow {
  App *app;
  Guide *guide;
  const GuideService *service;
  char *language;
  json_t *answers;
  GPtrArray *documents; /* IntakeDocument, in the order of adding */
  GPtrArray *consents;  /* IntakeConsent */
  GBytes *signature;
  gint64 notice_at; /* 0: not read */
  guint section;    /* where in the form the person is */
  gboolean submitted;
};

/* The answer to a consent, or NULL. */
const IntakeConsent *intake_draft_consent (const IntakeFlow *flow, const char *id);

/* TRUE if the consent concerns these answers. */
gboolean intake_draft_is_asked (const IntakeFlow *flow, const GuideConsent *consent,
                                const char *today);

/* Overwrites and forgets what the person entered; the flow is empty again. */
void intake_draft_wipe (IntakeFlow *flow);
