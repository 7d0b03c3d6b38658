/* step-line.h: where one stands in a wizard: its name, "question 2 of 5", and as many bars. */
#pragma once

#include <gtk/gtk.h>

/* `words` is the whole text ("Check eligibility · Question 2 of at most 5"). Floating. */
GtkWidget *step_line_new (const char *words, int step, int of);
