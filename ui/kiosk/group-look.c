/* group-look.c: one table. */
#include "kiosk/group-look.h"

static const struct {
  const char *word, *glyph;
} looks[] = {[GUIDE_GROUP_QUALIFICATION] = {"qualification", "medal"},
             [GUIDE_GROUP_BENEFIT] = {"benefit", "benefit"},
             [GUIDE_GROUP_STARTUP] = {"startup", "startup"},
             [GUIDE_GROUP_CONSULTING] = {"consulting", "consult"}};

const char *
group_look_glyph (GuideGroup group)
{
  return looks[group].glyph;
}

const char *
group_look_word (GuideGroup group)
{
  return looks[group].word;
}

GuideGroup
group_look_parse (const char *word)
{
  for (int group = GUIDE_GROUP_QUALIFICATION; group <= GUIDE_GROUP_CONSULTING; group++)
    if (g_strcmp0 (looks[group].word, word) == 0)
      return group;
  return GUIDE_GROUP_QUALIFICATION;
}
