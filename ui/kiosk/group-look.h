/* group-look.h: how the four groups of Article 4 look: a pictogram and a stable word each. */
#pragma once

#include "domain/guide.h"

const char *group_look_glyph (GuideGroup group);
const char *group_look_word (GuideGroup group); /* "qualification"... */
GuideGroup group_look_parse (const char *word); /* the first one for NULL or a stranger */
